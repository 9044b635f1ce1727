package org.lamina.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;

/**
 * Where parameters lie in one run of memory: every one as files store it, begun at a multiple of
 * {@link #ALIGNMENT} floats. What lies between them is zero and stays so.
 */
public final class ParameterTable {

  /** Every parameter begins at a multiple of so many floats: 512 bytes. */
  public static final int ALIGNMENT = 128;

  private final Map<String, Segment> segments = new LinkedHashMap<>();
  private long floats;

  /**
   * A parameter's place.
   *
   * @param name for example {@code conv1.weight}
   * @param layer the name of its layer
   * @param parameter what it is
   * @param offset floats before it
   */
  public record Segment(String name, String layer, Parameter parameter, long offset) {
    /** Returns its extents. */
    public Shape shape() {
      return parameter.shape();
    }

    /** Returns how many floats it has. */
    public long floats() {
      return parameter.shape().volume();
    }
  }

  private ParameterTable() {}

  static ParameterTable of(Network network, Predicate<Segment> wanted) {
    ParameterTable table = new ParameterTable();
    for (Node node : network.nodes()) {
      for (Parameter parameter : node.signature().parameters()) {
        String name = node.name() + "." + parameter.name();
        Segment segment = new Segment(name, node.name(), parameter, table.floats);
        if (wanted.test(segment)) {
          table.segments.put(name, segment);
          table.floats += (segment.floats() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
      }
    }
    return table;
  }

  static boolean isFrozen(Segment segment, Set<String> frozen) {
    return isFrozen(segment.layer(), segment.parameter().name(), frozen);
  }

  static boolean isFrozen(String layer, String parameter, Set<String> frozen) {
    return frozen.contains(layer) || frozen.contains(layer + "." + parameter);
  }

  /** Returns the places, in order. */
  public List<Segment> segments() {
    return new ArrayList<>(segments.values());
  }

  /** Returns whether there is a parameter of that name. */
  public boolean contains(String name) {
    return segments.containsKey(name);
  }

  /**
   * Returns a parameter's place.
   *
   * @throws IllegalArgumentException if there is no such parameter
   */
  public Segment segment(String name) {
    Segment segment = segments.get(name);
    if (segment == null) {
      throw new IllegalArgumentException(
          "there is no parameter '%s'; there are %s".formatted(name, segments.keySet()));
    }
    return segment;
  }

  /** Returns the floats of the whole run, what lies between parameters included. */
  public long floats() {
    return floats;
  }
}
