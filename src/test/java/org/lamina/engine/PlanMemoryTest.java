package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.yaml.NetworkFile;

/** The memory of shipped networks beside what any plan would need. */
final class PlanMemoryTest {

  private static final double MOST = 1.15;

  private static Stream<Arguments> plans() {
    return Stream.of("alexnet", "alexnet-owt", "vgg-16", "resnet-18", "squeezenet-1.1", "googlenet")
        .flatMap(
            name ->
                Stream.of(Family.GPU, Family.cpu(4), Family.cpu(8), Family.cpu(16))
                    .flatMap(
                        family ->
                            Stream.of(1, 64).map(batch -> Arguments.of(name, family, batch))));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void thePeakIsLittleMoreThanWhatIsAliveAtOnce(String name, Family family, int batch) {
    Schedule schedule = Schedule.of(NetworkFile.find(name), family, batch);
    double ratio = (double) schedule.activationBytes() / schedule.liveBytes();
    assertTrue(ratio >= 1 && ratio <= MOST, "peak / lower bound = " + ratio);
  }

  private static Stream<Family> families() {
    return Stream.of(Family.GPU, Family.cpu(4), Family.cpu(8), Family.cpu(16));
  }

  /** The bound here knows nothing of layouts, halos and workspaces: tensors as the network has. */
  @ParameterizedTest
  @MethodSource("families")
  void alexNetTakesLittleMoreThanItsTensors(Family family) {
    Network network = NetworkFile.find("alexnet");
    Schedule schedule = Schedule.of(network, family, 64);
    double ratio = schedule.activationBytes() / (64.0 * Float.BYTES * liveFloats(network));
    assertTrue(ratio <= MOST, "peak / tensors alive at once = " + ratio);
  }

  /** Returns the largest sum of the sizes of tensors that are alive during one layer. */
  private static long liveFloats(Network network) {
    List<Node> nodes = network.nodes();
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String from : nodes.get(i).from()) {
        last.put(from, i);
      }
    }
    Map<String, Long> alive = new HashMap<>();
    network.inputs().forEach((name, shape) -> alive.put(name, shape.volume()));
    long most = 0;
    for (int i = 0; i < nodes.size(); i++) {
      int now = i;
      Node node = nodes.get(i);
      if (node.signature().parameters().isEmpty() && inPlace(node)) {
        continue; // takes no memory of its own: the result has the name of its input here
      }
      alive.put(node.name(), node.signature().output().volume());
      most = Math.max(most, alive.values().stream().mapToLong(Long::longValue).sum());
      alive.keySet().removeIf(name -> last.getOrDefault(name, nodes.size()) <= now);
    }
    return most;
  }

  private static boolean inPlace(Node node) {
    return List.of("relu", "dropout", "softmax").contains(node.layer().key());
  }
}
