package org.lamina.formats.cfg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.formats.cfg.DarknetNetwork.Value;
import org.lamina.layer.Add;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Clip;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Elu;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Mish;
import org.lamina.layer.Multiply;
import org.lamina.layer.Padding;
import org.lamina.layer.Power;
import org.lamina.layer.Relu;
import org.lamina.layer.Reorganize;
import org.lamina.layer.Rounding;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Slice;
import org.lamina.layer.Softmax;
import org.lamina.layer.Swish;
import org.lamina.layer.Tanh;
import org.lamina.layer.Upsample;
import org.lamina.network.Layers;
import org.lamina.tensor.Chw;

/** What the sections of Darknet are here. */
final class DarknetLayers {

  private DarknetLayers() {}

  /**
   * Makes a section's layers; returns what the last gives.
   *
   * @throws Unfit if it has no form here
   * @throws org.lamina.layer.InvalidParameterException if it does not fit what it reads
   */
  static Value make(Section section, DarknetNetwork to) {
    List<Value> last = List.of(to.last());
    return switch (section.name()) {
      case "convolutional", "conv" -> convolution(section, to);
      case "connected", "conn" -> connected(section, to);
      case "batchnorm" -> batchNorm(to.name("bn"), last, to);
      case "activation" ->
          activated(to.name("act"), section.text("activation", "linear"), last.get(0), to);
      case "maxpool", "max" -> maxPool(section, to);
      case "avgpool", "avg" -> to.add(to.name("pool"), new GlobalAveragePooling(), last);
      case "dropout" ->
          to.add(to.name("drop"), new Dropout(section.number("probability", 0.5)), last);
      case "softmax", "soft" -> softmax(section, to);
      case "route" -> route(section, to);
      case "shortcut" -> shortcut(section, to);
      case "scale_channels" ->
          to.add(
              to.name("gate"), new Multiply(), List.of(to.at(section.whole("from")), last.get(0)));
      case "upsample" ->
          to.add(to.name("upsample"), new Upsample(Extent.of(section.whole("stride", 2))), last);
      case "reorg" -> reorg(section, to);
      case "crop" -> crop(section, to);
      default -> throw new Unfit("is of a type that has no form here");
    };
  }

  private static Value convolution(Section section, DarknetNetwork to) {
    for (String key : List.of("binary", "xnor", "flipped")) {
      Unfit.unless(section.whole(key, 0) == 0, "is %s", key);
    }
    boolean norm = section.whole("batch_normalize", 0) != 0;
    int size = section.whole("size", 1);
    int pad = section.whole("pad", 0) != 0 ? size / 2 : section.whole("padding", 0);
    Convolution plain = Convolution.of(1, 1);
    Layer layer =
        new Convolution(
            section.whole("filters", 1),
            Extent.of(size),
            new Extent(
                section.whole("stride_y", section.whole("stride", 1)),
                section.whole("stride_x", section.whole("stride", 1))),
            Padding.of(pad),
            Extent.of(section.whole("dilation", 1)),
            section.whole("groups", 1),
            !norm,
            plain.init(),
            plain.biasInit());
    String name = to.name("conv");
    Value value = to.add(name, layer, List.of(to.last()));
    if (norm) {
      value = batchNorm(name + "_bn", List.of(value), to);
    } else {
      to.weights(name + ".bias");
    }
    to.weights(name + ".weight");
    return activated(name, section.text("activation", "logistic"), value, to);
  }

  /** Darknet's on a GPU, where its networks are trained: the variance plus 0.00001. */
  private static Value batchNorm(String name, List<Value> from, DarknetNetwork to) {
    BatchNormalization plain = (BatchNormalization) Layers.of("batch_norm");
    Value value = to.add(name, plain, from);
    to.weights(name + ".bias", name + ".weight", name + ".running_mean", name + ".running_var");
    return value;
  }

  private static Value connected(Section section, DarknetNetwork to) {
    Unfit.unless(
        section.whole("batch_normalize", 0) == 0,
        "normalises what it gives; only convolutions do that here");
    FullyConnected plain = FullyConnected.of(1);
    String name = to.name("fc");
    Value value =
        to.add(
            name,
            new FullyConnected(section.whole("output", 1), true, plain.init(), plain.biasInit()),
            List.of(to.last()));
    to.weights(name + ".bias", name + ".weight");
    return activated(name, section.text("activation", "logistic"), value, to);
  }

