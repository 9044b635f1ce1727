package org.lamina.formats.cfg;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.cfg.ConvnetNetwork.Value;
import org.lamina.layer.Absolute;
import org.lamina.layer.Add;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.layer.LocallyConnected;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Maximum;
import org.lamina.layer.Padding;
import org.lamina.layer.Power;
import org.lamina.layer.Relu;
import org.lamina.layer.Rounding;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.Tanh;
import org.lamina.tensor.Chw;

/** What the layer types of cuda-convnet are here. */
final class ConvnetLayers {

  /** All keys of layer files; some only say how cuda-convnet computes. */
  static final Set<String> KEYS =
      Set.of(
          "type",
          "inputs",
          "dataIdx",
          "channels",
          "filters",
          "padding",
          "stride",
          "filterSize",
          "initW",
          "initB",
          "initWFunc",
          "initBFunc",
          "partialSum",
          "sharedBiases",
          "gpu",
          "size",
          "pool",
          "sizeX",
          "start",
          "outputsX",
          "neuron",
          "groups",
          "randSparse",
          "outputs",
          "keep",
          "stdev",
          "filterChannels",
          "scale",
          "pow",
          "minDiv");

  private static final double SPREAD = 0.01; // of weights where initW does not say

  private ConvnetLayers() {}

  /** Returns a file's name as that of a network: layers-145.cfg is layers-145. */
  static String name(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    return name.replaceAll("[^A-Za-z0-9_./:+-]", "_").replaceFirst("^[./:+-]*$|^(?=[./:+-])", "_");
  }

  /**
   * Makes a section's layers.
   *
   * @throws Unfit if it has no form here
   * @throws org.lamina.layer.InvalidParameterException if it does not fit what it reads
   */
  static Value make(
      Section section, Optional<Section> params, List<Value> read, ConvnetNetwork to) {
    String type = section.text("type");
    Value made =
        switch (type) {
          case "conv" -> convolution(section, to.joined(section, requireAlike(section, read)), to);
          case "local" -> local(section, to.joined(section, requireAlike(section, read)), to);
          case "fc" -> fullyConnected(section, to.joined(section, read), to);
          case "pool" -> to.add(section, "", pooling(section), one(read));
          case "nailbed" -> to.add(section, "", nailbed(section), one(read));
          case "cmrnorm" ->
              to.add(section, "", norm(section, params, Region.ACROSS_CHANNELS), one(read));
          case "rnorm" ->
              to.add(section, "", norm(section, params, Region.WITHIN_CHANNEL), one(read));
          case "hs" -> to.add(section, "", dropout(section), one(read));
          case "softmax" -> to.add(section, "", new Softmax(), one(read));
          case "concat" -> to.add(section, "", new Concat(), read);
          case "eltsum" -> to.add(section, "", new Add(), read);
          case "eltmax" -> to.add(section, "", new Maximum(), read);
          case "neuron" -> one(read).get(0);
          default -> throw new Unfit("is of a type that has no form here");
        };
    return neuron(section, made, to);
  }

  private static List<Value> one(List<Value> read) {
    Unfit.unless(read.size() == 1, "reads %d layers instead of 1", read.size());
    return read;
  }

  /** A sum of convolutions of several inputs is one of their channels, if all windows are alike. */
  private static List<Value> requireAlike(Section section, List<Value> read) {
    for (String key : List.of("filters", "padding", "stride", "filterSize", "groups", "initW")) {
      Unfit.unless(
          section.list(key).stream().distinct().count() <= 1,
          "treats its inputs differently: %s=%s",
          key,
          section.text(key, ""));
    }
    Unfit.unless(
        read.size() == 1 || section.wholes("groups").stream().allMatch(groups -> groups == 1),
        "has groups and several inputs");
    return read;
  }

  private static int first(Section section, String key, int fallback) {
    List<Integer> numbers = section.wholes(key);
    return numbers.isEmpty() ? fallback : numbers.get(0);
  }

  private static Initializer weights(Section section, ConvnetNetwork to) {
    if (section.has("initWFunc")) {
      to.remark("weights are filled by code that the files do not hold; here by initW");
    }
    return new Initializer.Normal(0, section.number("initW", SPREAD));
  }

  private static Initializer biases(Section section, ConvnetNetwork to) {
    if (section.has("initBFunc")) {
      to.remark("biases are filled by code that the files do not hold; here by initB");
    }
    return new Initializer.Constant(section.number("initB", 0));
  }

