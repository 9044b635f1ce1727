package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.layer.Convolution;
import org.lamina.network.Network;

/** Typed variables, variants of a file, and what is changed where a network is used. */
final class OverridesTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeANetwork() throws IOException {
    write(
        "base.yaml",
        """
        network: base
        input: {shape: [4, 16, 16]}
        let: {filters: 4, scale: 1.0, biased: true, rounding: ceil, twice: =2*filters}
        layers:
          - conv: {name: c1, filters: =filters*scale, kernel: 1, bias: =biased}
          - max_pool: {name: p1, kernel: 2, stride: 2, round: =rounding}
          - conv: {name: c2, filters: =twice, kernel: 1}
        variants:
          large: {let: {scale: 2}, edit: [set: {c2.kernel: 3}]}
          small: {network: tiny, input: {shape: [4, 8, 8]}, edit: [remove: c2]}
        """);
  }

  @Test
  void variablesAndFieldsAreOverriddenLast() {
    Network network =
        find(
            "base.yaml",
            Overrides.NONE
                .andLet("scale=0.5")
                .andLet("filters = 8")
                .andSet("c2.kernel=[1, 3]")
                .andSet("c2.filters==3*filters")
                .andSet("c1.bias=false"));
    assertEquals(4, conv(network, "c1").filters());
    assertEquals(24, conv(network, "c2").filters());
    assertEquals(3, conv(network, "c2").kernel().w());
    assertEquals(4 * 4, network.node("c1").signature().learned());
  }

  @Test
  void everyVariantIsANetwork() throws IOException {
    Network large = find("base.yaml@large", Overrides.NONE);
    assertEquals("base-large", large.name());
    assertEquals(8, conv(large, "c1").filters());
    assertEquals(3, conv(large, "c2").kernel().h());
    Network small = find("base.yaml@small", Overrides.NONE.andLet("filters=2"));
    assertEquals("tiny", small.name());
    assertEquals("2×4×4", small.shape("p1").toString());
    write("derived.yaml", "extends: base.yaml@small\nnetwork: derived\nlet: {filters: 6}\n");
    assertEquals("6×4×4", find("derived.yaml", Overrides.NONE).shape("p1").toString());
    write("inherits.yaml", "extends: base.yaml\nnetwork: inherits\nlet: {filters: 6}\n");
    assertEquals("inherits-large", find("inherits.yaml@large", Overrides.NONE).name());
    assertEquals(12, conv(find("inherits.yaml@large", Overrides.NONE), "c1").filters());
  }

  @Test
  void halfTheWidthOfAlexNetKeepsItsGroups() {
    Network network = NetworkFile.find("alexnet", Overrides.NONE.andLet("width=0.5"));
    assertEquals(48, conv(network, "conv1").filters());
    assertEquals(2, conv(network, "conv2").groups());
    assertEquals("4096×1×1", network.shape("fc6").toString());
  }

  @Test
  void anOverrideHasTheTypeOfTheDeclaration() throws IOException {
    assertMessage(
        "--let 1:9: filters must be a whole number, but is 'many'; it is declared as 4 at base.yaml:3:7",
        "base.yaml",
        Overrides.NONE.andLet("filters=many"));
    assertMessage(
        "--let 2:7: scale must be a number, but is 'true'; it is declared as 1.0 at base.yaml:3:19",
        "base.yaml",
        Overrides.NONE.andLet("biased=false").andLet("scale=true"));
    assertMessage(
        "--let 1:10: rounding must be a word, but is 1; it is declared as 'ceil' at base.yaml:3:45",
        "base.yaml",
        Overrides.NONE.andLet("rounding=1"));
    write("derived.yaml", "extends: base.yaml\nlet: {filters: 2.5}\n");
    assertMessage(
        "derived.yaml:2:16: filters must be a whole number, but is 2.5; it is declared as 4 at base.yaml:3:7",
        "derived.yaml",
        Overrides.NONE);
  }

  @Test
  void wrongOverridesAreLocated() {
    assertMessage(
        "--let 1:1: there is no variable 'filterz', did you mean 'filters'?",
        "base.yaml",
        Overrides.NONE.andLet("filterz=3"));
    assertMessage(
        "--set 2:1: there is no layer 'c3' to edit, did you mean 'c1'?",
        "base.yaml",
        Overrides.NONE.andSet("c1.filters=3").andSet("c3.filters=4"));
    assertMessage(
        "--set 1:12: layer 'c1': filters must be a whole number, but is 'x'",
        "base.yaml",
        Overrides.NONE.andSet("c1.filters=x"));
    assertMessage(
        "--set 1:4: layer 'c1': conv has no 'filtres', did you mean 'filters'?",
        "base.yaml",
        Overrides.NONE.andSet("c1.filtres=3"));
    assertMessage(
        "--set 1:1: --set wants LAYER.FIELD=VALUE, but this is 'c1.filters'",
        "base.yaml",
        Overrides.NONE.andSet("c1.filters"));
    assertMessage(
        "--let 1:1: --let wants NAME=VALUE, but this is '=3'",
        "base.yaml",
        Overrides.NONE.andLet("=3"));
    assertMessage(
        "base.yaml:1:1: there is no variant 'larg', did you mean 'large'?",
        "base.yaml@larg",
        Overrides.NONE);
  }

  @Test
  void anOverrideIsShownAsItWasTyped() {
    NetworkFileException e =
        assertThrows(
            NetworkFileException.class,
            () ->
                find("base.yaml", Overrides.NONE.andSet("c1.filters=[1").andSet("c2.bias=false")));
    assertEquals(
        List.of("c1.filters=[1", "           ^"), e.getMessage().lines().skip(1).limit(2).toList());
  }

  private void assertMessage(String firstLine, String name, Overrides overrides) {
    NetworkFileException e = assertThrows(NetworkFileException.class, () -> find(name, overrides));
    String message = e.getMessage().replace(folder + java.io.File.separator, "");
    assertEquals(firstLine, message.lines().findFirst().orElseThrow());
  }

  private Network find(String name, Overrides overrides) {
    return NetworkFile.find(folder.resolve(name).toString(), overrides);
  }

  private static Convolution conv(Network network, String name) {
    return (Convolution) network.node(name).layer();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}
