package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.model.Model;
import org.lamina.model.ModelOptions;
import org.lamina.network.Network;
import org.lamina.network.NetworkDiff;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;

/** Networks that go to Caffe and come back. */
final class CaffeExportTest {

  @TempDir private Path folder;

  private List<Path> files() {
    return List.of(folder.resolve("net.prototxt"), folder.resolve("net.caffemodel"));
  }

  private Imported back(Network network, WeightSource weights) {
    new CaffeExporter().write(network, weights, files());
    return new CaffeImporter().read(files(), ImportOptions.DEFAULTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lenet",
        "cifar10-quick",
        "cifar10-full",
        "squeezenet-1.0",
        "googlenet",
        "resnet-18"
      })
  void aNetworkComesBackAsItWas(String name) {
    Network network = NetworkFile.find(name);
    WeightSource weights = new SeededWeights(network, 7);
    try (Imported imported = back(network, weights)) {
      assertEquals(List.of(), NetworkDiff.of(network, imported.network()).layers());
      assertEquals(network.inputs(), imported.network().inputs());
      TensorFile tensors = imported.weights().orElseThrow();
      Weights.check(network, tensors);
      for (String tensor : tensors.shapes().keySet()) {
        assertArrayEquals(
            weights.read(tensor).orElseThrow().values(),
            tensors.read(tensor).orElseThrow().values(),
            tensor);
      }
    }
  }

  @Test
  void everyLayerOfCaffeComesBack() {
    Network network =
        NetworkFile.parse(
            "all.yaml",
            """
            network: all
            input: {shape: [4, 9, 8]}
            layers:
              - conv: {name: c, filters: 6, kernel: [3, 1], stride: [1, 2], pad: [1, 0], groups: 2, bias: false, init: {uniform: {low: -0.5, high: 0.25}}}
              - batch_norm: {name: n, affine: false, epsilon: 0.001, momentum: 0.05}
              - leaky_relu: {name: l, slope: 0.2}
              - scale: {name: s, bias: false, init: 0.5}
              - bias: {name: b, init: 0.1}
              - prelu: {name: pr, shared: true}
              - conv_transpose: {name: d, filters: 4, kernel: 2, stride: 2, groups: 2}
              - lrn: {name: w, region: within_channel, k: 1, size: 3, average: true}
              - power: {name: p, exponent: 2, scale: 0.5, shift: 1}
              - add:
                  name: sum
                  branches: [[elu: {name: e}], [swish: {name: sw}], [softplus: {name: sp}]]
              - mul: {name: m, branches: [[sigmoid: {name: si}], [tanh: {name: ta}]]}
              - max: {name: mx, branches: [[abs: {name: ab}], [exp: {name: ex}]]}
              - clip: {name: cl, min: 0.25, max: 6}
              - log: {name: lo}
              - avg_pool: {name: a, kernel: [3, 2], stride: [2, 1], pad: [1, 0]}
              - concat: {name: cc, branches: [[max_pool: {name: mp, kernel: 3, stride: 1, pad: 1, round: ceil}], []]}
              - dropout: {name: dr, p: 0.3}
              - flatten: {name: f}
              - fc: {name: fc, units: 3, bias: false}
              - softmax: {name: prob}
            """);
    WeightSource weights = new SeededWeights(network, 3);
    try (Imported imported = back(network, weights)) {
      assertEquals(List.of(), NetworkDiff.of(network, imported.network()).layers());
    }
  }

  @Test
  void theAlphaOfThePaperIsTranslated() {
    Network network =
        NetworkFile.parse(
            "lrn.yaml",
            "network: lrn\ninput: {shape: [7, 2, 3]}\nlayers: [lrn: {name: norm, alpha: 0.5, k: 2}]\n");
    WeightSource none = WeightSource.of("none", Map.of());
    float[] values = new float[42];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    Tensor x = new Tensor(Shape.of(1, 7, 2, 3), values);
    try (Imported imported = back(network, none);
        Model here = Model.open(network, none, ModelOptions.defaults());
        Model there = Model.open(imported.network(), none, ModelOptions.defaults())) {
      assertArrayEquals(
          here.run(Map.of("input", x)).get("norm").values(),
          there.run(Map.of("input", x)).get("norm").values(),
          1e-6f);
    }
  }

  @Test
  void everythingThatHasNoFormIsListedAndNothingWritten() {
    Network network =
        NetworkFile.parse(
            "odd.yaml",
            """
            network: odd
            input: {shape: [4, 8, 8]}
            layers:
              - conv: {name: c, filters: 6, kernel: 3, pad: [0, 0, 1, 1]}
              - gelu: {name: g}
              - avg_pool: {name: a, kernel: 3, pad: 1, count_padding: false}
              - fc: {name: f, units: 2}
              - conv: {name: d, filters: 6, kernel: 1}
            """);
    FormatException e =
        assertThrows(
            FormatException.class,
            () -> new CaffeExporter().write(network, new SeededWeights(network, 1), files()));
    assertEquals(
        "c (conv), g (gelu), a (avg_pool), d (conv)",
        e.unsupported().stream()
            .map(one -> one.node() + " (" + one.operator() + ")")
            .collect(Collectors.joining(", ")));
    assertTrue(e.getMessage().contains("pads opposite sides differently, by [0, 0, 1, 1]"));
    assertFalse(Files.exists(files().get(0)));
    assertFalse(Files.exists(files().get(1)));
  }
}