  private static Value convolution(Section section, Value value, ConvnetNetwork to) {
    Unfit.unless(first(section, "sharedBiases", 1) == 1, "has a bias for every position");
    Unfit.unless(
        section.wholes("randSparse").stream().allMatch(sparse -> sparse == 0),
        "sees a random choice of channels");
    return to.add(
        section,
        "",
        new Convolution(
            first(section, "filters", 0),
            Extent.of(first(section, "filterSize", 0)),
            Extent.of(first(section, "stride", 1)),
            padding(section, value),
            Extent.of(1),
            first(section, "groups", 1),
            true,
            weights(section, to),
            biases(section, to)),
        List.of(value));
  }

  private static Value local(Section section, Value value, ConvnetNetwork to) {
    return to.add(
        section,
        "",
        new LocallyConnected(
            first(section, "filters", 0),
            Extent.of(first(section, "filterSize", 0)),
            Extent.of(first(section, "stride", 1)),
            padding(section, value),
            first(section, "groups", 1),
            true,
            weights(section, to),
            biases(section, to)),
        List.of(value));
  }

  /** The number of windows is rounded up; what the last one lacks is zeros at the bottom right. */
  private static Padding padding(Section section, Value value) {
    int pad = first(section, "padding", 0);
    if (value.shape().isEmpty()) {
      return Padding.of(pad);
    }
    Chw x = value.shape().get();
    int kernel = first(section, "filterSize", 0);
    int stride = first(section, "stride", 1);
    Unfit.unless(kernel >= 1 && stride >= 1 && pad >= 0, "has no window");
    return new Padding(
        pad,
        pad,
        pad + missing(x.h(), pad, kernel, stride),
        pad + missing(x.w(), pad, kernel, stride));
  }

  private static int missing(int in, int pad, int kernel, int stride) {
    long rest = ((long) in + 2L * pad - kernel) % stride;
    return rest <= 0 ? 0 : Math.toIntExact(stride - rest);
  }

  private static Value fullyConnected(Section section, Value value, ConvnetNetwork to) {
    Unfit.unless(
        section.list("initW").stream().distinct().count() <= 1, "treats its inputs differently");
    return to.add(
        section,
        "",
        new FullyConnected(
            first(section, "outputs", 0), true, weights(section, to), biases(section, to)),
        List.of(value));
  }

  private static Layer pooling(Section section) {
    Extent kernel = Extent.of(section.whole("sizeX"));
    Extent stride = Extent.of(section.whole("stride", 1));
    int start = section.whole("start", 0);
    Unfit.unless(start <= 0, "starts at pixel %d", start);
    Unfit.unless(section.whole("outputsX", 0) == 0, "says how many windows there are");
    Padding pad = new Padding(-start, -start, 0, 0);
    return switch (section.text("pool")) {
      case "max" -> new MaxPooling(kernel, stride, pad, Rounding.CEIL);
      case "avg" -> average(kernel, stride, pad);
      default -> throw new Unfit("pools by '" + section.text("pool") + "'");
    };
  }

  /** cuda-convnet divides by the pixels that are there; without padding both ways are the same. */
  private static Layer average(Extent kernel, Extent stride, Padding pad) {
    return new AveragePooling(kernel, stride, pad, Rounding.CEIL, pad.isNone());
  }

  private static Layer nailbed(Section section) {
    Unfit.unless(section.whole("start", 0) == 0, "starts at pixel %d", section.whole("start", 0));
    Extent stride = Extent.of(section.whole("stride"));
    return new MaxPooling(Extent.of(1), stride, Padding.NONE, Rounding.CEIL);
  }

  private static Layer norm(Section section, Optional<Section> params, Region region) {
    Section values = params.orElse(section);
    Unfit.unless(
        values.has("scale") && values.has("pow"),
        "its scale and pow are in the file of layer parameters; name that too");
    return new LocalResponseNormalization(
        section.whole("size"),
        values.number("scale", 0),
        values.number("pow", 0),
        values.number("minDiv", 1),
        true,
        region);
  }

  private static Layer dropout(Section section) {
    double keep = section.number("keep", 1);
    return new Dropout(Math.round((1 - keep) * 1e6) / 1e6);
  }

  private static Value neuron(Section section, Value value, ConvnetNetwork to) {
    String neuron = section.text("neuron", "ident").replaceAll("\\s", "");
    Layer layer =
        switch (neuron) {
          case "relu" -> new Relu();
          case "logistic" -> new Sigmoid();
          case "tanh[1,1]" -> new Tanh();
          case "abs" -> new Absolute();
          case "softrelu" -> new Softplus();
          case "square" -> new Power(2, 1, 0);
          case "sqrt" -> new Power(0.5, 1, 0);
          case "ident" -> null;
          default -> throw new Unfit("its neuron '%s' has no form here".formatted(neuron));
        };
    String suffix = "_" + neuron.replaceAll("\\[.*", "");
    return layer == null ? value : to.add(section, suffix, layer, List.of(value));
  }
}
