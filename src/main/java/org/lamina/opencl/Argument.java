package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/**
 * One argument of a kernel as its source declares it.
 *
 * @param name its name
 * @param type its type without qualifiers: {@code float*}, {@code int}
 */
record Argument(String name, String type) {

  // Types that are checked; others are typedefs, of which only the compiler knows what they are.
  private static final Set<String> SCALARS =
      Set.of(
          "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "half", "float",
          "double");

  /**
   * Checks that a value can be bound.
   *
   * @param kernel the name of the kernel, for the message
   * @param what the value, for the message: {@code an int}
   * @param accepted the scalar types that take it; none if it is a buffer
   * @throws IllegalArgumentException if the declared type takes no such value
   */
  void require(String kernel, String what, String... accepted) {
    boolean pointer = type.endsWith("*");
    boolean fits =
        accepted.length == 0
            ? !SCALARS.contains(type)
            : !pointer && (List.of(accepted).contains(type) || !SCALARS.contains(type));
    if (!fits) {
      throw new IllegalArgumentException(
          "argument '%s' of kernel %s is '%s' and cannot be bound to %s"
              .formatted(name, kernel, type, what));
    }
  }

  /** Asks the driver for the arguments of every kernel of a built program. */
  static Map<String, List<Argument>> ofAll(cl_program program) {
    Map<String, List<Argument>> kernels = new LinkedHashMap<>();
    String names =
        Info.text((s, v, a) -> clGetProgramInfo(program, CL_PROGRAM_KERNEL_NAMES, s, v, a));
    for (String name : names.isEmpty() ? new String[0] : names.split(";")) {
      cl_kernel kernel = clCreateKernel(program, name, null);
      try {
        kernels.put(name, of(kernel));
      } finally {
        clReleaseKernel(kernel);
      }
    }
    return kernels;
  }

  private static List<Argument> of(cl_kernel kernel) {
    int[] count = new int[1];
    clGetKernelInfo(kernel, CL_KERNEL_NUM_ARGS, Sizeof.cl_uint, Pointer.to(count), null);
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < count[0]; i++) {
      String type = text(kernel, i, CL_KERNEL_ARG_TYPE_NAME);
      arguments.add(new Argument(text(kernel, i, CL_KERNEL_ARG_NAME), simple(type)));
    }
    return arguments;
  }

  private static String text(cl_kernel kernel, int index, int parameter) {
    return Info.text((s, v, a) -> clGetKernelArgInfo(kernel, index, parameter, s, v, a));
  }

  /** Drivers write {@code unsigned int}, {@code uint}, {@code float *}, {@code float*}. */
  static String simple(String type) {
    return type.replaceAll("\\b(const|volatile|restrict|global|__global)\\b", "")
        .replaceAll("\\bunsigned (char|short|int|long)\\b", "u$1")
        .replaceAll("\\s+", "");
  }
}
