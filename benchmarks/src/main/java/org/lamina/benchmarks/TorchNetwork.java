package org.lamina.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Add;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.Flatten;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Relu;
import org.lamina.layer.Rounding;
import org.lamina.layer.Softmax;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Tensor;
import org.lamina.weights.WeightSource;

/** A network in PyTorch, through DJL: the same layers as PyTorch's operators, eagerly. */
final class TorchNetwork implements AutoCloseable {

  private final Network network;
  private final NDManager manager;
  private final Map<String, NDArray> parameters = new HashMap<>();

  /** On the CPU. */
  TorchNetwork(Network network, WeightSource weights, int threads) {
    this(network, weights, threads, Device.cpu());
  }

  TorchNetwork(Network network, WeightSource weights, int threads, Device device) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    this.network = network;
    manager = Engine.getEngine("PyTorch").newBaseManager(device);
    weights
        .shapes()
        .keySet()
        .forEach(name -> parameters.put(name, array(weights.read(name).orElseThrow())));
  }

  private NDArray array(Tensor tensor) {
    List<Integer> extents = tensor.shape().extents();
    long[] shape = new long[extents.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = extents.get(i);
    }
    return manager.create(tensor.values(), new Shape(shape));
  }

  /** Returns what makes arrays that live as long as the network. */
  NDManager manager() {
    return manager;
  }

  /** Returns the parameters by their names. */
  Map<String, NDArray> parameters() {
    return parameters;
  }

  /** Returns a batch of images. */
  NDArray images(float[] values) {
    var shape = network.inputs().values().iterator().next();
    long batch = values.length / shape.volume();
    return manager.create(values, new Shape(batch, shape.c(), shape.h(), shape.w()));
  }

  /**
   * Runs the network.
   *
   * @param scope owns what is made on the way
   * @param logits whether to leave out a softmax at the end
   */
  NDArray forward(NDArray images, NDManager scope, boolean logits) {
    Map<String, NDArray> results = new HashMap<>();
    NDArray last = images.duplicate();
    last.attach(scope);
    results.put(network.inputs().keySet().iterator().next(), last);
    for (Node node : network.nodes()) {
      if (logits && node.layer() instanceof Softmax) {
        return last;
      }
      last = apply(node, results);
      last.attach(scope);
      results.put(node.name(), last);
    }
    return last;
  }

  private NDArray apply(Node node, Map<String, NDArray> results) {
    NDArray x = results.get(node.from().get(0));
    Layer layer = node.layer();
    if (layer instanceof Convolution conv) {
      return Conv2d.conv2d(
              x,
              parameter(node, "weight").orElseThrow(),
              parameter(node, "bias").orElse(null),
              shape(conv.stride()),
              shape(conv.pad()),
              shape(conv.dilation()),
              conv.groups())
          .singletonOrThrow();
    } else if (layer instanceof FullyConnected) {
      NDArray flat = x.getShape().dimension() == 2 ? x : x.reshape(x.getShape().get(0), -1);
      return Linear.linear(
              flat, parameter(node, "weight").orElseThrow(), parameter(node, "bias").orElse(null))
          .singletonOrThrow();
    } else if (layer instanceof MaxPooling pool) {
      return Pool.maxPool2d(
          x,
          shape(pool.kernel()),
          shape(pool.stride()),
          shape(pool.pad()),
          pool.round() == Rounding.CEIL);
    } else if (layer instanceof Relu) {
      return Activation.relu(x);
    } else if (layer instanceof LocalResponseNormalization lrn) {
      return normalised(lrn, x);
    } else if (layer instanceof Softmax) {
      return x.softmax(1);
    } else if (layer instanceof Dropout) {
      return x;
    } else if (layer instanceof Flatten) {
      return x.reshape(x.getShape().get(0), -1);
    } else if (layer instanceof GlobalAveragePooling) {
      return Pool.globalAvgPool2d(x);
    } else if (layer instanceof Add) {
      return NDArrays.add(node.from().stream().map(results::get).toArray(NDArray[]::new));
    }
    throw new IllegalArgumentException(
        "layer '%s': PyTorch is given no %s".formatted(node.name(), layer.key()));
  }

  /** By definition, because PyTorch's own divides alpha: the sums over channels are a product. */
  private NDArray normalised(LocalResponseNormalization lrn, NDArray x) {
    if (lrn.average() || lrn.region() != LocalResponseNormalization.Region.ACROSS_CHANNELS) {
      throw new IllegalArgumentException("PyTorch is given no " + lrn);
    }
    int channels = (int) x.getShape().get(1);
    float[] near = new float[channels * channels];
    for (int i = 0; i < near.length; i++) {
      near[i] = Math.abs(i / channels - i % channels) <= lrn.size() / 2 ? 1 : 0;
    }
    NDArray window = x.getManager().create(near, new Shape(channels, channels, 1, 1));
    NDArray sums = Conv2d.conv2d(x.mul(x), window).singletonOrThrow();
    return x.div(sums.mul((float) lrn.alpha()).add((float) lrn.k()).pow((float) lrn.beta()));
  }

  private Optional<NDArray> parameter(Node node, String name) {
    return Optional.ofNullable(parameters.get(node.name() + "." + name));
  }

  private static Shape shape(Extent extent) {
    return new Shape(extent.h(), extent.w());
  }

  private static Shape shape(Padding pad) {
    if (pad.top() != pad.bottom() || pad.left() != pad.right()) {
      throw new IllegalArgumentException("PyTorch is given no pad of " + pad);
    }
    return new Shape(pad.top(), pad.left());
  }

  @Override
  public void close() {
    manager.close();
  }
}
