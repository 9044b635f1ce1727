package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.tensor.Chw;

/**
 * A tensor whose axes are batch, channels and one or two of space, seen as channels, height and
 * width; a single axis of space is the width.
 *
 * @param data the tensor, seen so
 * @param axes how many axes of space the model has: 0, 1 or 2
 */
record Spatial(Activation data, int axes) {

  /**
   * Sees an input of an operator so.
   *
   * @throws Unfit if it has other axes
   */
  static Spatial of(Call call, int input) {
    Activation x = call.activation(input);
    List<Integer> dims = x.dims();
    int axes = dims.size() - 2;
    if (axes < 0) {
      throw Unfit.because("it works on batch, channels and space, but reads %s", Dims.text(dims));
    }
    int heights = axes >= 2 ? dims.get(2) : 1;
    if (axes > 2) {
      throw Unfit.because(
          "it has %d axes of space (%s); Lamina's windows have height and width",
          axes, Dims.text(dims));
    }
    if (!call.net().batched() && dims.get(0) != 1) {
      throw Unfit.because(
          "the model mixes its first axis elsewhere, so the batch here must be 1, but it reads %s",
          Dims.text(dims));
    }
    int widths = axes >= 1 ? dims.get(dims.size() - 1) : 1;
    return new Spatial(call.net().as(x, dims.get(1), heights, widths), axes);
  }

  int height() {
    return data.view().h();
  }

  int width() {
    return data.view().w();
  }

  int channels() {
    return data.view().c();
  }

  /** Returns the extents that a result has in the model, for one image. */
  List<Integer> item(Call call, Chw view) {
    List<Integer> item = new ArrayList<>();
    if (!call.net().batched()) {
      item.add(1);
    }
    item.add(view.c());
    if (axes == 2) {
      item.add(view.h());
    }
    if (axes >= 1) {
      item.add(view.w());
    }
    return item;
  }

  /** Adds a layer that keeps the axes. */
  Activation layer(Call call, String hint, String type, java.util.Map<String, ?> fields) {
    Chw view = call.net().output(type, fields, data);
    return call.net().add(hint, type, fields, item(call, view), data);
  }
}
