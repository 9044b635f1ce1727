package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.TestData;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.Layer;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Rounding;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.Preprocessing;

/** What the language means, sentence by sentence of {@code docs/language.md}. */
final class LanguageTest {

  private static final String HEAD = "network: n\ninput: {shape: [4, 16, 16]}\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "010 | 10",
        "0x1F | 31",
        "0o17 | 15",
        "+12 | 12",
        "1e1 | 10",
        "4. | 4",
        "=2*(3+1)-4/2 | 6",
        "=96*half | 48",
        "=96*0.1*10 | 96",
        "=1/3*12 | 4",
        "=--4 | 4",
        "= 3 * - -2 | 6",
        "=twice | 1",
        "\"=8\" | 8",
      })
  void wholeNumbers(String written, int expected) {
    String let = "let: {half: 0.5, twice: =2*half}\n";
    Network network =
        parse(
            HEAD
                + let
                + "layers:\n  - conv: {name: c, filters: %s, kernel: 1}\n".formatted(written));
    assertEquals(expected, conv(network).filters());
  }

  @ParameterizedTest
  @CsvSource({".5, 0.5", "1e-4, 0.0001", "2, 2", "1.0e-4, 0.0001", "=1/4, 0.25", "0.1, 0.1"})
  void numbers(String written, double expected) {
    Network network =
        parse(
            HEAD
                + "layers:\n  - conv: {filters: 4, kernel: 1, init: {normal: {std: %s}}}\n"
                    .formatted(written));
    assertEquals(new Initializer.Normal(0, expected), conv(network).init());
  }

  @Test
  void wordsOfYaml11AreWords() {
    assertEquals("no", parse("network: no\ninput: {shape: [1, 2, 2]}\nlayers: [relu]\n").name());
    assertEquals(
        "2012-09-30",
        parse("network: 2012-09-30\ninput: {shape: [1, 2, 2]}\nlayers: [relu]\n").name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kernel: 3 | 3 3 | 0 0 0 0",
        "kernel: [3, 5] | 3 5 | 0 0 0 0",
        "kernel: 3, pad: 1 | 3 3 | 1 1 1 1",
        "kernel: 3, pad: [1, 2] | 3 3 | 1 2 1 2",
        "kernel: 3, pad: [0, 1, 2, 1] | 3 3 | 0 1 2 1",
      })
  void extentsAndPaddings(String fields, String kernel, String pad) {
    MaxPooling layer =
        (MaxPooling)
            parse(HEAD + "layers:\n  - max_pool: {%s}\n".formatted(fields)).nodes().get(0).layer();
    Extent k = layer.kernel();
    Padding p = layer.pad();
    assertEquals(kernel, k.h() + " " + k.w());
    assertEquals(pad, p.top() + " " + p.left() + " " + p.bottom() + " " + p.right());
  }

  @Test
  void initialisers() {
    assertEquals(new Initializer.Constant(0.5), init("0.5"));
    assertEquals(new Initializer.Xavier(Initializer.Mode.AVERAGE), init("xavier"));
    assertEquals(
        new Initializer.Kaiming(Initializer.Mode.FAN_OUT), init("{kaiming: {mode: fan_out}}"));
    assertEquals(new Initializer.Uniform(-0.05, 0.05), init("{uniform: }"));
  }

  private static Initializer init(String written) {
    return conv(parse(
            HEAD + "layers:\n  - conv: {filters: 4, kernel: 1, init: %s}\n".formatted(written)))
        .init();
  }

  @Test
  void layersWithoutNamesAreCounted() {
    Network network =
        parse(
            HEAD
                + "layers: [relu, tanh: , relu: {name: relu2}, {relu: }, {relu: {from: relu1}}]\n");
    assertEquals(
        List.of("relu1", "tanh1", "relu2", "relu3", "relu4"),
        network.nodes().stream().map(Node::name).toList());
    assertEquals(List.of("relu1"), network.node("relu4").from());
  }

  @Test
  void aListIsAChainAndBranchesBeginWhereTheyMeet() {
    Network network =
        parse(
            HEAD
                + """
                layers:
                  - relu: {name: a}
                  - add:
                      - - tanh: {name: b}
                        - relu: {name: c}
                      - []
                  - concat:
                      name: d
                      branches:
                        - [sigmoid: {name: e}]
                        - [tanh: {name: f, from: input}]
                  - add: {name: g, from: [d, d]}
                  - relu: {name: h}
                """);
    assertEquals(
        Map.of(
            "a", List.of("input"),
            "b", List.of("a"),
            "c", List.of("b"),
            "add1", List.of("c", "a"),
            "e", List.of("add1"),
            "f", List.of("input"),
            "d", List.of("e", "f"),
            "g", List.of("d", "d"),
            "h", List.of("g")),
        network.nodes().stream().collect(Collectors.toMap(Node::name, Node::from)));
  }

  @Test
  void severalInputsAreNamed() {
    Network network =
        parse(
            """
            network: n
            inputs: {left: {shape: [3, 8, 8]}, right: {shape: [3, 8, 8]}}
            layers:
              - add: {from: [left, right], device: gpu0}
            """);
    assertEquals(List.of("left", "right"), List.copyOf(network.inputs().keySet()));
    assertEquals(Optional.of("gpu0"), network.node("add1").device());
  }

  @Test
  void ownFieldsComeBeforeDefaultsAndThoseBeforeTheRecords() {
    Network network =
        parse(
            HEAD
                + """
                let: {rounding: ceil}
                defaults: {max_pool: {kernel: 2, round: =rounding}}
                layers:
                  - max_pool: {name: a}
                  - max_pool: {name: b, kernel: 3}
                """);
    assertEquals(
        new MaxPooling(Extent.of(2), Extent.of(1), Padding.NONE, Rounding.CEIL),
        layer(network, "a"));
    assertEquals(
        new MaxPooling(Extent.of(3), Extent.of(1), Padding.NONE, Rounding.CEIL),
        layer(network, "b"));
  }

  @Test
  void stepsTakeTheirValuesInShort() {
    Network network =
        parse(
            HEAD
                + """
                preprocess:
                  - resize: [20, 30]
                  - resize_shorter: 20
                  - center_crop: {height: 16, width: 16}
                  - channels: bgr
                  - scale: =1/256
                  - mean: 0.5
                  - std: [1, 2, 3]
                layers: [relu]
                """);
    assertEquals(
        List.of(
            new Preprocessing.Resize(20, 30),
            new Preprocessing.ResizeShorter(20),
            new Preprocessing.CenterCrop(16, 16),
            new Preprocessing.Channels(Preprocessing.Channels.Order.BGR),
            new Preprocessing.Scale(1.0 / 256),
            new Preprocessing.Mean(List.of(0.5)),
            new Preprocessing.Std(List.of(1.0, 2.0, 3.0))),
        network.preprocessing().steps());
  }

  @Test
  void theFilesThatTheLanguageWasDesignedWithAreNetworks() {
    assertEquals(60_965_224, NetworkFile.read(TestData.file("../dsl/alexnet.yaml")).parameters());
    assertEquals(60_965_224, NetworkFile.read(TestData.file("../dsl/caffenet.yaml")).parameters());
    assertEquals(61_100_840, NetworkFile.read(TestData.file("../dsl/one-tower.yaml")).parameters());
    assertEquals(11_689_512, NetworkFile.read(TestData.file("../dsl/resnet18.yaml")).parameters());
    assertEquals(21_797_672, NetworkFile.read(TestData.file("../dsl/resnet34.yaml")).parameters());
  }

  @Test
  void aTextHasNoFolder() {
    assertEquals("alexnet-224", parse("extends: alexnet-224\nlet: {classes: 10}\n").name());
    NetworkFileException e =
        assertThrows(NetworkFileException.class, () -> NetworkFile.find("no-such-network"));
    assertTrue(e.getMessage().contains("resnet-18, resnet-20"), e.getMessage());
    assertEquals(0, e.problems().get(0).line());
  }

  private static Layer layer(Network network, String name) {
    return network.node(name).layer();
  }

  private static Convolution conv(Network network) {
    return (Convolution) network.nodes().get(0).layer();
  }

  private static Network parse(String text) {
    return NetworkFile.parse("net.yaml", text);
  }
}
