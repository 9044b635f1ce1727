package org.lamina.opencl;

import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Reads what the {@code clGet…Info} functions tell. */
final class Info {

  /** One {@code clGet…Info} function with its object and parameter bound. */
  @FunctionalInterface
  interface Query {
    int get(long size, Pointer value, long[] actualSize);
  }

  private Info() {}

  static String text(cl_platform_id platform, int parameter) {
    return text(
        (size, value, actual) -> CL.clGetPlatformInfo(platform, parameter, size, value, actual));
  }

  static String text(cl_device_id device, int parameter) {
    return text(query(device, parameter));
  }

  static long number(cl_device_id device, int parameter) {
    return number(query(device, parameter));
  }

  /** Returns a text without its end mark and the blanks that some drivers put around names. */
  static String text(Query query) {
    long[] size = new long[1];
    query.get(0, null, size);
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    if (bytes.length == 0) {
      return "";
    }
    query.get(bytes.length, Pointer.to(bytes), null);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
  }

  /** Returns a number of whatever width the parameter has: cl_bool, cl_uint, size_t or cl_ulong. */
  static long number(Query query) {
    long[] size = new long[1];
    query.get(0, null, size);
    if (size[0] == Integer.BYTES) {
      int[] value = new int[1];
      query.get(Integer.BYTES, Pointer.to(value), null);
      return Integer.toUnsignedLong(value[0]);
    }
    long[] value = new long[1];
    query.get(Long.BYTES, Pointer.to(value), null);
    return value[0];
  }

  private static Query query(cl_device_id device, int parameter) {
    return (size, value, actual) -> CL.clGetDeviceInfo(device, parameter, size, value, actual);
  }
}
