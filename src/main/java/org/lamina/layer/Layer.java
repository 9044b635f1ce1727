package org.lamina.layer;

import java.util.List;
import java.util.Map;
import org.lamina.tensor.Chw;

/**
 * One layer of a network: its parameters, its shape rule and its kernels, in one place.
 *
 * <p>An implementation is a record whose components are the YAML keys of the layer (in snake case)
 * and whose {@link Key} is its name there. It is immutable and knows no device until {@link
 * #compile}. The {@code permits} clause below is the catalogue of layer types: a layer that is not
 * named here does not exist, and one that is can be written in YAML.
 */
public sealed interface Layer
    permits Absolute,
        Add,
        AveragePooling,
        BatchNormalization,
        ChannelBias,
        ChannelScale,
        Clip,
        Concat,
        Convolution,
        DepthToSpace,
        Divide,
        Dropout,
        Elu,
        Exponential,
        Flatten,
        FullyConnected,
        Gelu,
        GlobalAveragePooling,
        GlobalMaxPooling,
        HardSigmoid,
        HardSwish,
        InstanceNormalization,
        LeakyRelu,
        LocalResponseNormalization,
        LocallyConnected,
        LogSoftmax,
        Logarithm,
        MaxPooling,
        Maximum,
        Minimum,
        Mish,
        Multiply,
        Pad,
        PadChannels,
        ParametricRelu,
        Permute,
        Power,
        Relu,
        Reorganize,
        Reshape,
        Selu,
        ShuffleChannels,
        Sigmoid,
        Slice,
        Softmax,
        Softplus,
        SpaceToDepth,
        Subtract,
        Swish,
        Tanh,
        TransposedConvolution,
        Upsample {

  /**
   * Infers what the layer produces and needs, without touching a device.
   *
   * @param inputs the shapes of one image of every input, in the order the network lists them
   * @throws InvalidParameterException if the parameters do not fit these inputs
   */
  Signature infer(List<Chw> inputs);

  /**
   * Chooses the kernels for one place in a network, without touching a device: they are built when
   * the program is bound.
   */
  LayerProgram compile(Site site);

  /**
   * Returns the names of the algorithms that apply at one place, the one expected to be fastest
   * first; empty for layers that have only one. {@link Choices} can ask for any of them.
   */
  default List<String> algorithms(Site site) {
    return List.of();
  }

  /**
   * Returns what the cost model expects of the {@link #algorithms}, in their order: numbers that
   * mean nothing but which is how many times as slow as another one.
   */
  default Map<String, Double> costs(Site site) {
    return Map.of();
  }

  /**
   * Returns whether this layer's kernels can apply {@code next} to their result before they store
   * it, so that the pair runs as one; {@code next} is then given as {@link Site#fused}.
   */
  default boolean fuses(Layer next) {
    return false;
  }

  /**
   * Returns whether this layer's kernels of a family can pool their result before they store it, so
   * that in inference the pair runs as one; {@code next} is then given as {@link Site#fused}, and
   * the output has its shape.
   */
  default boolean pools(Layer next, Family family) {
    return false;
  }

  /**
   * Returns whether this layer's kernels at a place can add another tensor of the result's shape
   * before they apply the activation, so that a layer and the sum after it run as one; see {@link
   * Site#adds}.
   */
  default boolean adds(Site site) {
    return false;
  }

  /**
   * Chooses the kernels of the way back for one place in a network, without touching a device.
   *
   * @throws UnsupportedOperationException if the layer has no gradient
   */
  default GradientProgram backward(GradientSite site) {
    throw new UnsupportedOperationException("a layer of type '" + key() + "' cannot be trained");
  }

  /**
   * Returns whether training computes something else than inference, as dropout does; such a layer
   * is compiled for {@link Phase#EVALUATION} separately.
   */
  default boolean differsInTraining() {
    return false;
  }

  /** Returns the key of this layer's type in YAML, for example {@code conv}. */
  default String key() {
    return getClass().getAnnotation(Key.class).value();
  }
}
