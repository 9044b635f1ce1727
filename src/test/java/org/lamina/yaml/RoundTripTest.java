package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Join;
import org.lamina.layer.Layer;
import org.lamina.layer.RecordSchema;
import org.lamina.network.FieldValues;
import org.lamina.network.Layers;
import org.lamina.network.Network;
import org.lamina.network.RandomNetwork;

/** A network that is printed and read again is the same; printed again, so is the text. */
final class RoundTripTest {

  private static List<String> shipped() {
    return NetworkFile.shipped();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void aShippedNetworkIsReadAsItself(String name) {
    assertSameAgain(NetworkFile.find(name));
  }

  @Test
  void randomNetworksAreReadAsThemselves() {
    int withBranches = 0;
    for (int seed = 0; seed < 200; seed++) {
      withBranches += assertSameAgain(RandomNetwork.of(seed)).contains("branches:") ? 1 : 0;
    }
    assertTrue(withBranches > 20, "only " + withBranches + " of 200 have branches");
  }

  @Test
  void whatOddFilesMeanIsReadAsItself() throws IOException {
    Random random = new Random(17);
    String[] odd = {"0x1F", "1e-9", "-0.0", "1.5", "7", "[2, 3]", "[0, 1, 1, 0]", "=1/3", "normal"};
    List<String> shipped = List.of("alexnet", "alexnet-2012", "squeezenet-1.0", "resnet-18", "nin");
    int read = 0;
    for (int i = 0; i < 500; i++) {
      String name = shipped.get(random.nextInt(shipped.size()));
      String text = Files.readString(Path.of("networks", name + ".yaml")).replace(".yaml", "");
      int[] numbers =
          Pattern.compile("(?<=: )[0-9.]+")
              .matcher(text)
              .results()
              .mapToInt(r -> r.start())
              .toArray();
      int at = numbers[random.nextInt(numbers.length)];
      String rest = text.substring(at).replaceFirst("[0-9.]+", odd[random.nextInt(odd.length)]);
      try {
        assertSameAgain(NetworkFile.parse("odd.yaml", text.substring(0, at) + rest));
        read++;
      } catch (NetworkFileException e) {
        // Most odd values are refused; which ones is the matter of other tests.
        assertFalse(e.getMessage().startsWith("printed"), e::getMessage);
      }
    }
    assertTrue(read > 50, "only " + read + " of 500 were read");
  }

  /** Prints a network and reads it again; returns the text. */
  static String assertSameAgain(Network network) {
    String text = NetworkWriter.print(network);
    Network again = NetworkFile.parse("printed", text);
    assertEquals(network, again, text);
    assertEquals(List.copyOf(network.inputs().keySet()), List.copyOf(again.inputs().keySet()));
    assertEquals(text, NetworkWriter.print(again));
    return text;
  }

  private static Set<String> types() {
    return Layers.types().keySet();
  }

  private static Object some(RecordSchema.Component component) {
    return component.type().isEnum()
        ? FieldValues.plain(component.type().getEnumConstants()[1])
        : (Object) 4;
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyLayerHasTheSameDefaultsInJavaAndYaml(String type) {
    Map<String, Object> needed = new LinkedHashMap<>();
    Layers.types().get(type).components().stream()
        .filter(component -> component.fallback().isEmpty())
        .forEach(component -> needed.put(component.key(), some(component)));
    Layer layer = Layers.of(type, needed);
    assertEquals(needed, FieldValues.fields(layer));
    String fields =
        Join.class.isAssignableFrom(Layers.types().get(type).type()) && !type.equals("concat")
            ? "{from: [input, input]}"
            : needed.toString().replace("=", ": ");
    String yaml = "network: n\ninput: {shape: [16, 8, 8]}\nlayers: [{%s: %s}]\n";
    Network network = NetworkFile.parse("n.yaml", yaml.formatted(type, fields));
    assertEquals(layer, network.nodes().get(0).layer());
    assertSameAgain(network);
  }
}
