package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** What the layers share that combine inputs element by element: shape rule and program. */
final class Elementwise {

  /** What is done with two elements; the position is the code in {@code opencl/elementwise.cl}. */
  enum Operation {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MAXIMUM,
    MINIMUM
  }

  private Elementwise() {}

  /** Returns the shape of the output of exactly two inputs. */
  static Chw pair(List<Chw> inputs) {
    Check.that(
        inputs.size() == 2, "from", "the layer takes exactly 2 inputs, but has %d", inputs.size());
    return several(inputs);
  }

  /** Returns the shape that all inputs have or can be stretched to. */
  static Chw several(List<Chw> inputs) {
    Check.that(
        inputs.size() >= 2, "from", "the layer takes 2 or more inputs, but has %d", inputs.size());
    Chw y = largest(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      Chw x = inputs.get(i);
      Check.that(
          fits(x, y),
          "from",
          "every extent of an input must be 1 or that of the largest, %s, but input %d is %s",
          y,
          i + 1,
          x);
    }
    return y;
  }

  /** Returns the largest extent along each axis. */
  static Chw largest(List<Chw> inputs) {
    Chw y = inputs.get(0);
    for (Chw x : inputs) {
      y = new Chw(Math.max(y.c(), x.c()), Math.max(y.h(), x.h()), Math.max(y.w(), x.w()));
    }
    return y;
  }

  /** Returns whether every extent is that of y, or 1. */
  static boolean fits(Chw x, Chw y) {
    return fits(x.c(), y.c()) && fits(x.h(), y.h()) && fits(x.w(), y.w());
  }

  private static boolean fits(int extent, int largest) {
    return extent == largest || extent == 1;
  }

  /** Returns the program: a launch for each input after the first. */
  static LayerProgram compile(Site site, Operation operation) {
    List<Chw> inputs = site.signature().inputs();
    Chw y = site.signature().output();
    // With three inputs the first may also be the third, and must outlive the first launch; what is
    // stretched is read again after the first of its copies is written.
    boolean inPlace = inputs.size() == 2 && inputs.get(0).equals(y) && inputs.get(1).equals(y);
    return LayerProgram.plain(
        inputs.stream().map(x -> Layout.of(site.vector())).toList(),
        site.vector(),
        inPlace ? Aliasing.IN_PLACE : Aliasing.NONE,
        bindings -> launches(site, bindings, operation));
  }

  private static List<Launch> launches(Site site, Bindings bindings, Operation operation) {
    List<View> inputs = bindings.inputs();
    View y = bindings.output();
    List<Launch> launches = new ArrayList<>();
    for (int i = 1; i < inputs.size(); i++) {
      View so = i == 1 ? inputs.get(0) : y;
      Optional<Layer> last = i == inputs.size() - 1 ? site.fused() : Optional.empty();
      Kernel kernel = bindings.program("elementwise.cl").kernel("elementwise_forward");
      bind(kernel, "a", so, y.shape());
      bind(kernel, "b", inputs.get(i), y.shape());
      y.bind(kernel, "y");
      Activations.code(last).bind(kernel);
      kernel.set("operation", operation.ordinal()).set("blocks", y.blocks());
      Chw shape = y.shape();
      kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
      launches.add(
          new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * y.blocks())));
    }
    return launches;
  }

  /** Binds an input with steps of 0 along the axes where its only element stands for all. */
  static void bind(Kernel kernel, String name, View x, Chw y) {
    Chw shape = x.shape();
    boolean oneChannel = shape.c() < y.c();
    View stretched =
        new View(
            x.buffer(),
            x.offset(),
            shape,
            x.vector(),
            x.image(),
            oneChannel ? 0 : x.plane(),
            shape.h() < y.h() ? 0 : x.row());
    stretched.bind(kernel, name);
    kernel.set(name + "_pixel", shape.w() < y.w() ? 0 : x.vector());
    kernel.set(name + "_one_channel", oneChannel ? 1 : 0);
  }
}
