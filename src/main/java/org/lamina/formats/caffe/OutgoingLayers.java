package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.caffe.OutgoingLayer.Stored;
import org.lamina.formats.caffe.schema.BatchNormParameter;
import org.lamina.formats.caffe.schema.BiasParameter;
import org.lamina.formats.caffe.schema.ClipParameter;
import org.lamina.formats.caffe.schema.ConvolutionParameter;
import org.lamina.formats.caffe.schema.DropoutParameter;
import org.lamina.formats.caffe.schema.ELUParameter;
import org.lamina.formats.caffe.schema.EltwiseParameter;
import org.lamina.formats.caffe.schema.EltwiseParameter.EltwiseOp;
import org.lamina.formats.caffe.schema.InnerProductParameter;
import org.lamina.formats.caffe.schema.LRNParameter;
import org.lamina.formats.caffe.schema.LRNParameter.NormRegion;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.PReLUParameter;
import org.lamina.formats.caffe.schema.PoolingParameter;
import org.lamina.formats.caffe.schema.PoolingParameter.PoolMethod;
import org.lamina.formats.caffe.schema.PoolingParameter.RoundMode;
import org.lamina.formats.caffe.schema.PowerParameter;
import org.lamina.formats.caffe.schema.ReLUParameter;
import org.lamina.formats.caffe.schema.ScaleParameter;
import org.lamina.formats.caffe.schema.SwishParameter;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.ChannelBias;
import org.lamina.layer.ChannelScale;
import org.lamina.layer.Clip;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Elu;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Parameter;
import org.lamina.layer.ParametricRelu;
import org.lamina.layer.Power;
import org.lamina.layer.Rounding;
import org.lamina.layer.Swish;
import org.lamina.layer.TransposedConvolution;
import org.lamina.network.Node;

// Longer than 300 lines because every type of layer has its few lines here, a third of them imports
// and settings of messages.
/** What our layers are in Caffe; made of one node. */
final class OutgoingLayers {

  private final Node node;
  private final LayerParameter.Builder layer = LayerParameter.newBuilder();
  private final List<OutgoingLayer> layers = new ArrayList<>();
  private int axes;

  private OutgoingLayers(Node node, List<Integer> read) {
    this.node = node;
    this.axes = read.get(0);
    layer.setName(node.name()).addTop(node.name()).addAllBottom(node.from());
    Unfit.unless(
        read.stream().distinct().count() == 1, "reads results that are flat in Caffe and others");
  }

  /**
   * Translates a layer.
   *
   * @param read how many axes what it reads has in Caffe: 2 after a fully connected layer
   * @throws Unfit if Caffe has no form for it
   */
  static OutgoingLayers of(Node node, List<Integer> read) {
    OutgoingLayers made = new OutgoingLayers(node, read);
    made.translate();
    return made;
  }

  List<OutgoingLayer> layers() {
    return layers;
  }

  /** Returns how many axes the result has in Caffe. */
  int axes() {
    return axes;
  }

  private void translate() {
    Layer from = node.layer();
    if (from instanceof Convolution || from instanceof TransposedConvolution) {
      convolution(from);
    } else if (from instanceof FullyConnected fc) {
      InnerProductParameter.Builder inner =
          InnerProductParameter.newBuilder()
              .setNumOutput(fc.units())
              .setWeightFiller(Fillers.filler(fc.init()));
      if (fc.bias()) {
        inner.setBiasFiller(Fillers.filler(fc.biasInit()));
      } else {
        inner.setBiasTerm(false);
      }
      finish(layer.setType("InnerProduct").setInnerProductParam(inner));
      axes = 2;
    } else if (from instanceof BatchNormalization norm) {
      batchNorm(norm);
    } else if (from instanceof MaxPooling max) {
      pooling(PoolMethod.MAX, max.kernel(), max.stride(), max.pad(), max.round());
    } else if (from instanceof AveragePooling mean) {
      Unfit.unless(
          mean.countPadding() || mean.pad().isNone(), "does not count its padding; Caffe does");
      pooling(PoolMethod.AVE, mean.kernel(), mean.stride(), mean.pad(), mean.round());
    } else if (from instanceof LocalResponseNormalization lrn) {
      lrn(lrn);
    } else {
      withoutWindow(from);
    }
  }

  /** Ends the layer with all parameters of the node, in their order. */
  private void finish(LayerParameter.Builder made) {
    List<Stored> tensors = new ArrayList<>();
    for (Parameter parameter : node.signature().parameters()) {
      tensors.add(stored(parameter.name()));
    }
    layers.add(new OutgoingLayer(made.build(), tensors));
  }

