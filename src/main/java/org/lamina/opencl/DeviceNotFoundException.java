package org.lamina.opencl;

/** Thrown when no device is what was asked for; the message lists those that there are. */
public final class DeviceNotFoundException extends ClException {

  private static final long serialVersionUID = 1;

  DeviceNotFoundException(String message) {
    super(message);
  }
}
