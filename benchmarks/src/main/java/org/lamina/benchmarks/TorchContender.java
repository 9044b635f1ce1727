package org.lamina.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.lamina.network.Network;
import org.lamina.weights.WeightSource;

/** PyTorch on the CPU through DJL. */
final class TorchContender implements Contender {

  private final TorchNetwork network;
  private final NDArray images;
  private float[] result = {};

  TorchContender(Network described, WeightSource weights, int threads, float[] values) {
    network = new TorchNetwork(described, weights, threads);
    images = network.images(values);
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public void run() {
    try (NDManager scope = network.manager().newSubManager()) {
      result = network.forward(images, scope, false).toFloatArray();
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
