package org.lamina.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * The parameters of a network before anything is learned, each made when it is read; see {@link
 * Initializers}. The same seed and names give the same bits on every machine. Safe for several
 * threads.
 */
public final class SeededWeights implements WeightSource {

  private final Map<String, Parameter> parameters;
  private final long seed;

  /**
   * Makes a source of a network's first values; computes nothing yet.
   *
   * @param network whose parameters are wanted
   * @param seed any number
   */
  public SeededWeights(Network network, long seed) {
    this.parameters = Weights.parameters(network);
    this.seed = seed;
  }

  /** Returns {@code weights seeded with 1}. */
  @Override
  public String origin() {
    return "weights seeded with " + seed;
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> shapes.put(name, parameter.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  /** Makes a parameter; empty if the network has none of that name. */
  @Override
  public Optional<Tensor> read(String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(p -> new Tensor(p.shape(), Initializers.fill(p, name, seed)));
  }
}
