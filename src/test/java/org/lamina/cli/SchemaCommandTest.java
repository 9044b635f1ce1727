package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code lamina schema} prints the schema that comes with Lamina. */
final class SchemaCommandTest {

  @Test
  void itPrintsTheFile() throws IOException {
    String file = Files.readString(Path.of("schema", "lamina-network.schema.json"));
    assertTrue(file.equals(Outcome.of("schema").succeeded().out()), "another text");
  }
}
