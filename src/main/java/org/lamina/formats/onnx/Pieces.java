package org.lamina.formats.onnx;

import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.tensor.Chw;

/** Parts of a result along one axis. */
final class Pieces {

  /** Before the first element, in Lamina's slices, which count negative ends from behind. */
  private static final int BEFORE_ALL = -Integer.MAX_VALUE;

  private Pieces() {}

  /**
   * Adds a layer that takes some of the elements along an axis.
   *
   * @throws Unfit if it takes none
   */
  static Activation cut(Call call, Activation x, Slices.Cut cut) {
    Assembly net = call.net();
    int extent = x.dims().get(cut.axis());
    if (cut.count() == extent && cut.step() == 1) {
      return x;
    }
    int axis = net.axis(cut.axis(), x.dims());
    List<Integer> item = net.item(x.dims());
    if (cut.count() == 0) {
      throw Unfit.because("it takes nothing, and a layer cannot make a tensor without elements");
    }
    int outer = Dims.count(item, 0, axis);
    int inner = Dims.count(item, axis + 1, item.size());
    Chw view = x.view();
    String along = "height";
    Activation seen = x;
    if (view.c() == extent && outer == 1) {
      along = "channel";
    } else if (view.w() == extent && inner == 1) {
      along = "width";
    } else {
      seen = net.as(x, outer, extent, inner);
    }
    int last = cut.start() + (cut.count() - 1) * cut.step();
    int end = last + Integer.signum(cut.step());
    Map<String, Object> fields =
        Call.fields(
            "axis",
            along,
            "start",
            cut.start(),
            "end",
            end < 0 ? BEFORE_ALL : end,
            "step",
            cut.step());
    List<Integer> dims = Dims.with(x.dims(), cut.axis(), cut.count());
    return net.add(call.hint(), "slice", fields, net.item(dims), seen).withDims(dims);
  }
}
