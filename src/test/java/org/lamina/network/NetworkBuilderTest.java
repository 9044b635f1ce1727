package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Add;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Relu;

/** Networks written in Java. */
final class NetworkBuilderTest {

  private static NetworkBuilder builder() {
    return Network.named("n").input(4, 8, 8);
  }

  private static List<String> names(Network network) {
    return network.nodes().stream().map(Node::name).toList();
  }

  @Test
  void layersAreNamedByTypeAndNumberAsInYaml() {
    Network network =
        builder()
            .layer(new Relu())
            .layer("relu2", new Relu())
            .layer(
                Draft.of(new Add())
                    .branches(
                        List.of(Draft.of(Convolution.of(4, 3).pad(1)), Draft.of(new Relu())),
                        List.of()))
            .layer(new Relu())
            .build();
    assertEquals(List.of("relu1", "relu2", "conv1", "relu3", "add1", "relu4"), names(network));
    assertEquals(List.of("relu3", "relu2"), network.node("add1").from());
  }

  @Test
  void layersMayStandBeforeThoseTheyRead() {
    Network network =
        builder()
            .layer(Draft.of("b", new Relu()).from("a"))
            .layer(Draft.of("a", new Relu()).from("input").device("gpu0"))
            .build();
    assertEquals(List.of("a", "b"), names(network));
    assertEquals("gpu0", network.node("a").device().orElseThrow());
  }

  @Test
  void aLongNetworkIsQuicklyTakenApart() {
    NetworkBuilder builder = builder();
    for (int i = 0; i < 3000; i++) {
      builder
          .layer("first" + i, new Relu())
          .layer(
              Draft.of("sum" + i, new Add())
                  .branches(List.of(Draft.of("relu" + i, new Relu())), List.of()));
    }
    Network network = builder.build();
    List<Draft> drafts = network.drafts();
    assertEquals(6000, drafts.size());
    assertEquals(2, drafts.get(5999).branches().size());
    assertEquals(network, network.edit().build());
  }

  private static Stream<Arguments> mistakes() {
    return Stream.of(
        wrong("there are two inputs 'input'", () -> builder().input(1, 1, 1)),
        wrong("the network has no layers", NetworkBuilderTest::builder),
        wrong("the network has no input", () -> Network.named("n").layer(new Relu())),
        wrong(
            "layer 'a': the name is used twice",
            () -> builder().layer("a", new Relu()).layer("a", new Relu())),
        wrong(
            "layer 'a': the name is that of a network input",
            () -> Network.named("n").input("a", 1, 1, 1).layer("a", new Relu())),
        wrong(
            "layer 'relu1': there is no layer or input 'inptu', did you mean 'input'?",
            () -> builder().layer(Draft.of(new Relu()).from("inptu"))),
        wrong(
            "layer 'both': the network has several inputs, so its first layer must say 'from' which",
            () -> builder().input("other", 4, 8, 8).layer("both", new Relu())),
        wrong(
            "layer 'both': branches begin at one layer, but 'from' names 2",
            () ->
                builder()
                    .layer("a", new Relu())
                    .layer(
                        Draft.of("both", new Concat())
                            .from("input", "a")
                            .branches(List.of(Draft.of(new Relu())), List.of()))),
        wrong(
            "layer 'big': a window of height 9 does not fit the input of height 8",
            () -> builder().layer("big", Convolution.of(1, 9))));
  }

  private static Arguments wrong(String message, Supplier<NetworkBuilder> builder) {
    return Arguments.of(message, builder);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsSaid(String message, Supplier<NetworkBuilder> builder) {
    NetworkException e = assertThrows(NetworkException.class, () -> builder.get().build());
    assertEquals(message, e.getMessage());
  }
}
