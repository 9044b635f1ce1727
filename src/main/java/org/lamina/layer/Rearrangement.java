package org.lamina.layer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * An image whose elements get other places: element i of the result, counted dense, is element
 * {@code sum of digit[k]*step[k]} of the input, where the digits are those of i in a number system
 * with the bases {@code extents}.
 *
 * <p>A tensor of many axes whose axes are exchanged is just that: its extents after the exchange,
 * and the steps these axes had before.
 *
 * @param extents the extents of the result's axes, the last one counts elements; at most 6
 * @param steps how far apart neighbours along each axis lie in the input
 */
record Rearrangement(List<Integer> extents, List<Integer> steps) {

  private static final int AXES = 6;

  /**
   * Returns what an exchange of axes does.
   *
   * @param extents the extents of the input's axes
   * @param order which of them each axis of the result is
   */
  static Rearrangement transpose(List<Integer> extents, int... order) {
    int[] steps = new int[extents.size()];
    int step = 1;
    for (int axis = extents.size() - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= extents.get(axis);
    }
    return new Rearrangement(
        Arrays.stream(order).mapToObj(extents::get).toList(),
        Arrays.stream(order).mapToObj(axis -> steps[axis]).toList());
  }

  /** Returns what puts everything back where it was. */
  Rearrangement inverse() {
    int[] places = new int[extents.size()];
    int place = 1;
    for (int axis = extents.size() - 1; axis >= 0; axis--) {
      places[axis] = place;
      place *= extents.get(axis);
    }
    // The axes of the input: the further apart neighbours lie, the further to the front.
    List<Integer> order =
        IntStream.range(0, extents.size())
            .boxed()
            .sorted(Comparator.comparing((Integer axis) -> -steps.get(axis)))
            .toList();
    return new Rearrangement(
        order.stream().map(extents::get).toList(),
        order.stream().map(axis -> places[axis]).toList());
  }

  /** Returns the program that does it; the result is read as the signature's output. */
  LayerProgram compile(Site site) {
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings ->
            List.of(
                launch(bindings.session(), site.family(), bindings.input(), bindings.output())));
  }

  /** Returns the way back: the gradient goes where its elements came from. */
  GradientProgram backward(GradientSite site) {
    return GradientProgram.ofGradient(
        site,
        GradientProgram.Aliasing.NONE,
        bindings ->
            List.of(
                inverse()
                    .launch(
                        bindings.session(),
                        site.family(),
                        bindings.gradient(),
                        bindings.inputGradient())));
  }

  private Launch launch(Session session, Family family, View from, View to) {
    Chw x = from.shape();
    Chw y = to.shape();
    Kernel kernel = session.program("rearrange.cl", Macros.none()).kernel("rearrange");
    from.bind(kernel, "x");
    to.bind(kernel, "y");
    kernel.set("x_vector", from.vector()).set("y_vector", to.vector());
    kernel.set("x_height", x.h()).set("x_width", x.w());
    kernel.set("channels", y.c()).set("height", y.h()).set("width", y.w());
    kernel.set("blocks", to.blocks());
    for (int k = 0; k < AXES; k++) {
      int axis = k - (AXES - extents.size());
      kernel.set("extent_" + k, axis < 0 ? 1 : extents.get(axis));
      kernel.set("step_" + k, axis < 0 ? 0 : steps.get(axis));
    }
    return new Launch(
        kernel, n -> Ranges.planes(session, family.isCpu(), y.h(), y.w(), n * to.blocks()));
  }
}
