package org.lamina.engine;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.yaml.NetworkFile;

/** The shipped AlexNet, whole, on every layer within 1e-5 of the double-precision reference. */
class AlexNetTest {

  @Test
  void everyLayerAgreesWithTheReference() {
    Network network = NetworkFile.find("alexnet");
    Map<String, float[]> inputs = PlanTest.inputs(network, 1, new Random(2012));
    Function<String, Tensor> weights = PlanTest.weights(network, 2012);
    Map<String, double[]> expected = ReferenceRun.of(network, 1, inputs, weights);
    Set<String> all =
        network.nodes().stream()
            .map(Node::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    try (Session session = Session.open(Device.best())) {
      for (Family family : new Family[] {Family.GPU, Families.of(session.device())}) {
        // Once with every layer kept, so that nothing is fused, and once as it is used.
        for (Set<String> kept : Set.of(all, Set.<String>of())) {
          Schedule schedule = Schedule.of(network, family, 1, kept, Long.MAX_VALUE);
          try (Plan plan = Plan.of(schedule, session, weights)) {
            PlanTest.run(plan, inputs, 1)
                .forEach(
                    (name, values) ->
                        PlanTest.assertClose(family + " " + name, expected.get(name), values));
          }
        }
      }
    }
  }
}
