package org.lamina.formats.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.lamina.formats.FormatException;
import org.lamina.formats.onnx.schema.StringStringEntryProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;

/**
 * Elements that lie in files beside a model. A model may name files in its own folder and below,
 * and nothing else: not by an absolute path, not by {@code ..}, not through a link.
 */
final class ExternalData implements AutoCloseable {

  private final Path model;
  private final Map<Path, InputFile> files = new HashMap<>();

  ExternalData(Path model) {
    this.model = model;
  }

  /**
   * The elements of one tensor.
   *
   * @param file where they are
   * @param offset of their first byte
   */
  record Piece(InputFile file, long offset) {
    ByteBuffer at(long from, int length) {
      return file.fill(offset + from, ByteBuffer.allocate(length)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Opens the file of a tensor and checks that it has its elements.
   *
   * @param bytes of all elements
   * @throws FormatException if the file is not in the model's folder, or too short
   */
  Piece open(TensorProto tensor, long bytes) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.getOrDefault("location", "");
    long offset = number(tensor, entries, "offset", 0);
    long length = number(tensor, entries, "length", bytes);
    InputFile file = files.computeIfAbsent(resolve(tensor, location), InputFile::open);
    if (length != bytes || offset > file.size() || bytes > file.size() - offset) {
      throw wrong(
          tensor,
          "takes %d bytes at %d of '%s', which says %d and has %d",
          bytes,
          offset,
          Printable.text(location),
          length,
          file.size());
    }
    return new Piece(file, offset);
  }

  private long number(TensorProto tensor, Map<String, String> entries, String key, long fallback) {
    String text = entries.get(key);
    if (text == null) {
      return fallback;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw wrong(tensor, "has external data with %s '%s'", key, Printable.text(text));
    }
    return Long.parseLong(text);
  }

  private Path resolve(TensorProto tensor, String location) {
    String shown = Printable.text(location);
    try {
      Path relative = Path.of(location);
      boolean climbs = false;
      for (Path part : relative) {
        climbs |= part.toString().equals("..");
      }
      if (location.isEmpty() || relative.isAbsolute() || climbs || location.contains("\\")) {
        throw wrong(tensor, "names the file '%s', which is not beside the model", shown);
      }
      Path folder = model.toAbsolutePath().getParent();
      Path file = folder.resolve(relative);
      if (!Files.isRegularFile(file)) {
        throw wrong(tensor, "has its elements in '%s', which is not there", shown);
      }
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath())) {
        throw wrong(tensor, "names the file '%s', a link out of the model's folder", shown);
      }
      return real;
    } catch (InvalidPathException | IOException e) {
      throw wrong(tensor, "names the file '%s', which cannot be opened", shown);
    }
  }

  private FormatException wrong(TensorProto tensor, String problem, Object... values) {
    return new FormatException(
        String.format(Locale.ROOT, "%s: tensor '%s' ", model, Printable.text(tensor.getName()))
            + String.format(Locale.ROOT, problem, values));
  }

  @Override
  public void close() {
    files.values().forEach(InputFile::close);
  }
}
