package org.lamina.layer;

import java.util.Map;
import java.util.function.Function;

/** Finds the reference of a layer by its type. */
final class References {

  private static final Map<Class<? extends Layer>, Function<Layer, Reference>> BY_TYPE =
      Map.ofEntries(
          entry(Absolute.class, ActivationReference::new),
          entry(Add.class, ElementwiseReference::new),
          entry(AveragePooling.class, PoolingReference::of),
          entry(BatchNormalization.class, BatchNormalizationReference::new),
          entry(ChannelBias.class, ChannelReference::new),
          entry(ChannelScale.class, ChannelReference::new),
          entry(Clip.class, ActivationReference::new),
          entry(Concat.class, layer -> new ConcatReference()),
          entry(Convolution.class, ConvolutionReference::new),
          entry(DepthToSpace.class, MoveReference::new),
          entry(Divide.class, ElementwiseReference::new),
          entry(Dropout.class, ActivationReference::new),
          entry(Elu.class, ActivationReference::new),
          entry(Exponential.class, ActivationReference::new),
          // Dense NCHW flattens by being read differently.
          entry(Flatten.class, layer -> (s, images, x, p) -> Reference.Result.exact(x.get(0))),
          entry(FullyConnected.class, FullyConnectedReference::new),
          entry(Gelu.class, ActivationReference::new),
          entry(GlobalAveragePooling.class, layer -> new GlobalPoolingReference(false)),
          entry(GlobalMaxPooling.class, layer -> new GlobalPoolingReference(true)),
          entry(HardSigmoid.class, ActivationReference::new),
          entry(HardSwish.class, ActivationReference::new),
          entry(InstanceNormalization.class, InstanceNormalizationReference::new),
          entry(LeakyRelu.class, ActivationReference::new),
          entry(LocalResponseNormalization.class, LocalResponseReference::new),
          entry(LocallyConnected.class, LocallyConnectedReference::new),
          entry(LogSoftmax.class, layer -> new SoftmaxReference(true)),
          entry(Logarithm.class, ActivationReference::new),
          entry(MaxPooling.class, PoolingReference::of),
          entry(Maximum.class, ElementwiseReference::new),
          entry(Minimum.class, ElementwiseReference::new),
          entry(Mish.class, ActivationReference::new),
          entry(Multiply.class, ElementwiseReference::new),
          entry(Pad.class, MoveReference::new),
          entry(PadChannels.class, PadChannelsReference::new),
          entry(ParametricRelu.class, ChannelReference::new),
          entry(Permute.class, MoveReference::new),
          entry(Power.class, ActivationReference::new),
          entry(Relu.class, ActivationReference::new),
          entry(Reorganize.class, MoveReference::new),
          entry(Reshape.class, MoveReference::new),
          entry(Selu.class, ActivationReference::new),
          entry(ShuffleChannels.class, MoveReference::new),
          entry(Sigmoid.class, ActivationReference::new),
          entry(Slice.class, MoveReference::new),
          entry(Softmax.class, layer -> new SoftmaxReference(false)),
          entry(Softplus.class, ActivationReference::new),
          entry(SpaceToDepth.class, MoveReference::new),
          entry(Subtract.class, ElementwiseReference::new),
          entry(Swish.class, ActivationReference::new),
          entry(Tanh.class, ActivationReference::new),
          entry(TransposedConvolution.class, TransposedConvolutionReference::new),
          entry(Upsample.class, MoveReference::new));

  private References() {}

  static Reference of(Layer layer) {
    Function<Layer, Reference> maker = BY_TYPE.get(layer.getClass());
    if (maker == null) {
      throw new AssertionError("there is no reference for " + layer.getClass().getSimpleName());
    }
    return maker.apply(layer);
  }

  private static <L extends Layer>
      Map.Entry<Class<? extends Layer>, Function<Layer, Reference>> entry(
          Class<L> type, Function<L, Reference> maker) {
    return Map.entry(type, layer -> maker.apply(type.cast(layer)));
  }
}
