package org.lamina.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.engine.Plan;
import org.lamina.engine.Schedule;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** Finds where values are infinite or not numbers. */
final class NonFinite {

  private NonFinite() {}

  /** Returns the first tensor that holds such a value. */
  static Optional<String> tensor(Map<String, Tensor> tensors) {
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      for (float value : tensor.getValue().values()) {
        if (!Float.isFinite(value)) {
          return Optional.of(tensor.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the first layer, in the network's order, whose result holds such a value for one of
   * some images: runs the network once more on each, as it is used, and looks at every result.
   *
   * @param images what it was given, [count, C, H, W]
   */
  static Optional<String> layer(
      Network network,
      Session session,
      Family family,
      Map<String, Tensor> weights,
      FloatBuffer images,
      int count) {
    Set<String> all = new LinkedHashSet<>();
    network.nodes().stream().map(Node::name).forEach(all::add);
    Schedule schedule = Schedule.of(network, family, 1, all, session.device().maxAllocation());
    try (Plan plan = Plan.of(schedule, session, weights::get)) {
      int volume = images.remaining() / count;
      for (int i = 0; i < count; i++) {
        plan.input().put(images.slice(i * volume, volume));
        plan.run(1);
        for (String layer : all) {
          if (!isFinite(plan.output(layer))) {
            return Optional.of(layer);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isFinite(FloatBuffer values) {
    while (values.hasRemaining()) {
      if (!Float.isFinite(values.get())) {
        return false;
      }
    }
    return true;
  }
}
