package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Relu;
import org.lamina.layer.Rounding;

/** Layers by their YAML names. */
final class LayersTest {

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertEquals(new Relu(), Layers.of("relu"));
    assertEquals(Convolution.of(32, 5), Layers.of("conv", Map.of("filters", 32, "kernel", 5)));
    assertEquals(
        Convolution.of(32, 5).stride(2).pad(1).groups(4),
        Layers.of("conv", Map.of("filters", 32, "kernel", 5, "stride", 2, "pad", 1, "groups", 4)));
    assertEquals(FullyConnected.of(10), Layers.of("fc", Map.of("units", 10)));
    assertEquals(MaxPooling.of(3, 2), Layers.of("max_pool", Map.of("kernel", 3, "stride", 2)));
  }

  @Test
  void valuesAreThoseOfYaml() {
    assertEquals(
        new AveragePooling(
            new Extent(2, 3), Extent.of(2), new Padding(1, 0, 1, 0), Rounding.CEIL, false),
        Layers.of(
            "avg_pool",
            Map.of(
                "kernel",
                List.of(2, 3),
                "stride",
                2.0,
                "pad",
                List.of(1, 0),
                "round",
                "ceil",
                "count_padding",
                false)));
    FullyConnected fc =
        (FullyConnected)
            Layers.of(
                "fc",
                Map.of("units", 10L, "init", Map.of("normal", Map.of("std", 0.5)), "bias_init", 1));
    assertEquals(new Initializer.Normal(0, 0.5), fc.init());
    assertEquals(new Initializer.Constant(1), fc.biasInit());
    assertEquals(
        new Initializer.Xavier(Initializer.Mode.AVERAGE),
        ((FullyConnected) Layers.with(fc, "init", "xavier")).init());
  }

  @Test
  void valuesMayHaveTheirOwnTypes() {
    assertEquals(
        new MaxPooling(new Extent(2, 3), Extent.of(1), Padding.NONE, Rounding.CEIL),
        Layers.of("max_pool", Map.of("kernel", new Extent(2, 3), "round", Rounding.CEIL)));
  }

  @Test
  void everyLayerIsMadeAgainOfItsFields() {
    for (long seed = 0; seed < 50; seed++) {
      for (Node node : RandomNetwork.of(seed).nodes()) {
        assertEquals(node.layer(), Layers.of(node.layer().key(), FieldValues.fields(node.layer())));
      }
    }
  }

  private static Stream<Arguments> mistakes() {
    Map<String, Object> bare = Map.of("filters", 8, "kernel", 3);
    return Stream.of(
        Arguments.of("convolve", bare, "there is no layer type 'convolve'; there are abs, "),
        Arguments.of("cnov", bare, "there is no layer type 'cnov', did you mean 'conv'?"),
        Arguments.of(
            "conv", Map.of("filters", 8), "'kernel' is missing; conv cannot do without it"),
        Arguments.of("conv", plus("filtres", 8), "conv has no 'filtres', did you mean 'filters'?"),
        Arguments.of("relu", bare, "relu has no '"),
        Arguments.of("conv", plus("stride", 0), "stride must be at least 1, but is 0×0"),
        Arguments.of("conv", plus("groups", 1.5), "groups must be a whole number, but is 1.5"),
        Arguments.of("conv", plus("groups", "2"), "groups must be a whole number, but is '2'"),
        Arguments.of(
            "conv",
            plus("groups", 1L << 40),
            "groups must be a number of at most 2147483647, but is 1099511627776"),
        Arguments.of(
            "conv",
            plus("stride", List.of(1, 2, 3)),
            "stride must be one number or [height, width], but is a list of 3"),
        Arguments.of("conv", plus("bias", 1), "bias must be true or false, but is 1"),
        Arguments.of(
            "conv",
            plus("init", "xaiver"),
            "init: there is no initialiser 'xaiver', did you mean 'xavier'?"),
        Arguments.of(
            "conv",
            plus("init", Map.of("normal", Map.of("stdd", 1))),
            "init: normal has no 'stdd', did you mean 'std'?"),
        Arguments.of(
            "max_pool",
            Map.of("kernel", 3, "round", "cel"),
            "round must be floor or ceil, but is 'cel', did you mean 'ceil'?"),
        Arguments.of("dropout", Map.of("p", Double.NaN), "p must be a number, but is NaN"));
  }

  private static Map<String, Object> plus(String key, Object value) {
    return Map.of("filters", 8, "kernel", 3, key, value);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsSaidAsInYaml(String type, Map<String, Object> fields, String message) {
    InvalidParameterException e =
        assertThrows(InvalidParameterException.class, () -> Layers.of(type, fields));
    assertEquals(
        message, e.getMessage().substring(0, Math.min(message.length(), e.getMessage().length())));
  }
}
