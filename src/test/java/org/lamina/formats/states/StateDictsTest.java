package org.lamina.formats.states;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.TensorFiles;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;

class StateDictsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-18",
        "resnet-34",
        "resnet-50",
        "resnet-101",
        "resnet-152",
        "resnet-20",
        "resnet-56",
        "alexnet-owt",
        "vgg-11",
        "vgg-13",
        "vgg-16",
        "vgg-19",
        "vgg-11-bn",
        "vgg-13-bn",
        "vgg-16-bn",
        "vgg-19-bn",
        "squeezenet-1.0-torchvision",
        "squeezenet-1.1-torchvision",
        "googlenet-torchvision"
      })
  void recognisesWhatTorchvisionTrains(String name) {
    Network network = NetworkFile.find(name);
    ForeignNames.Described file = ForeignNames.described(network, n -> "module." + n);
    Match match = StateDicts.recognise(file);
    assertEquals(name, match.network().name());
    assertTrue(match.complete());
    TensorFile renamed = StateDicts.renamed(match, file);
    Weights.check(network, renamed);
    Map<String, String> names = ForeignNames.foreign(network);
    for (Node node : network.nodes()) {
      for (Parameter parameter : node.signature().parameters()) {
        String from = "module." + names.get(node.name()) + "." + parameter.name();
        assertEquals(from, match.names().get(Weights.name(node, parameter)));
      }
    }
  }

  /** As in transformers' documentation of ResNetForImageClassification. */
  @Test
  void recognisesTransformersResNet() {
    Network network = NetworkFile.find("resnet-50");
    Map<String, String> names = ForeignNames.resnet(network);
    names.replaceAll(
        (ours, theirs) ->
            switch (theirs) {
              case "conv1" -> "resnet.embedder.embedder.convolution";
              case "bn1" -> "resnet.embedder.embedder.normalization";
              case "fc" -> "classifier.1";
              default -> {
                String[] p = theirs.split("\\.");
                if (!theirs.startsWith("layer")) {
                  yield theirs;
                }
                String block =
                    "resnet.encoder.stages.%d.layers.%s."
                        .formatted(Integer.parseInt(p[0].substring(5)) - 1, p[1]);
                String kind = p[2].startsWith("bn") ? "normalization" : "convolution";
                yield p[2].equals("downsample")
                    ? block + "shortcut." + (p[3].equals("0") ? "convolution" : "normalization")
                    : block + "layer.%d.%s".formatted(p[2].charAt(p[2].length() - 1) - '1', kind);
              }
            });
    Map<String, Shape> shapes = new LinkedHashMap<>();
    network.nodes().stream()
        .filter(node -> !node.signature().parameters().isEmpty())
        .forEach(node -> ForeignNames.put(shapes, node, names.get(node.name())));
    Match match = StateDicts.recognise(new ForeignNames.Described(ForeignNames.shuffled(shapes)));
    assertEquals("resnet-50", match.network().name());
    assertEquals(
        "resnet.encoder.stages.1.layers.0.shortcut.normalization.running_var",
        match.names().get("stage2.1.shortcut_bn.running_var"));
    assertEquals(
        "resnet.encoder.stages.3.layers.2.layer.1.convolution.weight",
        match.names().get("stage4.3.conv2.weight"));
  }

  /** timm has VGG's fully connected layers as convolutions over all that is left. */
  @Test
  void takesConvolutionsOverTheWholeInputForFullyConnectedLayers() {
    Network network = NetworkFile.find("vgg-16");
    Map<String, Shape> shapes =
        new LinkedHashMap<>(ForeignNames.described(network, n -> n).shapes());
    Map<String, Shape> renamed = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            renamed.put(
                name.replace("classifier.0", "pre_logits.fc1")
                    .replace("classifier.3", "pre_logits.fc2")
                    .replace("classifier.6", "head.fc"),
                name.equals("classifier.0.weight")
                    ? Shape.of(4096, 512, 7, 7)
                    : name.equals("classifier.3.weight") ? Shape.of(4096, 4096, 1, 1) : shape));
    Match match = StateDicts.recognise(new ForeignNames.Described(renamed));
    assertEquals("vgg-16", match.network().name());
    assertEquals("pre_logits.fc2.weight", match.names().get("fc7.weight"));
    assertEquals(
        Shape.of(4096, 25088),
        StateDicts.renamed(match, new ForeignNames.Described(renamed)).shapes().get("fc6.weight"));
  }

  @Test
  void whatIsAmbiguousIsAnError() {
    Network network = NetworkFile.find("squeezenet-1.0");
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Weights.parameters(network).forEach((name, p) -> shapes.put(name, p.shape()));
    FormatException e =
        assertThrows(
            FormatException.class, () -> StateDicts.recognise(new ForeignNames.Described(shapes)));
    assertEquals(
        "w.pth: the tensors are those of several networks: squeezenet-1.0,"
            + " squeezenet-1.0-torchvision; name the one they are for: --network",
        e.getMessage());
  }

  @Test
  void whatIsUnknownIsAnError() {
    ForeignNames.Described other = new ForeignNames.Described(Map.of("x", Shape.of(3)));
    assertEquals(
        "w.pth: no shipped network has exactly these 1 tensors; name the network they are for:"
            + " --network",
        assertThrows(FormatException.class, () -> StateDicts.recognise(other)).getMessage());
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, Map.of("x", Tensor.zeros(Shape.of(3))));
    ImportOptions lenet = ImportOptions.DEFAULTS.withNetwork(NetworkFile.find("lenet"));
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> Formats.importer(List.of(file)).read(List.of(file), lenet));
    assertEquals(
        file + ": no tensor is one of network 'lenet'; it has, for example, x 3", e.getMessage());
  }

  @Test
  void saysWhichTensorsAreMissing() {
    Network network = NetworkFile.find("resnet-20");
    Map<String, Shape> shapes = new LinkedHashMap<>();
    ForeignNames.described(network, n -> n).shapes().forEach((n, s) -> shapes.put(n, s));
    shapes.remove("layer2.0.bn1.bias");
    shapes.put("layer9.0.conv1.weight", Shape.of(4));
    Match match = StateDicts.match(network, new ForeignNames.Described(shapes)).orElseThrow();
    assertEquals(List.of("layer9.0.conv1.weight"), match.unused());
    assertTrue(!match.complete() && !match.names().containsKey("stage2.1.bn1.bias"));
  }

  /** Anything that takes weights takes them under the names of other software too. */
  @Test
  void filesAreOpenedForANetwork() {
    Network network = NetworkFile.find("resnet-20");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ForeignNames.described(network, n -> n)
        .shapes()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) shape.volume()];
              Arrays.fill(values, ForeignNames.Described.number(name));
              tensors.put(name, new Tensor(shape, values));
            });
    Path path = folder.resolve("w.safetensors");
    Safetensors.write(path, tensors);
    try (TensorFile file = TensorFiles.open(path, network)) {
      Weights.check(network, file);
      assertArrayEquals(
          tensors.get("layer3.0.conv2.weight").values(),
          file.read("stage3.1.conv2.weight").orElseThrow().values());
    }
    try (Imported imported =
        Formats.importer(List.of(path)).read(List.of(path), ImportOptions.DEFAULTS)) {
      assertEquals("resnet-20", imported.network().name());
      assertEquals("fc.weight", imported.origins().get("fc.weight").name());
      assertEquals(
          "recognised as resnet-20 by the names and shapes of all tensors",
          imported.remarks().get(0));
      assertTrue(imported.remarks().get(2).contains("19 tensors are left out"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1.weight", "fc.bias"})
  void aWrongShapeIsAnErrorWithBothShapes(String name) {
    Network network = NetworkFile.find("resnet-20");
    Map<String, Shape> shapes =
        new LinkedHashMap<>(ForeignNames.described(network, n -> n).shapes());
    shapes.put(name, Shape.of(3));
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () ->
                Weights.check(
                    network, StateDicts.fit(network, new ForeignNames.Described(shapes))));
    assertTrue(e.getMessage().contains(name + " is 3, but the network needs"), e.getMessage());
  }
}
