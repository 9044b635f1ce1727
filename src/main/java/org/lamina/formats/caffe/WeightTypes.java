package org.lamina.formats.caffe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.LayerTypes.Translator;
import org.lamina.formats.caffe.ParameterSource.Change;
import org.lamina.formats.caffe.schema.BatchNormParameter;
import org.lamina.formats.caffe.schema.BiasParameter;
import org.lamina.formats.caffe.schema.ConvolutionParameter;
import org.lamina.formats.caffe.schema.FillerParameter;
import org.lamina.formats.caffe.schema.InnerProductParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.PReLUParameter;
import org.lamina.formats.caffe.schema.ScaleParameter;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.ChannelBias;
import org.lamina.layer.ChannelScale;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.Layer;
import org.lamina.layer.Padding;
import org.lamina.layer.ParametricRelu;
import org.lamina.layer.Permute;
import org.lamina.layer.Permute.Order;
import org.lamina.layer.Reshape;
import org.lamina.layer.TransposedConvolution;
import org.lamina.network.Layers;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;

/** What Caffe's layer types that have weights are here. */
final class WeightTypes {

  private WeightTypes() {}

  static Map<String, Translator> types() {
    return Map.of(
        "BatchNorm", WeightTypes::batchNorm,
        "Bias", WeightTypes::bias,
        "Convolution", WeightTypes::convolution,
        "Deconvolution", WeightTypes::deconvolution,
        "InnerProduct", WeightTypes::innerProduct,
        "PReLU", WeightTypes::prelu,
        "Scale", WeightTypes::scale);
  }

  /** Returns the initialiser that a layer says, or the one that our layers of a type have. */
  private static Initializer initializer(
      boolean said, FillerParameter filler, Initializer fallback, Translation to) {
    Optional<Initializer> known = said ? Fillers.initializer(filler) : Optional.of(fallback);
    if (known.isEmpty()) {
      to.remark(
          "weights are not filled by %s where none are given, but by the default"
              .formatted(filler.getType()));
    }
    return known.orElse(fallback);
  }

  /** The window of a convolution, in any of the ways in which Caffe writes it. */
  private record Window(Extent kernel, Extent stride, Padding pad, Extent dilation) {

    static Window of(ConvolutionParameter conv) {
      Unfit.unless(conv.getAxis() == 1, "slides over the axes after %d, not 1", conv.getAxis());
      boolean kernelApart = conv.hasKernelH() || conv.hasKernelW();
      Extent kernelSides = new Extent(conv.getKernelH(), conv.getKernelW());
      boolean strideApart = conv.hasStrideH() || conv.hasStrideW();
      Extent strideSides = new Extent(conv.getStrideH(), conv.getStrideW());
      boolean padApart = conv.hasPadH() || conv.hasPadW();
      Extent padSides = new Extent(conv.getPadH(), conv.getPadW());
      Extent kernel = extent("kernel_size", conv.getKernelSizeList(), kernelApart, kernelSides, 0);
      Extent stride = extent("stride", conv.getStrideList(), strideApart, strideSides, 1);
      Extent pad = extent("pad", conv.getPadList(), padApart, padSides, 0);
      Extent dilation = extent("dilation", conv.getDilationList(), false, Extent.of(1), 1);
      return new Window(kernel, stride, new Padding(pad.h(), pad.w(), pad.h(), pad.w()), dilation);
    }
  }

  private static void convolution(LayerParameter layer, Translation to) {
    ConvolutionParameter conv = layer.getConvolutionParam();
    Window window = Window.of(conv);
    Convolution plain = Convolution.of(1, 1);
    Layer made =
        new Convolution(
            conv.getNumOutput(),
            window.kernel(),
            window.stride(),
            window.pad(),
            window.dilation(),
            conv.getGroup(),
            conv.getBiasTerm(),
            initializer(conv.hasWeightFiller(), conv.getWeightFiller(), plain.init(), to),
            initializer(conv.hasBiasFiller(), conv.getBiasFiller(), plain.biasInit(), to));
    to.bottom(layer);
    weighted(layer, to, made, 4, conv.getBiasTerm(), Change.NONE);
  }

