package org.lamina.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.Function;
import org.lamina.network.Network;
import org.lamina.weights.WeightSource;

/** PyTorch through DJL. */
final class TorchContender implements Contender {

  private final TorchNetwork network;
  private final Function<NDManager, NDArray> images;
  private float[] result = {};

  /** On the CPU. */
  TorchContender(Network described, WeightSource weights, int threads, float[] values) {
    network = new TorchNetwork(described, weights, threads);
    NDArray there = network.images(values);
    images = scope -> there;
  }

  private TorchContender(TorchNetwork network, float[] values) {
    this.network = network;
    images =
        scope -> {
          NDArray fresh = network.images(values);
          fresh.attach(scope);
          return fresh;
        };
  }

  /** Returns PyTorch on the first GPU; each run takes the images there. */
  static TorchContender onGpu(
      Network described, WeightSource weights, int threads, float[] values) {
    return new TorchContender(new TorchNetwork(described, weights, threads, Device.gpu()), values);
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public void run() {
    try (NDManager scope = network.manager().newSubManager()) {
      result = network.forward(images.apply(scope), scope, false).toFloatArray();
    }
  }

  @Override
  public float[] result() {
    return result.clone();
  }

  @Override
  public void close() {
    network.close();
  }
}
