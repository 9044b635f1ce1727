package org.lamina.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Layer;
import org.lamina.layer.Precision;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;

/**
 * Writes a network in Java as one does in YAML: a list of layers is a chain, each reads the one
 * before it.
 *
 * <pre>{@code
 * Network small =
 *     Network.named("small")
 *         .input(3, 32, 32)
 *         .layer("conv1", Convolution.of(32, 5).pad(2))
 *         .layer(new Relu())
 *         .layer("pool1", MaxPooling.of(3, 2))
 *         .layer("scores", FullyConnected.of(10))
 *         .layer("prob", new Softmax())
 *         .build();
 * }</pre>
 *
 * <p>Every method changes the builder and returns it.
 */
public final class NetworkBuilder {

  private final String name;
  private final Map<String, Chw> inputs = new LinkedHashMap<>();
  private final Chain chain = new Chain();
  private Preprocessing preprocessing = Preprocessing.NONE;
  private Optional<Precision> precision = Optional.empty();

  NetworkBuilder(String name) {
    this.name = name;
  }

  /** Gives the network an input that is called {@code input}. */
  public NetworkBuilder input(int channels, int height, int width) {
    return input("input", channels, height, width);
  }

  /**
   * Gives the network an input; where there are several, the first layer must say which it reads.
   */
  public NetworkBuilder input(String input, int channels, int height, int width) {
    if (inputs.putIfAbsent(input, new Chw(channels, height, width)) != null) {
      throw new NetworkException("", "input", "there are two inputs '%s'".formatted(input));
    }
    return this;
  }

  /** Says how a picture becomes the input. */
  public NetworkBuilder preprocess(Step... steps) {
    preprocessing = new Preprocessing(List.of(steps));
    return this;
  }

  /** Says how weights are to be stored on a device where nobody says otherwise. */
  public NetworkBuilder precision(Precision stored) {
    precision = Optional.of(stored);
    return this;
  }

  /** Adds a layer that is called by its type and a number, {@code relu1}. */
  public NetworkBuilder layer(Layer layer) {
    return layer(Draft.of(layer));
  }

  /** Adds a layer. */
  public NetworkBuilder layer(String layerName, Layer layer) {
    return layer(Draft.of(layerName, layer));
  }

  /** Adds a layer that says more: what it reads, where it belongs, or its branches. */
  public NetworkBuilder layer(Draft draft) {
    chain.links().add(new Chain.Link(draft));
    return this;
  }

  /**
   * Returns the network.
   *
   * @throws NetworkException if the layers do not make one
   */
  public Network build() {
    Network network = chain.network(name, inputs, preprocessing);
    return precision.map(network::with).orElse(network);
  }
}
