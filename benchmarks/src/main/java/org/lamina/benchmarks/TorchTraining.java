package org.lamina.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import org.lamina.network.Network;
import org.lamina.weights.WeightSource;

/** Losses and gradients in PyTorch: forward, cross-entropy of the logits, backward. */
final class TorchTraining implements AutoCloseable {

  private final TorchNetwork network;
  private final NDArray images;
  private final NDArray labels;
  private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();

  TorchTraining(
      Network described, WeightSource weights, int threads, float[] values, int[] classes) {
    network = new TorchNetwork(described, weights, threads);
    images = network.images(values);
    labels = network.manager().create(classes);
    network.parameters().values().forEach(parameter -> parameter.setRequiresGradient(true));
  }

  /** Does a step and returns the loss; gradients are added to those of the steps before. */
  float step() {
    try (NDManager scope = network.manager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray logits = network.forward(images, scope, true);
      NDArray loss = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
      loss.attach(scope);
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  float[] gradient(String parameter) {
    try (NDArray gradient = network.parameters().get(parameter).getGradient()) {
      return gradient.toFloatArray();
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
