package org.lamina.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.lamina.formats.FormatException;
import org.lamina.formats.onnx.schema.ModelProto;
import org.lamina.formats.onnx.schema.OperatorSetIdProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;

/** An open model: its description in memory, its tensors in their file. */
final class OnnxFile implements AutoCloseable {

  /** The version of the operators that is the last known here; that of ONNX 1.17. */
  static final int NEWEST = 22;

  /** What a message of protobuf can have. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private final Path path;
  private final ModelProto model;
  private final ExternalData external;
  private final Elements elements;

  private OnnxFile(Path path, ModelProto model) {
    this.path = path;
    this.model = model;
    external = new ExternalData(path);
    elements = new Elements(path.toString(), external);
  }

  /**
   * Opens a model.
   *
   * @throws FormatException if it cannot be read, or is none
   */
  static OnnxFile open(Path path) {
    ByteString bytes = map(path);
    try {
      ModelProto model =
          ModelProto.parseFrom(Wire.checked(path.toString(), bytes, ModelProto.getDescriptor()));
      if (!model.hasGraph()) {
        throw new FormatException(path + ": is not an ONNX model: it has no graph");
      }
      return new OnnxFile(path, model);
    } catch (IOException e) {
      throw new FormatException(path + ": is not an ONNX model: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a tensor that is a file of its own, such as the backend tests have.
   *
   * @throws FormatException if it cannot be read, or is none
   */
  static Values tensor(Path path) {
    TensorProto tensor = Elements.parse(path.toString(), map(path));
    return new Elements(path.toString(), new ExternalData(path)).of(tensor);
  }

  private static ByteString map(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new FormatException(path + ": there is no such file; check the path");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > MOST_BYTES) {
        throw new FormatException(
            "%s: has %d bytes, but a model file can have %d; larger weights go into files beside it"
                .formatted(path, size, MOST_BYTES));
      }
      return UnsafeByteOperations.unsafeWrap(channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
    } catch (IOException e) {
      throw new FormatException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  ModelProto model() {
    return model;
  }

  Elements elements() {
    return elements;
  }

  /** Returns how the elements of every stored tensor are stored. */
  Map<String, ElementType> types() {
    Map<String, ElementType> types = new HashMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      Elements.type(tensor.getDataType()).ifPresent(type -> types.put(tensor.getName(), type));
    }
    return types;
  }

  /** Returns the version of ONNX's own operators that the model uses. */
  int opset() {
    Map<String, Long> versions = new HashMap<>();
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      versions.put(set.getDomain(), set.getVersion());
    }
    long version = versions.getOrDefault("", versions.getOrDefault("ai.onnx", 1L));
    if (version < 1 || version > NEWEST) {
      throw new FormatException(
          "%s: uses version %d of the operators; 1 to %d are known"
              .formatted(Printable.text(path.toString()), version, NEWEST));
    }
    return (int) version;
  }

  @Override
  public void close() {
    external.close();
  }
}
