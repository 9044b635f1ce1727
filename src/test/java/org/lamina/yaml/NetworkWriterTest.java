package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.layer.Add;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.Relu;
import org.lamina.network.Draft;
import org.lamina.network.Layers;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.Scale;

/** Printing a network as YAML. */
final class NetworkWriterTest {

  @Test
  void everythingIsWrittenInItsShortestForm() {
    Draft wide = Draft.of("wide", Layers.of("conv", Map.of("filters", 4, "kernel", List.of(3, 1))));
    Network network =
        Network.named("n")
            .input(4, 16, 24)
            .preprocess(
                new Resize(16, 24), new Scale(1.0 / 256), new Mean(List.of(0.5)), new Resize(9, 9))
            .layer(Draft.of("a", Convolution.of(4, 3).pad(1)).device("gpu0"))
            .layer("b", Layers.of("conv", Map.of("filters", 4, "kernel", 3, "pad", List.of(1, 0))))
            .layer("c", Layers.of("max_pool", Map.of("kernel", 2, "pad", List.of(0, 0, 1, 1))))
            .layer("norm", Layers.of("lrn", Map.of("alpha", 2.5e-5, "region", "within_channel")))
            .layer(
                Draft.of("init", Layers.of("fc", Map.of("units", 3, "init", 0.25, "bias", false))))
            .layer(wide.from("a"))
            .build();
    assertEquals(
        """
        network: n
        input: {shape: [4, 16, 24]}
        preprocess:
          - resize: [16, 24]
          - scale: 0.00390625
          - mean: 0.5
          - resize: 9
        layers:
          - conv:     {name: a, device: gpu0, filters: 4, kernel: 3, pad: 1}
          - conv:     {name: b, filters: 4, kernel: 3, pad: [1, 0]}
          - max_pool: {name: c, kernel: 2, pad: [0, 0, 1, 1]}
          - lrn:      {name: norm, alpha: 2.5e-5, region: within_channel}
          - fc:       {name: init, units: 3, bias: false, init: 0.25}
          - conv:     {name: wide, from: a, filters: 4, kernel: [3, 1]}
        """,
        NetworkWriter.print(network));
    RoundTripTest.assertSameAgain(network);
  }

  @Test
  void branchesStandInTheirLayer() {
    Network network =
        Network.named("n")
            .input("left", 2, 4, 4)
            .input("right", 2, 4, 4)
            .layer(Draft.of("start", new Concat()).from("left", "right"))
            .layer(
                Draft.of("outer", new Add())
                    .branches(
                        List.of(
                            Draft.of(new Relu()),
                            Draft.of("inner", new Add())
                                .branches(List.of(Draft.of(new LeakyRelu(0.25))), List.of())),
                        List.of(),
                        List.of(Draft.of("t", Layers.of("tanh")))))
            .layer(Draft.of("late", new Add()).from("relu1", "start", "outer"))
            .build();
    assertEquals(
        """
        network: n
        inputs:
          left: {shape: [2, 4, 4]}
          right: {shape: [2, 4, 4]}
        layers:
          - concat: {name: start, from: [left, right]}
          - add:
              name: outer
              branches:
                - - relu: {name: relu1}
                  - add:
                      name: inner
                      branches:
                        - [leaky_relu: {name: leaky_relu1, slope: 0.25}]
                        - []
                - []
                - [tanh: {name: t}]
          - add:    {name: late, from: [relu1, start, outer]}
        """,
        NetworkWriter.print(network));
    RoundTripTest.assertSameAgain(network);
  }

  @Test
  void branchesThatBeginElsewhereSayWhere() {
    Network network =
        NetworkFile.parse(
            "n.yaml",
            """
            network: n
            input: {shape: [2, 4, 4]}
            layers:
              - relu: {name: a}
              - tanh: {name: b}
              - add:  {name: sum, from: a, branches: [[relu: ], [tanh: , relu: ]]}
              - add:  {name: twice, from: [sum, sum]}
              - add:  {name: both, from: [b, twice]}
            """);
    String text = NetworkWriter.print(network);
    assertTrue(text.contains("      name: sum\n      from: a\n      branches:\n"), text);
    assertTrue(text.contains("{name: twice, from: [sum, sum]}"), text);
    RoundTripTest.assertSameAgain(network);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv1",
        "fire2/squeeze1x1",
        "a:b",
        "_x",
        "res2a.bn-1",
        "nothing",
        "no",
        "y",
        "12:30:45",
        "2012-09-30",
        "1a",
        "1_000",
        "tRUE"
      })
  void aWordNeedsNoQuotes(String name) {
    assertEquals(name, written(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1", "1.", "1.5", "010", "1e5", "0x1F", "0o17", "true", "False", "null", "NULL", "a:", "a::"
      })
  void whatCouldBeTakenForSomethingElseIsQuoted(String name) {
    assertEquals('"' + name + '"', written(name));
  }

  /** Returns how the name of a layer is written, which is also that of network and device. */
  private static String written(String name) {
    Network network =
        Network.named(name).input(1, 1, 1).layer(Draft.of(name, new Relu()).device(name)).build();
    String text = RoundTripTest.assertSameAgain(network);
    String shown = text.lines().findFirst().orElseThrow().substring("network: ".length());
    assertTrue(text.contains("{name: " + shown + ", device: " + shown + "}"), text);
    return shown;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-2.5, -2.5",
    "0.1, 0.1",
    "0.001, 0.001",
    "0.0001, 1.0e-4",
    "-1.5e-7, -1.5e-7",
    "100000000, 100000000",
    "1e9, 1.0e9",
    "2e23, 2.0e23",
    "4.9e-324, 4.9e-324",
    "1.7976931348623157e308, 1.7976931348623157e308",
    "0.3333333333333333, 0.3333333333333333",
    "2.0000000000000004, 2.0000000000000004"
  })
  void numbersAreShortAndExact(double value, String written) {
    Network network =
        Network.named("n")
            .input(1, 1, 1)
            .preprocess(new Scale(value))
            .layer("a", new Relu())
            .build();
    String text = RoundTripTest.assertSameAgain(network);
    // The smallest double has no shorter decimal than 5e-324, which Java calls 4.9e-324.
    String expected = written.equals("4.9e-324") ? "5.0e-324" : written;
    assertTrue(text.contains("  - scale: " + expected + "\n"), text);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.0})
  void aNumberThatYamlDoesNotHaveIsRefused(double value) {
    Network network =
        Network.named("n").input(1, 1, 1).preprocess(new Scale(value)).layer(new Relu()).build();
    Exception e = assertThrows(IllegalArgumentException.class, () -> NetworkWriter.print(network));
    assertEquals("a number in YAML cannot be " + value, e.getMessage());
  }

  @Test
  void aNameThatTheLanguageDoesNotAllowIsRefused() {
    Network network = Network.named("n").input(1, 1, 1).layer("my layer", new Relu()).build();
    Exception e = assertThrows(IllegalArgumentException.class, () -> NetworkWriter.print(network));
    assertTrue(e.getMessage().endsWith("but is 'my layer'"), e.getMessage());
  }
}
