package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which parameters have to go through the host between two steps of training. */
class PackingTest {

  @Test
  void hardlyAnythingIsPackedOnTheHost() {
    Set<String> host = new TreeSet<>();
    for (Family family : List.of(Family.GPU, Family.cpu(4), Family.cpu(8), Family.cpu(16))) {
      for (LayerCase each : LayerCases.all().toList()) {
        for (PackedBuffer packed : packed(family, each)) {
          if (packed.devicePacker().isEmpty()) {
            host.add(each.layer().key() + " " + packed.name());
          }
        }
      }
    }
    // Filters of several groups in a block, and ones and zeros that nobody learns.
    assertEquals(
        Set.of(
            "bias weight", "conv_transpose weight", "instance_norm bias", "instance_norm weight"),
        host);
  }

  private static List<PackedBuffer> packed(Family family, LayerCase each) {
    Signature signature = each.signature();
    List<PackedBuffer> all = new ArrayList<>();
    for (Phase phase : List.of(Phase.TRAINING, Phase.EVALUATION)) {
      Site site = new Site(family, signature, 4, Optional.empty(), Choices.defaults(), phase);
      all.addAll(each.layer().compile(site).parameters());
    }
    GradientSite back =
        new GradientSite(
            family,
            signature,
            4,
            signature.inputs().stream().map(x -> true).toList(),
            signature.parameters().stream().map(Parameter::learned).toList());
    all.addAll(each.layer().backward(back).parameters());
    return all;
  }
}
