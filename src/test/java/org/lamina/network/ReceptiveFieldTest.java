package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamina.network.ReceptiveField.Axis;
import org.lamina.yaml.NetworkFile;

/** What layers see of the input, and what training takes. */
final class ReceptiveFieldTest {

  private static Map<String, ReceptiveField> fields(String layers) {
    return ReceptiveField.of(
        NetworkFile.parse(
            "n.yaml", "network: n\ninput: {shape: [4, 20, 30]}\nlayers: [" + layers + "]\n"));
  }

  @Test
  void alexNetSeesMoreAndMore() {
    Map<String, ReceptiveField> fields = ReceptiveField.of(NetworkFile.find("alexnet"));
    assertEquals(new Axis(0, 11, 4), fields.get("conv1").vertical());
    assertEquals(new Axis(0, 19, 8), fields.get("pool1").vertical());
    assertEquals(new Axis(-16, 51, 8), fields.get("norm2").horizontal());
    assertEquals(new Axis(-16 - 3 * 16, 195, 32), fields.get("pool5").vertical());
    assertEquals(195 + 5 * 32, fields.get("fc6").vertical().size(), "all of pool5");
    assertEquals(fields.get("fc6"), fields.get("prob"));
  }

  @Test
  void axesAreApartAndDilationSpreads() {
    ReceptiveField field =
        fields("conv: {name: a, filters: 1, kernel: [1, 3], stride: [2, 1], dilation: 4}").get("a");
    assertEquals(new Axis(0, 1, 2), field.vertical());
    assertEquals(new Axis(0, 9, 1), field.horizontal());
  }

  @Test
  void branchesAreJoined() {
    assertEquals(
        new Axis(-2, 5, 1),
        fields(
                "concat: {name: j, branches: [[conv: {filters: 1, kernel: 5, pad: 2}],"
                    + " [conv: {filters: 1, kernel: 3, pad: 1}]]}")
            .get("j")
            .vertical());
    assertEquals(
        new Axis(-2, 4, 1),
        fields(
                "add: {name: j, branches: [[conv: {filters: 4, kernel: 3, pad: [2, 2, 0, 0]}],"
                    + " [conv: {filters: 4, kernel: 3, pad: 1}]]}")
            .get("j")
            .vertical(),
        "the union of what begins at -2 and at -1");
  }

  @Test
  void normalisationWithinChannelsAndGlobalPoolingSeeMore() {
    Map<String, ReceptiveField> fields =
        fields("lrn: {name: n, size: 5, region: within_channel}, global_avg_pool: {name: g}");
    assertEquals(new Axis(-2, 5, 1), fields.get("n").vertical());
    assertEquals(new Axis(-2, 24, 1), fields.get("g").vertical());
    assertEquals(new Axis(-2, 34, 1), fields.get("g").horizontal());
  }

  @Test
  void whatEnlargesAnImageLetsFieldsLieCloser() {
    Map<String, ReceptiveField> fields =
        fields(
            "max_pool: {kernel: 2, stride: 2}, upsample: {name: up, scale: 2},"
                + " conv_transpose: {name: t, filters: 2, kernel: 4, stride: 2, pad: 1}");
    assertEquals(new Axis(0, 2, 1), fields.get("up").vertical());
    assertEquals(new Axis(-1, 3, 1), fields.get("t").vertical());
  }

  @Test
  void whatMovesPixelsMovesFields() {
    Map<String, ReceptiveField> fields =
        fields(
            "pad: {name: p, pad: [1, 3, 0, 0]}, slice: {name: s, axis: width, start: 2, step: 2},"
                + " slice: {name: m, axis: height, start: -1, end: -2147483647, step: -1},"
                + " permute: {name: w, order: hwc}");
    assertEquals(new Axis(-1, 1, 1), fields.get("p").vertical());
    assertEquals(new Axis(-1, 1, 2), fields.get("s").horizontal());
    assertEquals(new Axis(-1, 1, 1), fields.get("m").vertical());
    assertEquals(fields.get("p").vertical().size() + 20, fields.get("w").vertical().size());
  }

  @Test
  void nothingOverflows() {
    String layer = "max_pool: {kernel: 1, stride: 2000000000}";
    Map<String, ReceptiveField> fields = fields(String.join(", ", Collections.nCopies(9, layer)));
    assertEquals(1L << 31, fields.get("max_pool9").vertical().jump());
    assertEquals(20, fields.get("max_pool1").vertical().size() + 19);
  }

  @Test
  void trainingIsEstimatedByThisArithmetic() {
    Network network =
        NetworkFile.parse(
            "n.yaml",
            """
            network: n
            input: {shape: [2, 4, 4]}
            layers: [conv: {filters: 3, kernel: 1}, batch_norm: , global_avg_pool: ]
            """);
    long results = 3 * 16 + 3 * 16 + 3;
    long learned = 2 * 3 + 3 + 2 * 3;
    assertEquals(
        new TrainingMemory(
            4 * 5 * (results + 2 * 16),
            4 * 5 * results,
            4 * (learned + 6),
            4 * learned,
            4 * learned),
        TrainingMemory.estimate(network, 5));
    assertEquals(6, TrainingMemory.fixed(network));
    assertEquals(
        4 * (5 * (2 * results + 32) + 3 * learned + 6),
        TrainingMemory.estimate(network, 5).bytes());
  }
}
