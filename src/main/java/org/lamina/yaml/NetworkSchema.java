package org.lamina.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The JSON Schema (draft 7) of network files, which editors use for completion, documentation and
 * checks while typing. It knows sections, layer types, fields, ranges and defaults; names,
 * arithmetic and shapes only {@link NetworkFile} can check.
 */
public final class NetworkSchema {

  /**
   * The {@code $id} of the schema: a name, not a place to load it from. Its version changes when
   * files that were right would be refused.
   */
  public static final String ID =
      "https://github.com/lamina-nn/lamina/schema/v1/lamina-network.schema.json";

  private static final String RESOURCE = "/schema/lamina-network.schema.json";

  private NetworkSchema() {}

  /** Returns the schema as JSON text. */
  public static String text() {
    try (InputStream in = NetworkSchema.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
