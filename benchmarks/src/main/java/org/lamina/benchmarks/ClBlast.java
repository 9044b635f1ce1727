package org.lamina.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.lamina.opencl.Device;

/** Products of square matrices by CLBlast, if it is installed, on Lamina's default device. */
final class ClBlast implements AutoCloseable {

  private static final long ALL_DEVICES = 0xFFFFFFFFL;
  private static final int DEVICE_NAME = 0x102B;
  private static final long READ_WRITE = 1;
  private static final int MOST = 16;
  private static final int ROW_MAJOR = 101;
  private static final int AS_IT_IS = 111;
  private static final int TRANSPOSED = 112;

  private final NativeLibrary opencl;
  private final Function multiply;
  private final int size;
  private final Pointer context;
  private final Pointer queue;
  private final Pointer[] buffers = new Pointer[3];

  /**
   * Finds the libraries and copies two matrices to the device.
   *
   * @param a [size, size]
   * @param b [size, size], to be transposed
   * @throws Case.Unavailable if CLBlast is not installed
   */
  ClBlast(int size, float[] a, float[] b) {
    this.size = size;
    opencl = library("OpenCL", "libOpenCL.so.1");
    multiply = library("clblast", "libclblast.so.1").getFunction("CLBlastSgemm");
    Pointer device = device();
    IntByReference error = new IntByReference();
    context = pointer("clCreateContext", null, 1, new Pointer[] {device}, null, null, error);
    queue = pointer("clCreateCommandQueue", context, device, 0L, error);
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = pointer("clCreateBuffer", context, READ_WRITE, bytes(), null, error);
    }
    write(buffers[0], a);
    write(buffers[1], b);
  }

  /** Loads a library by its name, or by that of its file where there is no link for developers. */
  private static NativeLibrary library(String name, String file) {
    for (String one : new String[] {name, file}) {
      try {
        return NativeLibrary.getInstance(one);
      } catch (UnsatisfiedLinkError e) {
        continue;
      }
    }
    throw new Case.Unavailable(file + " is not installed");
  }

  private long bytes() {
    return (long) size * size * Float.BYTES;
  }

  private Pointer pointer(String function, Object... arguments) {
    Pointer made = (Pointer) opencl.getFunction(function).invoke(Pointer.class, arguments);
    if (made == null) {
      throw new IllegalStateException(function + " failed");
    }
    return made;
  }

  private void call(String function, Object... arguments) {
    int code = opencl.getFunction(function).invokeInt(arguments);
    if (code != 0) {
      throw new IllegalStateException(function + " returned " + code);
    }
  }

  private Pointer device() {
    String wanted = Device.best().name();
    Pointer[] platforms = new Pointer[MOST];
    IntByReference found = new IntByReference();
    call("clGetPlatformIDs", MOST, platforms, found);
    for (int i = 0; i < found.getValue(); i++) {
      Pointer[] devices = new Pointer[MOST];
      IntByReference count = new IntByReference();
      int code =
          opencl
              .getFunction("clGetDeviceIDs")
              .invokeInt(new Object[] {platforms[i], ALL_DEVICES, MOST, devices, count});
      for (int k = 0; code == 0 && k < count.getValue(); k++) {
        if (name(devices[k]).equals(wanted)) {
          return devices[k];
        }
      }
    }
    throw new Case.Unavailable("CLBlast does not find " + wanted);
  }

  private String name(Pointer device) {
    try (Memory name = new Memory(256)) {
      call("clGetDeviceInfo", device, DEVICE_NAME, name.size(), name, null);
      return name.getString(0).strip();
    }
  }

  private void write(Pointer buffer, float[] values) {
    try (Memory memory = new Memory(bytes())) {
      memory.write(0, values, 0, values.length);
      call("clEnqueueWriteBuffer", queue, buffer, 1, 0L, bytes(), memory, 0, null, null);
    }
  }

  /** Multiplies once and waits. */
  void run() {
    long n = size;
    int code =
        multiply.invokeInt(
            new Object[] {
              ROW_MAJOR,
              AS_IT_IS,
              TRANSPOSED,
              n,
              n,
              n,
              1f,
              buffers[0],
              0L,
              n,
              buffers[1],
              0L,
              n,
              0f,
              buffers[2],
              0L,
              n,
              new PointerByReference(queue),
              null
            });
    if (code != 0) {
      throw new IllegalStateException("CLBlastSgemm returned " + code);
    }
    call("clFinish", queue);
  }

  float[] result() {
    try (Memory memory = new Memory(bytes())) {
      call("clEnqueueReadBuffer", queue, buffers[2], 1, 0L, bytes(), memory, 0, null, null);
      return memory.getFloatArray(0, size * size);
    }
  }

  @Override
  public void close() {
    for (Pointer buffer : buffers) {
      call("clReleaseMemObject", buffer);
    }
    call("clReleaseCommandQueue", queue);
    call("clReleaseContext", context);
  }
}