  private static void deconvolution(LayerParameter layer, Translation to) {
    ConvolutionParameter conv = layer.getConvolutionParam();
    Window window = Window.of(conv);
    Convolution plain = Convolution.of(1, 1);
    Layer made =
        new TransposedConvolution(
            conv.getNumOutput(),
            window.kernel(),
            window.stride(),
            window.pad(),
            Extent.of(0),
            window.dilation(),
            conv.getGroup(),
            conv.getBiasTerm(),
            initializer(conv.hasWeightFiller(), conv.getWeightFiller(), plain.init(), to),
            initializer(conv.hasBiasFiller(), conv.getBiasFiller(), plain.biasInit(), to));
    to.bottom(layer);
    weighted(layer, to, made, 4, conv.getBiasTerm(), Change.NONE);
  }

  /** Adds a layer with weights and perhaps a bias. */
  private static void weighted(
      LayerParameter layer, Translation to, Layer made, int axes, boolean bias, Change change) {
    String node = to.add(layer, made, axes);
    to.parameter(node, "weight", new ParameterSource(layer.getName(), 0, change));
    if (bias) {
      to.parameter(node, "bias", ParameterSource.of(layer.getName(), 1));
    }
  }

  /** Returns a height and a width that a list gives, or two fields. */
  private static Extent extent(
      String field, List<Integer> list, boolean apart, Extent both, int fallback) {
    if (apart) {
      Unfit.unless(list.isEmpty(), "has %s both as a list and as height and width", field);
      return both;
    }
    return switch (list.size()) {
      case 0 -> Extent.of(fallback);
      case 1 -> Extent.of(list.get(0));
      case 2 -> new Extent(list.get(0), list.get(1));
      default -> throw new Unfit("has %d values of %s, not 2".formatted(list.size(), field));
    };
  }

  private static void innerProduct(LayerParameter layer, Translation to) {
    InnerProductParameter inner = layer.getInnerProductParam();
    Value value = to.bottom(layer);
    int axis = inner.getAxis() < 0 ? inner.getAxis() + value.axes() : inner.getAxis();
    if (axis > 1) {
      innerAxes(layer, axis, value, to);
      return;
    }
    LayerTypes.requireChannels(axis, value.axes());
    FullyConnected plain = FullyConnected.of(1);
    Layer made =
        new FullyConnected(
            inner.getNumOutput(),
            inner.getBiasTerm(),
            initializer(inner.hasWeightFiller(), inner.getWeightFiller(), plain.init(), to),
            initializer(inner.hasBiasFiller(), inner.getBiasFiller(), plain.biasInit(), to));
    Change change = inner.getTranspose() ? Change.TRANSPOSED : Change.NONE;
    weighted(layer, to, made, 2, inner.getBiasTerm(), change);
  }

  /**
   * Weights only the axes from one on: those become the channels of a convolution with one pixel,
   * and go back to their place.
   */
  private static void innerAxes(LayerParameter layer, int axis, Value value, Translation to) {
    InnerProductParameter inner = layer.getInnerProductParam();
    Unfit.unless(axis < value.axes() && value.axes() <= 4, "has no axis %d", inner.getAxis());
    Unfit.unless(!inner.getTranspose(), "has its matrix column by column");
    String name = Translation.title(layer);
    Order order = axis == 3 ? Order.WHC : Order.HCW;
    Value in = value;
    if (axis == 2 && value.axes() == 4) {
      int channels = value.shape().map(Chw::c).orElse(1);
      in = to.add(name + "/flat", new Reshape(channels, -1, 1), List.of(in));
    }
    in = to.add(name + "/in", new Permute(order), List.of(in));
    FullyConnected plain = FullyConnected.of(1);
    Layer made =
        new Convolution(
            inner.getNumOutput(),
            Extent.of(1),
            Extent.of(1),
            Padding.NONE,
            Extent.of(1),
            1,
            inner.getBiasTerm(),
            initializer(inner.hasWeightFiller(), inner.getWeightFiller(), plain.init(), to),
            initializer(inner.hasBiasFiller(), inner.getBiasFiller(), plain.biasInit(), to));
    Value weighted = to.add(name, made, List.of(in));
    to.parameter(weighted.node(), "weight", ParameterSource.of(layer.getName(), 0));
    if (inner.getBiasTerm()) {
      to.parameter(weighted.node(), "bias", ParameterSource.of(layer.getName(), 1));
    }
    Value out = to.add(name + "/out", new Permute(order), List.of(weighted));
    to.make(layer, 0, new Value(out.node(), out.shape(), axis + 1));
  }

