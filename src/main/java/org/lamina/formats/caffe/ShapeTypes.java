package org.lamina.formats.caffe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.LayerTypes.Translator;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.ReshapeParameter;
import org.lamina.layer.Flatten;
import org.lamina.tensor.Chw;

/** What Caffe's layer types that only give tensors another shape are here. */
final class ShapeTypes {

  private ShapeTypes() {}

  static Map<String, Translator> types() {
    return Map.of("Reshape", ShapeTypes::reshape);
  }

  private static void reshape(LayerParameter layer, Translation to) {
    ReshapeParameter reshape = layer.getReshapeParam();
    Value value = to.bottom(layer);
    Optional<Chw> shape = value.shape();
    if (shape.isEmpty()) {
      to.make(layer, 0, Value.UNKNOWN);
      return;
    }
    Unfit.unless(
        reshape.getAxis() == 0 && reshape.getNumAxes() == -1, "reshapes only some of the axes");
    List<Long> dims = reshape.getShape().getDimList();
    Unfit.unless(
        dims.size() >= 2 && dims.size() <= 4 && (dims.get(0) == 0 || dims.get(0) == -1),
        "makes %s; the batch must stay as it is",
        dims);
    Chw made = resolved(shape.get(), dims);
    if (made.equals(shape.get())) {
      to.make(layer, 0, new Value(value.node(), shape, dims.size()));
    } else {
      Unfit.unless(
          made.h() == 1 && made.w() == 1,
          "makes %s of %s; only a flat shape fits",
          made,
          shape.get());
      to.add(layer, new Flatten(), dims.size());
    }
  }

  private static Chw resolved(Chw from, List<Long> dims) {
    int[] old = {from.c(), from.h(), from.w()};
    long[] extents = {1, 1, 1};
    long known = 1;
    int open = -1;
    for (int i = 1; i < dims.size(); i++) {
      long extent = dims.get(i) == 0 ? old[i - 1] : dims.get(i);
      if (extent == -1) {
        Unfit.unless(open < 0 && dims.get(0) == 0, "leaves more than one extent open");
        open = i - 1;
      } else {
        Unfit.unless(extent >= 1 && extent <= Integer.MAX_VALUE, "has an extent of %d", extent);
        extents[i - 1] = extent;
        known = Math.multiplyExact(known, extent);
      }
    }
    if (open >= 0) {
      extents[open] = from.volume() / known;
      known *= extents[open];
    }
    Unfit.unless(known == from.volume(), "makes %s of %s", dims, from);
    return new Chw((int) extents[0], (int) extents[1], (int) extents[2]);
  }
}
