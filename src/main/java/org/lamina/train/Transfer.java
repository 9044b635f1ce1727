package org.lamina.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;

/**
 * The first weights of a network that learns from another one: parameters that the other has by the
 * same name and shape are taken, the others are made from a seed.
 */
public final class Transfer implements WeightSource {

  private final WeightSource source;
  private final SeededWeights anew;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final List<String> taken = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();

  /**
   * Compares the two; loads nothing.
   *
   * @param source must stay open while parameters are read
   * @throws WeightsException if not one parameter can be taken
   */
  public Transfer(Network network, WeightSource source, long seed) {
    this.source = source;
    anew = new SeededWeights(network, seed);
    Map<String, Shape> found = source.shapes();
    Map<String, Parameter> wanted = Weights.parameters(network);
    wanted.forEach(
        (name, parameter) -> {
          shapes.put(name, parameter.shape());
          (parameter.shape().equals(found.get(name)) ? taken : begun).add(name);
        });
    if (taken.isEmpty()) {
      throw new WeightsException(
          "%s: has no tensor of the name and shape of a parameter of %s; it has %s, the network %s"
              .formatted(source.origin(), network.name(), first(found), first(shapes)));
    }
  }

  private static String first(Map<String, Shape> shapes) {
    return shapes.entrySet().stream()
        .findFirst()
        .map(entry -> "'" + entry.getKey() + "' " + entry.getValue() + " and so on")
        .orElse("none");
  }

  /** Returns the parameters that are taken. */
  public List<String> taken() {
    return List.copyOf(taken);
  }

  /** Returns the parameters that begin anew. */
  public List<String> begun() {
    return List.copyOf(begun);
  }

  @Override
  public String origin() {
    return source.origin() + ", the rest " + anew.origin();
  }

  @Override
  public Map<String, Shape> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Optional<Tensor> read(String name) {
    return taken.contains(name) ? source.read(name) : anew.read(name);
  }
}
