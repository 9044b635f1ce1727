package org.lamina.opencl;

/**
 * One OpenCL object and how to release it. The only way to the object is {@link #get}, so that
 * nobody can hand a released one to a driver, which would crash the process.
 */
final class Owned<T> {

  private final T object;
  private final String name;
  private final Runnable release;
  private boolean open = true;

  /**
   * @param name what it is, for messages: {@code the buffer}
   */
  Owned(T object, String name, Runnable release) {
    this.object = object;
    this.name = name;
    this.release = release;
  }

  /**
   * Returns the object.
   *
   * @throws IllegalStateException if it was released
   */
  T get() {
    if (!open) {
      throw new IllegalStateException(name + " is closed");
    }
    return object;
  }

  String name() {
    return name;
  }

  /** Releases the object, the first time; does nothing later. */
  void release() {
    if (open) {
      open = false;
      release.run();
    }
  }
}
