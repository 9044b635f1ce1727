package org.lamina.network.lint;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Absolute;
import org.lamina.layer.Add;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.Concat;
import org.lamina.layer.DepthToSpace;
import org.lamina.layer.Dropout;
import org.lamina.layer.Exponential;
import org.lamina.layer.Flatten;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.GlobalMaxPooling;
import org.lamina.layer.HardSigmoid;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Maximum;
import org.lamina.layer.Minimum;
import org.lamina.layer.Multiply;
import org.lamina.layer.Permute;
import org.lamina.layer.Relu;
import org.lamina.layer.Reorganize;
import org.lamina.layer.Reshape;
import org.lamina.layer.ShuffleChannels;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Slice;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.SpaceToDepth;
import org.lamina.layer.Upsample;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** A network, with what the rules ask about it worked out once. */
final class Surroundings {

  private static final Set<Class<? extends Layer>> NEVER_NEGATIVE =
      Set.of(
          Absolute.class,
          Exponential.class,
          HardSigmoid.class,
          Relu.class,
          Sigmoid.class,
          Softmax.class,
          Softplus.class);
  private static final Set<Class<? extends Layer>> KEEPS_SIGN =
      Set.of(
          Add.class,
          DepthToSpace.class,
          Maximum.class,
          Minimum.class,
          Multiply.class,
          Permute.class,
          Reorganize.class,
          Reshape.class,
          ShuffleChannels.class,
          Slice.class,
          SpaceToDepth.class,
          Upsample.class,
          AveragePooling.class,
          Concat.class,
          Dropout.class,
          Flatten.class,
          GlobalAveragePooling.class,
          GlobalMaxPooling.class,
          LocalResponseNormalization.class,
          MaxPooling.class);

  private final Network network;
  private final Map<String, Spot> spots = new LinkedHashMap<>();
  private final Map<String, List<Node>> readers;
  private final Set<String> notNegative = new HashSet<>();

  Surroundings(Network network) {
    this.network = network;
    readers = network.readers();
    for (Node node : network.nodes()) {
      spots.put(node.name(), new Spot(node, this));
      Class<?> type = node.layer().getClass();
      if (NEVER_NEGATIVE.contains(type)
          || KEEPS_SIGN.contains(type) && notNegative.containsAll(node.from())) {
        notNegative.add(node.name());
      }
    }
  }

  Network network() {
    return network;
  }

  List<Spot> spots() {
    return List.copyOf(spots.values());
  }

  Optional<Spot> spot(String name) {
    return Optional.ofNullable(spots.get(name));
  }

  List<Spot> readers(String name) {
    return readers.get(name).stream().map(node -> spots.get(node.name())).toList();
  }

  /** Returns whether a layer's results are 0 or more, whatever its input. */
  boolean isNotNegative(String name) {
    return notNegative.contains(name);
  }
}
