package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.LayerTypes.Translator;
import org.lamina.formats.caffe.schema.CropParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.ReshapeParameter;
import org.lamina.formats.caffe.schema.SliceParameter;
import org.lamina.layer.Flatten;
import org.lamina.layer.Reshape;
import org.lamina.layer.Slice;
import org.lamina.layer.Slice.Axis;
import org.lamina.tensor.Chw;

/** What Caffe's layer types that only give tensors another shape are here. */
final class ShapeTypes {

  private ShapeTypes() {}

  static Map<String, Translator> types() {
    return Map.of(
        "Crop", ShapeTypes::crop,
        "Reshape", ShapeTypes::reshape,
        "Slice", ShapeTypes::slice);
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
      boolean flat = made.h() == 1 && made.w() == 1;
      to.add(layer, flat ? new Flatten() : new Reshape(made.c(), made.h(), made.w()), dims.size());
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

  /** Every part of a slice is a layer of its own, called as the tensor that it makes. */
  private static void slice(LayerParameter layer, Translation to) {
    SliceParameter slice = layer.getSliceParam();
    Value value = to.bottom(layer);
    if (value.shape().isEmpty()) {
      to.makeUnknown(layer);
      return;
    }
    int axis = slice.hasSliceDim() ? slice.getSliceDim() : slice.getAxis();
    int counted = axis < 0 ? axis + value.axes() : axis;
    Unfit.unless(counted >= 1 && counted <= 3, "cuts along axis %d", axis);
    int extent = extent(value.shape().get(), counted);
    List<Integer> points = new ArrayList<>(slice.getSlicePointList());
    int parts = layer.getTopCount();
    if (points.isEmpty()) {
      Unfit.unless(parts > 0 && extent % parts == 0, "cuts %d into %d parts", extent, parts);
      for (int i = 1; i < parts; i++) {
        points.add(i * (extent / parts));
      }
    }
    Unfit.unless(points.size() == parts - 1, "has %d parts, %d points", parts, points.size());
    points.add(0, 0);
    points.add(extent);
    for (int i = 0; i < parts; i++) {
      int end = points.get(i + 1);
      Unfit.unless(points.get(i) < end && end <= extent, "cuts %d at %s", extent, points);
      Slice part = new Slice(Axis.values()[counted - 1], points.get(i), end, 1);
      to.make(layer, i, to.add(layer.getTop(i), part, List.of(value)));
    }
  }

  private static int extent(Chw shape, int axis) {
    return axis == 1 ? shape.c() : axis == 2 ? shape.h() : shape.w();
  }

  /** Cuts rows and columns of the first tensor to those of the second. */
  private static void crop(LayerParameter layer, Translation to) {
    CropParameter crop = layer.getCropParam();
    List<Value> bottoms = to.bottoms(layer);
    Unfit.unless(bottoms.size() == 2, "reads %d tensors instead of 2", bottoms.size());
    if (bottoms.get(0).shape().isEmpty() || bottoms.get(1).shape().isEmpty()) {
      to.makeUnknown(layer);
      return;
    }
    int axis = crop.getAxis() < 0 ? crop.getAxis() + 4 : crop.getAxis();
    Unfit.unless(
        axis >= 1 && axis <= 3 && bottoms.get(0).axes() == 4, "cuts from axis %d on", axis);
    List<Integer> offsets = crop.getOffsetList();
    Unfit.unless(
        offsets.size() <= 1 || offsets.size() == 4 - axis, "has %d offsets", offsets.size());
    Value value = bottoms.get(0);
    for (int at = axis; at <= 3; at++) {
      int offset = offsets.isEmpty() ? 0 : offsets.get(offsets.size() == 1 ? 0 : at - axis);
      int extent = extent(bottoms.get(0).shape().get(), at);
      long end = (long) offset + extent(bottoms.get(1).shape().get(), at);
      Unfit.unless(end <= extent, "would cut beyond %d to %d", extent, end);
      if (offset > 0 || end < extent) {
        Slice part = new Slice(Axis.values()[at - 1], offset, (int) end, 1);
        value =
            to.add(
                Translation.title(layer) + "/" + part.axis().name().toLowerCase(Locale.ROOT),
                part,
                List.of(value));
      }
    }
    to.make(layer, 0, value);
  }
}
