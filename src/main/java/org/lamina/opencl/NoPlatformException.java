package org.lamina.opencl;

/** Thrown when this system has no usable OpenCL platform; the message says how to install one. */
public final class NoPlatformException extends ClException {

  private static final long serialVersionUID = 1;

  NoPlatformException(String message) {
    super(message);
  }

  NoPlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