  private Stored stored(String name) {
    return node.signature().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .map(parameter -> new Stored(node.name() + "." + name, parameter.shape()))
        .orElseThrow();
  }

  private void convolution(Layer from) {
    ConvolutionParameter.Builder conv = ConvolutionParameter.newBuilder();
    if (from instanceof Convolution c) {
      window(conv, c.filters(), c.kernel(), c.stride(), c.pad(), c.dilation(), c.groups());
      conv.setBiasTerm(c.bias()).setWeightFiller(Fillers.filler(c.init()));
      conv.setBiasFiller(Fillers.filler(c.biasInit()));
      layer.setType("Convolution");
    } else if (from instanceof TransposedConvolution c) {
      Unfit.unless(c.outputPadding().equals(Extent.of(0)), "adds rows or columns to its result");
      window(conv, c.filters(), c.kernel(), c.stride(), c.pad(), c.dilation(), c.groups());
      conv.setBiasTerm(c.bias()).setWeightFiller(Fillers.filler(c.init()));
      conv.setBiasFiller(Fillers.filler(c.biasInit()));
      layer.setType("Deconvolution");
    }
    if (conv.getBiasTerm()) {
      conv.clearBiasTerm();
    } else {
      conv.clearBiasFiller();
    }
    finish(layer.setConvolutionParam(conv));
  }

  private void window(
      ConvolutionParameter.Builder conv,
      int filters,
      Extent kernel,
      Extent stride,
      Padding pad,
      Extent dilation,
      int groups) {
    requireImage();
    conv.setNumOutput(filters);
    extent(kernel, 0).forEach(conv::addKernelSize);
    extent(stride, 1).forEach(conv::addStride);
    extent(symmetric(pad), 0).forEach(conv::addPad);
    extent(dilation, 1).forEach(conv::addDilation);
    if (groups != 1) {
      conv.setGroup(groups);
    }
  }

  private void requireImage() {
    Unfit.unless(axes == 4, "reads what a fully connected layer gives, which is no image in Caffe");
  }

  private static Extent symmetric(Padding pad) {
    Unfit.unless(
        pad.top() == pad.bottom() && pad.left() == pad.right(),
        "pads opposite sides differently, by %s",
        pad);
    return new Extent(pad.top(), pad.left());
  }

  /** Returns one number for both directions, two for different ones, none for the default. */
  private static List<Integer> extent(Extent extent, int plain) {
    if (extent.h() != extent.w()) {
      return List.of(extent.h(), extent.w());
    }
    return extent.h() == plain ? List.of() : List.of(extent.h());
  }

  private void batchNorm(BatchNormalization norm) {
    String scaled = node.name() + "/scale";
    BatchNormParameter.Builder param =
        BatchNormParameter.newBuilder()
            .setEps((float) norm.epsilon())
            .setMovingAverageFraction((float) (1 - norm.momentum()));
    layer.setType("BatchNorm").setBatchNormParam(param);
    layers.add(
        new OutgoingLayer(
            layer.build(), List.of(stored("running_mean"), stored("running_var"), Stored.ONE)));
    if (norm.affine()) {
      ScaleParameter.Builder scale =
          ScaleParameter.newBuilder()
              .setFiller(Fillers.filler(norm.gammaInit()))
              .setBiasTerm(true)
              .setBiasFiller(Fillers.filler(norm.betaInit()));
      LayerParameter second =
          LayerParameter.newBuilder()
              .setName(scaled)
              .setType("Scale")
              .addBottom(node.name())
              .addTop(node.name())
              .setScaleParam(scale)
              .build();
      layers.add(new OutgoingLayer(second, List.of(stored("weight"), stored("bias"))));
    }
  }

  private void pooling(
      PoolMethod method, Extent kernel, Extent stride, Padding pad, Rounding round) {
    requireImage();
    Extent sides = symmetric(pad);
    PoolingParameter.Builder pooling = PoolingParameter.newBuilder().setPool(method);
    if (kernel.h() == kernel.w()) {
      pooling.setKernelSize(kernel.h());
    } else {
      pooling.setKernelH(kernel.h()).setKernelW(kernel.w());
    }
    if (stride.h() == stride.w()) {
      pooling.setStride(stride.h());
    } else {
      pooling.setStrideH(stride.h()).setStrideW(stride.w());
    }
    if (sides.h() != sides.w()) {
      pooling.setPadH(sides.h()).setPadW(sides.w());
    } else if (sides.h() != 0) {
      pooling.setPad(sides.h());
    }
    if (round == Rounding.FLOOR) {
      pooling.setRoundMode(RoundMode.FLOOR);
    } else if (pad.isNone()) {
      PoolingType.requireFullWindows(node.signature().input(), kernel, stride);
    }
    finish(layer.setType("Pooling").setPoolingParam(pooling));
  }

