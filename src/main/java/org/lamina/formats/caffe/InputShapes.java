package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.formats.FormatException;
import org.lamina.formats.caffe.schema.DummyDataParameter;
import org.lamina.formats.caffe.schema.ImageDataParameter;
import org.lamina.formats.caffe.schema.InputParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.MemoryDataParameter;
import org.lamina.formats.caffe.schema.TransformationParameter;
import org.lamina.tensor.Chw;
import org.lamina.weights.Printable;

/**
 * How large the pictures are that a network of Caffe's reads. Often its file does not say all of
 * it: a database knows the rest.
 *
 * @param given the shape that the user gave
 * @param mean the shape of the mean that the user gave
 */
record InputShapes(Optional<Chw> given, Optional<Chw> mean) {

  private static final int COLORS = 3;

  /** Returns the shape of one image that a layer brings in, if that is known. */
  Optional<Chw> of(LayerParameter layer) {
    List<Long> dims = dims(layer);
    if (!dims.isEmpty()) {
      return Optional.of(shape(layer, dims));
    }
    return given.or(() -> cropped(layer)).or(() -> resized(layer)).or(() -> mean);
  }

  /** Returns the extents that a layer says, the batch first; none if it does not. */
  private static List<Long> dims(LayerParameter layer) {
    switch (layer.getType()) {
      case "Input" -> {
        InputParameter input = layer.getInputParam();
        return input.getShapeCount() == 0 ? List.of() : input.getShape(0).getDimList();
      }
      case "MemoryData" -> {
        MemoryDataParameter data = layer.getMemoryDataParam();
        return longs(data.getBatchSize(), data.getChannels(), data.getHeight(), data.getWidth());
      }
      case "DummyData" -> {
        DummyDataParameter data = layer.getDummyDataParam();
        if (data.getShapeCount() > 0) {
          return data.getShape(0).getDimList();
        }
        boolean whole =
            data.getNumCount() > 0
                && data.getChannelsCount() > 0
                && data.getHeightCount() > 0
                && data.getWidthCount() > 0;
        return whole
            ? longs(data.getNum(0), data.getChannels(0), data.getHeight(0), data.getWidth(0))
            : List.of();
      }
      default -> {
        return List.of();
      }
    }
  }

  private static List<Long> longs(long... values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  private static Chw shape(LayerParameter layer, List<Long> dims) {
    boolean fits = dims.size() >= 2 && dims.size() <= 4;
    for (long extent : dims) {
      fits &= extent >= 1 && extent <= Integer.MAX_VALUE;
    }
    if (isLabel(layer)) {
      return new Chw(1, 1, 1);
    }
    if (!fits) {
      throw new FormatException(
          "the input '%s' is %s; an input has 2 to 4 extents of at least 1, the batch first"
              .formatted(Printable.text(Translation.title(layer)), dims));
    }
    int[] extents = {1, 1, 1};
    for (int i = 1; i < dims.size(); i++) {
      extents[i - 1] = Math.toIntExact(dims.get(i));
    }
    return new Chw(extents[0], extents[1], extents[2]);
  }

  /** Returns how many axes Caffe gives to what a layer brings in. */
  static int axes(LayerParameter layer) {
    List<Long> dims = dims(layer);
    return dims.isEmpty() ? 4 : dims.size();
  }

  /** Returns whether a layer of type Input has one value for each sample. */
  static boolean isLabel(LayerParameter layer) {
    return layer.getType().equals("Input") && dims(layer).size() == 1;
  }

  /** Returns what a layer of several inputs says of one of them. */
  static InputParameter only(LayerParameter layer, int index) {
    InputParameter all = layer.getInputParam();
    int last = Math.min(index, all.getShapeCount() - 1);
    return InputParameter.newBuilder().addShape(all.getShape(last)).build();
  }

  private Optional<Chw> cropped(LayerParameter layer) {
    int side = layer.getTransformParam().getCropSize();
    return side < 1 ? Optional.empty() : Optional.of(new Chw(channels(layer), side, side));
  }

  private Optional<Chw> resized(LayerParameter layer) {
    ImageDataParameter data = layer.getImageDataParam();
    return data.getNewHeight() < 1 || data.getNewWidth() < 1
        ? Optional.empty()
        : Optional.of(new Chw(channels(layer), data.getNewHeight(), data.getNewWidth()));
  }

  private int channels(LayerParameter layer) {
    TransformationParameter transform = layer.getTransformParam();
    if (mean.isPresent()) {
      return mean.get().c();
    }
    if (transform.getMeanValueCount() > 1) {
      return transform.getMeanValueCount();
    }
    return transform.getForceGray() || !layer.getImageDataParam().getIsColor() ? 1 : COLORS;
  }

  /** Returns whether a layer's file says nothing of how many channels its pictures have. */
  boolean assumesColor(LayerParameter layer) {
    TransformationParameter transform = layer.getTransformParam();
    return dims(layer).isEmpty()
        && given.isEmpty()
        && mean.isEmpty()
        && transform.getMeanValueCount() <= 1
        && !transform.getForceGray()
        && !transform.getForceColor()
        && !layer.hasImageDataParam();
  }
}
