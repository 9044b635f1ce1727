package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/**
 * A parameter in another order, with zeros where there is nothing: the same on the host, when
 * weights are loaded, and on the device, when training has changed them.
 *
 * <p>An element's place in the packed memory is a number with several digits, the last one fastest.
 * Each digit moves the place in the parameter by its step, and two counts by their steps: that of
 * the output and that of the input channel, which say whether there is anything.
 *
 * @param parameter the index of the parameter among the layer's
 * @param digits at most 6
 * @param outs output channels that there are
 * @param ins input channels that there are
 * @param base the place of the first element in the parameter
 */
record Repacking(int parameter, List<Digit> digits, int outs, int ins, int base) {

  private static final int MOST = 6;

  /**
   * One digit of a place.
   *
   * @param extent its values are 0 to extent - 1
   * @param out output channels that it counts for
   * @param in input channels that it counts for
   * @param step elements of the parameter that it counts for
   */
  record Digit(int extent, int out, int in, int step) {}

  /** Copies the digits and puts ones before them. */
  Repacking {
    if (digits.size() > MOST) {
      throw new IllegalArgumentException("a place has at most %d digits".formatted(MOST));
    }
    List<Digit> all = new ArrayList<>();
    for (int i = digits.size(); i < MOST; i++) {
      all.add(new Digit(1, 0, 0, 0));
    }
    all.addAll(digits);
    digits = List.copyOf(all);
  }

  /** Returns a parameter as it is, with zeros after it up to {@code length}. */
  static Repacking run(int parameter, int there, int length) {
    return new Repacking(parameter, List.of(new Digit(length, 1, 0, 1)), there, 1, 0);
  }

  /** Returns the number of elements. */
  long floats() {
    long floats = 1;
    for (Digit digit : digits) {
      floats *= digit.extent();
    }
    return floats;
  }

  /** Returns the packed memory. */
  PackedBuffer buffer(String name) {
    return new PackedBuffer(name, floats(), this::pack, Optional.of(this::bind));
  }

  private void pack(List<Tensor> parameters, FloatBuffer out) {
    pack(parameters.get(parameter).values(), out, 0, 0, 0, base);
  }

  private void pack(float[] source, FloatBuffer to, int at, int out, int in, int place) {
    Digit digit = digits.get(at);
    if (at == MOST - 1) {
      for (int d = 0; d < digit.extent(); d++) {
        boolean there = out + d * digit.out() < outs && in + d * digit.in() < ins;
        to.put(there ? source[place + d * digit.step()] : 0);
      }
      return;
    }
    for (int d = 0; d < digit.extent(); d++) {
      int next = out + d * digit.out();
      pack(source, to, at + 1, next, in + d * digit.in(), place + d * digit.step());
    }
  }

  private Launch bind(Session session, List<Floats> parameters, DeviceBuffer packed) {
    Kernel kernel = session.program("repack.cl", Macros.none()).kernel("repack");
    parameters.get(parameter).bind(kernel, "source");
    int rows = Math.toIntExact(floats() / digits.get(MOST - 1).extent());
    kernel.set("packed", packed).set("rows", rows);
    kernel.set("outs", outs).set("ins", ins).set("base", base);
    for (int k = 0; k < MOST; k++) {
      Digit digit = digits.get(k);
      kernel.set("extent" + k, digit.extent()).set("out" + k, digit.out());
      kernel.set("in" + k, digit.in()).set("step" + k, digit.step());
    }
    boolean cpu = session.device().isCpu();
    int units = session.device().computeUnits();
    return new Launch(
        kernel,
        n ->
            cpu
                ? Range.cover(Math.min(rows, 16 * units), 1, 1, 1, 1, 1)
                : Range.cover(rows, 1, 1, 64, 1, 1));
  }
}