  private void lrn(LocalResponseNormalization lrn) {
    boolean within = lrn.region() == Region.WITHIN_CHANNEL;
    Unfit.unless(!within || lrn.k() == 1, "has k = %s; Caffe's is 1 within channels", lrn.k());
    double neighbours = within ? (double) lrn.size() * lrn.size() : lrn.size();
    LRNParameter.Builder param =
        LRNParameter.newBuilder()
            .setLocalSize(lrn.size())
            .setAlpha((float) (lrn.average() ? lrn.alpha() : lrn.alpha() * neighbours))
            .setBeta((float) lrn.beta())
            .setK((float) lrn.k());
    if (within) {
      requireImage();
      param.setNormRegion(NormRegion.WITHIN_CHANNEL);
    }
    finish(layer.setType("LRN").setLrnParam(param));
  }

  private void withoutWindow(Layer from) {
    switch (from.key()) {
      case "relu" -> layer.setType("ReLU");
      case "leaky_relu" ->
          layer
              .setType("ReLU")
              .setReluParam(
                  ReLUParameter.newBuilder().setNegativeSlope((float) ((LeakyRelu) from).slope()));
      case "sigmoid" -> layer.setType("Sigmoid");
      case "tanh" -> layer.setType("TanH");
      case "abs" -> layer.setType("AbsVal");
      case "softplus" -> layer.setType("BNLL");
      case "exp" -> layer.setType("Exp");
      case "log" -> layer.setType("Log");
      case "softmax" -> layer.setType("Softmax");
      case "concat" -> layer.setType("Concat");
      case "flatten" -> {
        layer.setType("Flatten");
        axes = 2;
      }
      case "global_avg_pool" -> global(PoolMethod.AVE);
      case "global_max_pool" -> global(PoolMethod.MAX);
      case "add" -> eltwise(EltwiseOp.SUM);
      case "mul" -> eltwise(EltwiseOp.PROD);
      case "max" -> eltwise(EltwiseOp.MAX);
      default -> withFields(from);
    }
    finish(layer);
  }

  private void withFields(Layer from) {
    if (from instanceof Dropout dropout) {
      layer
          .setType("Dropout")
          .setDropoutParam(DropoutParameter.newBuilder().setDropoutRatio((float) dropout.p()));
    } else if (from instanceof Elu elu) {
      layer.setType("ELU").setEluParam(ELUParameter.newBuilder().setAlpha((float) elu.alpha()));
    } else if (from instanceof Swish swish) {
      layer
          .setType("Swish")
          .setSwishParam(SwishParameter.newBuilder().setBeta((float) swish.beta()));
    } else if (from instanceof Clip clip) {
      layer
          .setType("Clip")
          .setClipParam(
              ClipParameter.newBuilder().setMin((float) clip.min()).setMax((float) clip.max()));
    } else if (from instanceof Power power) {
      PowerParameter.Builder param =
          PowerParameter.newBuilder()
              .setPower((float) power.exponent())
              .setScale((float) power.scale())
              .setShift((float) power.shift());
      layer.setType("Power").setPowerParam(param);
    } else if (from instanceof ParametricRelu prelu) {
      PReLUParameter.Builder param =
          PReLUParameter.newBuilder()
              .setFiller(Fillers.filler(prelu.init()))
              .setChannelShared(prelu.shared());
      layer.setType("PReLU").setPreluParam(param);
    } else if (from instanceof ChannelScale scale) {
      ScaleParameter.Builder param =
          ScaleParameter.newBuilder()
              .setFiller(Fillers.filler(scale.init()))
              .setBiasTerm(scale.bias())
              .setBiasFiller(Fillers.filler(scale.biasInit()));
      layer.setType("Scale").setScaleParam(param);
    } else if (from instanceof ChannelBias bias) {
      layer
          .setType("Bias")
          .setBiasParam(BiasParameter.newBuilder().setFiller(Fillers.filler(bias.init())));
    } else {
      throw new Unfit("Caffe has no layer that does what it does");
    }
  }

  private void global(PoolMethod method) {
    requireImage();
    layer
        .setType("Pooling")
        .setPoolingParam(PoolingParameter.newBuilder().setPool(method).setGlobalPooling(true));
  }

  private void eltwise(EltwiseOp operation) {
    Unfit.unless(
        node.signature().inputs().stream().distinct().count() == 1,
        "stretches results of different shapes");
    layer.setType("Eltwise").setEltwiseParam(EltwiseParameter.newBuilder().setOperation(operation));
  }
}
