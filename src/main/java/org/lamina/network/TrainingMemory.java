package org.lamina.network;

import org.lamina.layer.Parameter;

/**
 * An estimate of the memory that a training step takes, in bytes of float32: every result is kept
 * for the way back, every result and every learned value has a gradient, and the optimiser keeps
 * one momentum for each learned value. What layers share, recompute or need besides is left out.
 *
 * @param activations inputs and results of all layers, for the batch
 * @param gradients gradients of the results, for the batch
 * @param weights learned values and running statistics
 * @param weightGradients gradients of the learned values
 * @param momentum one value for each learned one
 */
public record TrainingMemory(
    long activations, long gradients, long weights, long weightGradients, long momentum) {

  /** Returns the estimate for a network and a number of images, at least 1. */
  public static TrainingMemory estimate(Network network, int batch) {
    long results =
        network.nodes().stream().mapToLong(node -> node.signature().output().volume()).sum();
    long inputs = network.inputs().values().stream().mapToLong(shape -> shape.volume()).sum();
    long learned = network.parameters();
    return new TrainingMemory(
        bytes((results + inputs) * batch),
        bytes(results * batch),
        bytes(learned + fixed(network)),
        bytes(learned),
        bytes(learned));
  }

  /** Returns the number of values that come with the weights but are not learned. */
  public static long fixed(Network network) {
    return network.nodes().stream().mapToLong(TrainingMemory::fixed).sum();
  }

  /** Returns the number of values of a layer that come with the weights but are not learned. */
  public static long fixed(Node node) {
    return node.signature().parameters().stream()
        .filter(parameter -> !parameter.learned())
        .map(Parameter::shape)
        .mapToLong(shape -> shape.volume())
        .sum();
  }

  private static long bytes(long floats) {
    return floats * Float.BYTES;
  }

  /** Returns all bytes together. */
  public long bytes() {
    return activations + gradients + weights + weightGradients + momentum;
  }
}
