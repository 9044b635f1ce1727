package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Convolution;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.Relu;
import org.lamina.network.Network;
import org.lamina.network.Node;

/**
 * AlexNet is what the paper says, or what its authors ran; its variants differ where they should.
 */
final class AlexNetsTest {

  @Test
  void alexnetIsThePapers() {
    assertEquals(
        """
        conv1 96×55×55 34944
        relu1 96×55×55 0
        norm1 96×55×55 0
        pool1 96×27×27 0
        conv2 256×27×27 307456
        relu2 256×27×27 0
        norm2 256×27×27 0
        pool2 256×13×13 0
        conv3 384×13×13 885120
        relu3 384×13×13 0
        conv4 384×13×13 663936
        relu4 384×13×13 0
        conv5 256×13×13 442624
        relu5 256×13×13 0
        pool5 256×6×6 0
        fc6 4096×1×1 37752832
        relu6 4096×1×1 0
        drop6 4096×1×1 0
        fc7 4096×1×1 16781312
        relu7 4096×1×1 0
        drop7 4096×1×1 0
        fc8 1000×1×1 4097000
        prob 1000×1×1 0
        """,
        NetworkFile.find("alexnet").nodes().stream()
            .map(AlexNetsTest::line)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  @Test
  void alexnetHasThePapersNormalisationAndInitialisation() {
    Network network = NetworkFile.find("alexnet");
    LocalResponseNormalization norm = (LocalResponseNormalization) network.node("norm1").layer();
    assertEquals(
        new LocalResponseNormalization(
            5, 1e-4, 0.75, 2, false, LocalResponseNormalization.Region.ACROSS_CHANNELS),
        norm);
    Map<String, Double> biases = new TreeMap<>();
    for (Node node : network.nodes()) {
      if (node.layer() instanceof Convolution conv) {
        biases.put(node.name(), ((Initializer.Constant) conv.biasInit()).value());
      } else if (node.layer() instanceof FullyConnected fc) {
        biases.put(node.name(), ((Initializer.Constant) fc.biasInit()).value());
      }
    }
    assertEquals(
        Map.of(
            "conv1", 0.0, "conv2", 1.0, "conv3", 0.0, "conv4", 1.0, "conv5", 1.0, "fc6", 1.0, "fc7",
            1.0, "fc8", 0.0),
        biases);
  }

  @Test
  void theNetworkOf2012StandsAsItsAuthorsDefinedIt() {
    Network network = NetworkFile.find("alexnet-2012");
    for (String tower : List.of("a", "b")) {
      assertEquals("input", reads(network, "conv1" + tower));
      assertEquals("conv1" + tower, reads(network, "rnorm1" + tower));
      assertEquals("rnorm1" + tower, reads(network, "pool1" + tower));
      assertEquals("pool1" + tower, reads(network, "pool1" + tower + "_relu"));
      assertEquals("conv2" + tower, reads(network, "conv2" + tower + "_relu"));
      assertEquals("rnorm2" + tower, reads(network, "cnorm2" + tower));
      assertEquals("cnorm2" + tower, reads(network, "pool2" + tower));
      assertEquals("pool2", reads(network, "conv3" + tower));
      assertEquals("conv5" + tower, reads(network, "pool3" + tower));
      assertEquals("48×55×55", network.shape("conv1" + tower).toString());
      assertEquals("128×6×6", network.shape("pool3" + tower).toString());
      String device = tower.equals("a") ? "gpu0" : "gpu1";
      assertEquals(Optional.of(device), network.node("fc2048b" + tower).device());
      assertEquals(Optional.of(device), network.node("conv5" + tower).device());
      assertEquals(
          new LocalResponseNormalization(
              5, 1e-3, 0.75, 1, true, LocalResponseNormalization.Region.WITHIN_CHANNEL),
          network.node("cnorm2" + tower).layer());
    }
    assertEquals(List.of("hs1a", "hs1b"), network.node("hs1").from());
    assertEquals(List.of("hs1b", "hs1a"), network.node("hs1_swapped").from());
    assertEquals("hs1", reads(network, "fc2048ba"));
    assertEquals("hs1_swapped", reads(network, "fc2048bb"));
  }

  @Test
  void theVariantsDifferWhereTheyShould() {
    Network first = NetworkFile.find("alexnet-pool-first");
    assertEquals("relu1", reads(first, "pool1"));
    assertEquals("pool1", reads(first, "norm1"));
    assertEquals("norm1", reads(first, "conv2"));
    assertEquals("norm2", reads(first, "conv3"));
    Network tower = NetworkFile.find("alexnet-one-tower");
    assertFalse(
        tower.nodes().stream().anyMatch(n -> n.layer() instanceof LocalResponseNormalization));
    assertEquals("drop6", reads(tower, "fc6"));
    assertEquals("drop7", reads(tower, "fc7"));
    assertTrue(tower.node("relu6").layer() instanceof Relu);
    assertEquals("fc7", reads(tower, "relu7"));
    assertEquals("96×54×54", NetworkFile.find("alexnet-224").shape("conv1").toString());
    assertEquals(2, ((Convolution) layer("alexnet-split-conv3", "conv3")).groups());
    assertEquals("64×55×55", NetworkFile.find("alexnet-owt").shape("conv1").toString());
  }

  private static Object layer(String network, String layer) {
    return NetworkFile.find(network).node(layer).layer();
  }

  private static String reads(Network network, String layer) {
    List<String> from = network.node(layer).from();
    assertEquals(1, from.size(), layer);
    return from.get(0);
  }

  private static String line(Node node) {
    return node.name() + " " + node.signature().output() + " " + node.signature().learned();
  }
}
