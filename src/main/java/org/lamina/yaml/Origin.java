package org.lamina.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the text of a network comes from.
 *
 * @param label how messages call it
 * @param path the file; none if it is a shipped network or a text without a file
 * @param shipped the name of the shipped network, if it is one
 */
record Origin(String label, Optional<Path> path, Optional<String> shipped) {

  /** Four bytes for each character, and one to see that there are more. */
  private static final int MAX_BYTES = 4 * YamlText.MAX_CHARACTERS + 1;

  static Origin of(Path path) {
    return new Origin(path.toString(), Optional.of(path), Optional.empty());
  }

  static Origin ofShipped(String name) {
    return new Origin("networks/" + name + ".yaml", Optional.empty(), Optional.of(name));
  }

  /** Returns whether a reference means a file rather than a shipped network. */
  static boolean isPath(String reference) {
    return reference.endsWith(".yaml")
        || reference.endsWith(".yml")
        || reference.contains("/")
        || reference.contains("\\");
  }

  /**
   * Returns what this origin means by a reference: a path, relative to itself, or the name of a
   * shipped network.
   *
   * @throws Fault if there is no such network; at the given place
   */
  Origin resolve(String reference, Place at) {
    if (!isPath(reference)) {
      if (!ShippedNetworks.exists(reference)) {
        throw new Fault(at, ShippedNetworks.unknown(reference));
      }
      return ofShipped(reference);
    }
    if (shipped.isPresent()) {
      String name = ShippedNetworks.nameOf(reference);
      if (!ShippedNetworks.exists(name)) {
        throw new Fault(at, ShippedNetworks.unknown(name));
      }
      return ofShipped(name);
    }
    try {
      return of(
          path.map(file -> file.resolveSibling(reference))
              .orElseGet(() -> Path.of(reference))
              .normalize());
    } catch (InvalidPathException e) {
      throw new Fault(at, "this is not a path: " + e.getReason());
    }
  }

  /** Returns what is the same for two origins of the same text. */
  Object identity() {
    return path.<Object>map(file -> file.toAbsolutePath().normalize()).orElse(label);
  }

  /**
   * Reads the text.
   *
   * @throws NetworkFileException if it cannot be read or is no UTF-8 text
   */
  Source read() {
    byte[] bytes;
    try (InputStream in = open()) {
      bytes = in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      throw NetworkFileException.of(label, "the file cannot be read: " + e.getMessage());
    }
    if (bytes.length == MAX_BYTES) {
      throw NetworkFileException.of(
          label,
          "a network file may have %d characters, but this has more"
              .formatted(YamlText.MAX_CHARACTERS));
    }
    return decode(bytes);
  }

  private InputStream open() throws IOException {
    if (shipped.isPresent()) {
      return ShippedNetworks.open(shipped.get());
    }
    Path file = path.orElseThrow();
    if (!Files.exists(file)) {
      String name = ShippedNetworks.nameOf(String.valueOf(file.getFileName()));
      String hint =
          ShippedNetworks.exists(name) ? "; the shipped network is called '" + name + "'" : "";
      throw NetworkFileException.of(label, "there is no such file" + hint);
    }
    if (!Files.isRegularFile(file)) {
      throw NetworkFileException.of(label, "this is not a file");
    }
    return Files.newInputStream(file);
  }

  private Source decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int line = (int) text.chars().filter(c -> c == '\n').count();
      int column = text.length() - (text.lastIndexOf('\n') + 1);
      Problems problems = new Problems();
      problems.add(
          new Place(new Source(label, text), line, column),
          "byte %d is not UTF-8 text".formatted(in.position()));
      problems.throwIfAny();
    }
    return new Source(label, text.startsWith("\ufeff") ? text.substring(1) : text);
  }
}
