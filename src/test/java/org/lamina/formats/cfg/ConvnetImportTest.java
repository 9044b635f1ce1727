package org.lamina.formats.cfg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.TestData;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.network.Network;
import org.lamina.network.NetworkDiff;
import org.lamina.tensor.Chw;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** Layer files of cuda-convnet: the networks of 2012 as their authors wrote them. */
final class ConvnetImportTest {

  @TempDir private Path folder;

  private static Network read(int side, Path... files) {
    ImportOptions options = ImportOptions.DEFAULTS.withInput(new Chw(3, side, side));
    try (Imported imported = Formats.importer(List.of(files)).read(List.of(files), options)) {
      String yaml = NetworkWriter.print(imported.network());
      assertTrue(
          NetworkDiff.of(imported.network(), NetworkFile.parse("again.yaml", yaml)).isEmpty());
      return imported.network();
    }
  }

  // The files say nothing of how pictures are prepared; ours say nothing of rates.
  @ParameterizedTest
  @CsvSource({
    "145, 145, 224, alexnet-2012",
    "18pct, 18pct-noisylr, 32, cifar10-18pct",
    "conv-local-13pct, conv-local-13pct-noisylr, 24, cifar10-13pct"
  })
  void theNetworksThatWeShipAreThese(String layers, String params, int side, String shipped) {
    Network network =
        read(
            side,
            TestData.file("meta/alexnet2012/layers-" + layers + ".cfg"),
            TestData.file("meta/alexnet2012/layer-params-" + params + ".cfg"));
    NetworkDiff diff = NetworkDiff.of(NetworkFile.find(shipped), network);
    assertEquals(List.of(), diff.layers());
    assertTrue(
        diff.head().stream().allMatch(c -> c.field().matches("preprocess|training\\..*")),
        diff.head()::toString);
  }

  @Test
  void ratesOfLayersBecomeFactors() {
    Network network =
        read(
            32,
            TestData.file("meta/alexnet2012/layers-18pct.cfg"),
            TestData.file("meta/alexnet2012/layer-params-18pct-noisylr.cfg"));
    String yaml = NetworkWriter.print(network);
    assertEquals(
        """
        loss: softmax_cross_entropy
        training:
          optimizer: {sgd: {momentum: 0.9, weight_decay: 0.004}}
          learning_rate: 0.001
          rates: {"*.bias": {learning_rate: 2, weight_decay: 0}, fc10.weight: {learning_rate: 1, weight_decay: 250}}
        """,
        yaml.substring(yaml.indexOf("loss:")));
  }

  @ParameterizedTest
  @CsvSource({"147", "148", "149", "150", "153", "166", "167", "177"})
  void otherNetworksOfTheYearComeIn(String number) {
    Network network =
        read(
            224,
            TestData.file("meta/alexnet2012/layers-" + number + ".cfg"),
            TestData.file("meta/alexnet2012/layer-params-" + number + ".cfg"));
    assertEquals(List.of("probs"), network.outputs());
    assertTrue(network.parameters() > 30_000_000, () -> String.valueOf(network.parameters()));
  }

  @Test
  void fourDevicesKeepTheirLayers() {
    Network network =
        read(
            224,
            TestData.file("meta/alexnet2012/layers-183-4gpu.cfg"),
            TestData.file("meta/alexnet2012/layer-params-183-4gpu.cfg"));
    assertEquals(4, network.nodes().stream().flatMap(n -> n.device().stream()).distinct().count());
  }

  @Test
  void everythingThatHasNoFormIsListed() {
    Path layers = TestData.file("meta/alexnet2012/layers-121.cfg");
    Path params = TestData.file("meta/alexnet2012/layer-params-121.cfg");
    FormatException e = assertThrows(FormatException.class, () -> read(224, params, layers));
    assertEquals(7, e.unsupported().size());
    assertTrue(
        e.getMessage()
            .startsWith(
                layers
                    + """
                    : 7 of the nodes cannot be carried over (cuda-convnet)
                      blur0 (blur): is of a type that has no form here, line 9
                    """),
        e::getMessage);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a];type=conv | :1: 'a' has no 'inputs'",
        "[a];type=conv;inputs=b | :1: 'a' reads 'b', which is no layer",
        "[a];type=neuron;inputs=b;[b];type=neuron;inputs=a | :1: 'a' depends on itself",
        "[a];type=conv;filtres=3 | :3: 'a' has no key 'filtres', did you mean 'filters'?",
        "[a];type=conv;[a];type=fc | :3: there are two layers 'a'",
        "[a];type=conv;type=fc | :3: 'type' is there twice in section 'a'",
        "[d];type=data;[a];type=conv;inputs=d;filters=x | :6: 'a': filters must be a whole number, but is 'x'",
        "what | :1: expected '[section]' or 'key=value', but found 'what'",
      })
  void mistakesSayWhereTheyAre(String text, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("layers.cfg"), text.replace(';', '\n'));
    FormatException e =
        assertThrows(
            FormatException.class,
            () ->
                new ConvnetImporter()
                    .read(List.of(file), ImportOptions.DEFAULTS.withInput(new Chw(3, 8, 8))));
    assertEquals(file + problem, e.getMessage());
  }
}
