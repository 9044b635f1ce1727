package org.lamina.opencl;

/** Thrown when a device has not the memory that was asked for. */
public final class OutOfDeviceMemoryException extends ClException {

  private static final long serialVersionUID = 1;

  /** Bytes asked for. */
  private final long need;

  /** Bytes that there are. */
  private final long have;

  OutOfDeviceMemoryException(String message, long need, long have) {
    super(message);
    this.need = need;
    this.have = have;
  }

  /** Returns the bytes that the refused buffer needs. */
  public long need() {
    return need;
  }

  /**
   * Returns the most bytes that the device could have given to it: the smaller of what one buffer
   * may hold and what is not yet allocated. A driver may refuse less than that, because other
   * programs use the device too.
   */
  public long have() {
    return have;
  }
}