  private static Value activated(String name, String activation, Value value, DarknetNetwork to) {
    Optional<Layer> layer =
        switch (activation) {
          case "linear" -> Optional.empty();
          case "leaky" -> Optional.of(new LeakyRelu(0.1));
          case "relie" -> Optional.of(new LeakyRelu(0.01));
          case "relu" -> Optional.of(new Relu());
          case "relu6" -> Optional.of(new Clip(0, 6));
          case "hardtan" -> Optional.of(new Clip(-1, 1));
          case "logistic" -> Optional.of(new Sigmoid());
          case "tanh" -> Optional.of(new Tanh());
          case "elu" -> Optional.of(new Elu(1));
          case "selu" -> Optional.of(Layers.of("selu"));
          case "mish" -> Optional.of(new Mish());
          case "swish" -> Optional.of(new Swish(1));
          default -> throw new Unfit("its activation '%s' has no form here".formatted(activation));
        };
    return layer.isEmpty() ? value : to.add(name + "_" + activation, layer.get(), List.of(value));
  }

  /**
   * The padding is that of all sides together, one less than the window unless the file says more;
   * what no window reaches is left out.
   */
  private static Value maxPool(Section section, DarknetNetwork to) {
    int stride = section.whole("stride", 1);
    int size = section.whole("size", stride);
    int padding = section.whole("padding", size - 1);
    Unfit.unless(stride >= 1 && size >= 1 && padding >= 0, "has no window");
    Value last = to.last();
    int before = padding / 2;
    int bottom = padding - before;
    int right = bottom;
    if (last.shape().isPresent()) {
      Chw x = last.shape().get();
      bottom = reached(x.h(), size, stride, padding);
      right = reached(x.w(), size, stride, padding);
    }
    Padding pad = new Padding(before, before, bottom, right);
    return to.add(
        to.name("pool"),
        new MaxPooling(Extent.of(size), Extent.of(stride), pad, Rounding.FLOOR),
        List.of(last));
  }

  private static int reached(int in, int size, int stride, int padding) {
    long windows = ((long) in + padding - size) / stride + 1;
    long end = (windows - 1) * stride + size - padding / 2;
    return (int) Math.max(0, Math.min(padding, end - in));
  }

  private static Value softmax(Section section, DarknetNetwork to) {
    Unfit.unless(section.whole("groups", 1) == 1 && !section.has("tree"), "makes several groups");
    double temperature = section.number("temperature", 1);
    Value value = to.last();
    if (temperature != 1) {
      value = to.add(to.name("power"), new Power(1, 1 / temperature, 0), List.of(value));
    }
    return to.add(to.name("softmax"), new Softmax(), List.of(value));
  }

  private static Value route(Section section, DarknetNetwork to) {
    List<Value> read = new ArrayList<>();
    section.wholes("layers").forEach(index -> read.add(to.at(index)));
    Unfit.unless(!read.isEmpty(), "reads nothing");
    int groups = section.whole("groups", 1);
    if (groups > 1) {
      Unfit.unless(read.size() == 1, "takes a part of several layers");
      int channels = read.get(0).shape().map(Chw::c).orElse(groups) / groups;
      int first = section.whole("group_id", 0) * channels;
      return to.add(
          to.name("slice"), new Slice(Slice.Axis.CHANNEL, first, first + channels, 1), read);
    }
    return read.size() == 1 ? read.get(0) : to.add(to.name("route"), new Concat(), read);
  }

  private static Value shortcut(Section section, DarknetNetwork to) {
    List<Value> read = new ArrayList<>(List.of(to.last()));
    section.wholes("from").forEach(index -> read.add(to.at(index)));
    Unfit.unless(
        read.stream().map(Value::shape).filter(Optional::isPresent).distinct().count() <= 1,
        "adds layers of different shapes");
    String name = to.name("shortcut");
    Value value = to.add(name, new Add(), read);
    return activated(name, section.text("activation", "linear"), value, to);
  }

  private static Value reorg(Section section, DarknetNetwork to) {
    Unfit.unless(
        section.whole("reverse", 0) == 0 && section.whole("flatten", 0) == 0, "goes the other way");
    return to.add(to.name("reorg"), new Reorganize(section.whole("stride", 1)), List.of(to.last()));
  }

  /** In inference it cuts the middle out, and stretches 0 to 1 to -1 to 1. */
  private static Value crop(Section section, DarknetNetwork to) {
    to.crop(section.whole("crop_height", 1), section.whole("crop_width", 1));
    to.remark("the first layer crops pictures; here they come in as large as that leaves them");
    return section.whole("noadjust", 0) != 0
        ? to.last()
        : to.add(to.name("power"), new Power(1, 2, -1), List.of(to.last()));
  }
}
