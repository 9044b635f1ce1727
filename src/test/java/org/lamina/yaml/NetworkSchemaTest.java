package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schema is the records', takes every right file, and refuses mistakes of form. */
final class NetworkSchemaTest {

  private static final String TEXT = SchemaGenerator.generate();

  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(TEXT);

  private static List<String> problems(JsonNode json) {
    return SCHEMA.validate(json).stream().map(ValidationMessage::toString).sorted().toList();
  }

  private static List<String> problems(String yaml) {
    return problems(JsonOfYaml.read(yaml).orElseThrow(() -> new AssertionError(yaml)));
  }

  @Test
  void theFileIsWhatTheRecordsSay() throws IOException {
    Generated.requireUpToDate(
        Path.of("schema", "lamina-network.schema.json"), TEXT, NetworkSchemaTest.class);
  }

  @Test
  void itIsASchemaOfDraft7() {
    JsonNode schema = SCHEMA.getSchemaNode();
    assertEquals("http://json-schema.org/draft-07/schema#", schema.get("$schema").textValue());
    assertEquals(NetworkSchema.ID, schema.get("$id").textValue());
    JsonSchema draft7 =
        JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(java.net.URI.create("http://json-schema.org/draft-07/schema#"));
    assertEquals(Set.of(), draft7.validate(schema));
  }

  static Stream<Path> shippedNetworks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("networks"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shippedNetworks")
  void everyShippedNetworkIsRight(Path file) throws IOException {
    assertEquals(List.of(), problems(Files.readString(file)));
  }

  @Test
  void everyExampleOfTheLanguageIsRight() throws IOException {
    List<String> examples =
        Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/language.md")))
            .results()
            .map(match -> DerivedNetworksTest.complete(match.group(1)))
            .toList();
    assertFalse(examples.isEmpty());
    for (String example : examples) {
      assertEquals(List.of(), problems(example), example);
    }
  }

  @Test
  void everySectionIsKnown() {
    Set<String> known = new TreeSet<>();
    SCHEMA.getSchemaNode().get("properties").fieldNames().forEachRemaining(known::add);
    assertEquals(new TreeSet<>(DescriptionReader.SECTIONS), known);
  }

  /** A wrong file of the gallery. */
  private record Wrong(String title, String yaml) {}

  private static List<Wrong> gallery() throws IOException {
    try (InputStream in = NetworkFileErrorsTest.class.getResourceAsStream("wrong-networks.txt")) {
      List<Wrong> wrong = new ArrayList<>();
      for (String part : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^=== ")) {
        int end = part.indexOf('\n');
        if (end > 0) {
          String files = part.substring(end + 1).split("(?m)^>>>\n", 2)[0];
          wrong.add(new Wrong(part.substring(0, end), files.split("(?m)^@@ ")[0]));
        }
      }
      return wrong;
    }
  }

  @Test
  void itSeesAllMistakesButThoseThatNoSchemaCanSee() throws IOException {
    Set<String> unseen = new TreeSet<>();
    for (Wrong wrong : gallery()) {
      if (JsonOfYaml.read(wrong.yaml()).map(json -> problems(json).isEmpty()).orElse(false)) {
        unseen.add(wrong.title());
      }
    }
    String listed;
    try (InputStream in = NetworkSchemaTest.class.getResourceAsStream("unseen-by-schema.txt")) {
      listed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(
        listed.lines().filter(line -> !line.startsWith("#")).sorted().toList(),
        unseen.stream().sorted().toList(),
        "these mistakes are not refused; if no schema could, list them in unseen-by-schema.txt");
  }

  @Test
  void messagesNameTheMisspeltKey() {
    List<String> problems =
        problems(
            """
            network: n
            input: {shape: [3, 8, 8]}
            layers:
              - conv: {filtres: 4, filters: 4, kernel: 3}
            """);
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).contains("'filtres'"), problems.get(0));
  }

  @Test
  void whatDefaultsGiveIsNotMissing() {
    String head = "network: n\ninput: {shape: [3, 8, 8]}\n";
    String layers = "layers:\n  - add: [[conv: {filters: 3, pad: 1}], []]\n";
    assertEquals(1, problems(head + layers).size());
    assertEquals(List.of(), problems(head + "defaults: {conv: {kernel: 3}}\n" + layers));
  }

  @Test
  void aFieldOfEditIsCheckedLikeThatOfTheLayer() {
    String head = "extends: alexnet\nedit:\n  - set: ";
    assertEquals(List.of(), problems(head + "{conv1.filters: =64*width, norm1.k: 1}"));
    assertFalse(problems(head + "{conv1.filters: many}").isEmpty());
    assertFalse(problems(head + "{conv1.name: conv0}").isEmpty());
    assertFalse(problems(head + "{filters: 64}").isEmpty());
  }
}