  private static void batchNorm(LayerParameter layer, Translation to) {
    BatchNormParameter norm = layer.getBatchNormParam();
    BatchNormalization plain = (BatchNormalization) Layers.of("batch_norm");
    // 1 - 0.999 as a person would write it, not as floats subtract.
    double momentum = 1 - Fillers.decimal(norm.getMovingAverageFraction());
    momentum = Math.round(momentum * 1e7) / 1e7;
    BatchNormalization made =
        new BatchNormalization(
            Fillers.decimal(norm.getEps()), momentum, false, plain.gammaInit(), plain.betaInit());
    String node = to.add(layer, made, to.bottom(layer).axes());
    to.parameter(node, "running_mean", new ParameterSource(layer.getName(), 0, Change.AVERAGED));
    to.parameter(node, "running_var", new ParameterSource(layer.getName(), 1, Change.AVERAGED));
  }

  /** A scale after a batch normalisation is the learned part of it. */
  private static void scale(LayerParameter layer, Translation to) {
    ScaleParameter scale = layer.getScaleParam();
    Unfit.unless(
        layer.getBottomCount() == 1, "multiplies two tensors; Eltwise with PROD does that");
    Value value = to.bottom(layer);
    LayerTypes.requireChannels(scale.getAxis(), value.axes());
    Unfit.unless(scale.getNumAxes() == 1, "has factors along %d axes", scale.getNumAxes());
    ChannelScale plain = (ChannelScale) Layers.of("scale");
    Initializer gamma = initializer(scale.hasFiller(), scale.getFiller(), plain.init(), to);
    Initializer beta =
        initializer(scale.hasBiasFiller(), scale.getBiasFiller(), plain.biasInit(), to);
    Optional<Entry> before = to.unread(layer, value);
    if (before.isPresent()
        && before.get().layer() instanceof BatchNormalization norm
        && !norm.affine()) {
      BatchNormalization affine =
          new BatchNormalization(norm.epsilon(), norm.momentum(), true, gamma, beta);
      to.absorb(before.get(), affine, layer);
      to.make(layer, 0, value);
      return;
    }
    weighted(
        layer,
        to,
        new ChannelScale(scale.getBiasTerm(), gamma, beta),
        value.axes(),
        scale.getBiasTerm(),
        Change.NONE);
  }

  private static void bias(LayerParameter layer, Translation to) {
    BiasParameter bias = layer.getBiasParam();
    Unfit.unless(layer.getBottomCount() == 1, "adds two tensors; Eltwise with SUM does that");
    Value value = to.bottom(layer);
    LayerTypes.requireChannels(bias.getAxis(), value.axes());
    Unfit.unless(bias.getNumAxes() == 1, "has summands along %d axes", bias.getNumAxes());
    ChannelBias plain = (ChannelBias) Layers.of("bias");
    Initializer init = initializer(bias.hasFiller(), bias.getFiller(), plain.init(), to);
    String node = to.add(layer, new ChannelBias(init), value.axes());
    to.parameter(node, "bias", ParameterSource.of(layer.getName(), 0));
  }

  private static void prelu(LayerParameter layer, Translation to) {
    PReLUParameter prelu = layer.getPreluParam();
    ParametricRelu plain = (ParametricRelu) Layers.of("prelu");
    Initializer init = initializer(prelu.hasFiller(), prelu.getFiller(), plain.init(), to);
    Layer made = new ParametricRelu(prelu.getChannelShared(), init);
    String node = to.add(layer, made, to.bottom(layer).axes());
    to.parameter(node, "weight", ParameterSource.of(layer.getName(), 0));
  }
}
