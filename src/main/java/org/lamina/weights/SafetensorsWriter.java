package org.lamina.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import org.lamina.tensor.Shape;

/** Writes safetensors files. */
final class SafetensorsWriter {

  /** The data begins at a multiple of this, so that others can map it as it is. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  static void write(
      Path path, WeightSource source, ElementType type, Map<String, String> metadata) {
    Map<String, Shape> tensors = source.shapes();
    if (!EnumSet.of(ElementType.F32, ElementType.F16, ElementType.BF16).contains(type)) {
      throw new IllegalArgumentException("tensors are written as F32, F16 or BF16, not as " + type);
    }
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "no tensor may be called '" + SafetensorsHeader.METADATA + "'");
    }
    byte[] header = header(tensors, type, metadata);
    if (header.length > SafetensorsHeader.LONGEST) {
      throw new WeightsException(
          path
              + String.format(
                  Locale.ROOT,
                  ": the header would have %,d bytes, but the format allows %,d",
                  header.length,
                  SafetensorsHeader.LONGEST));
    }
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          AtomicFile.drain(length.putLong(header.length).flip(), channel);
          AtomicFile.drain(ByteBuffer.wrap(header), channel);
          AtomicFile.drain(source, type, channel);
        });
  }

  private static byte[] header(
      Map<String, Shape> tensors, ElementType type, Map<String, String> metadata) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      if (!metadata.isEmpty()) {
        generator.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> text : metadata.entrySet()) {
          generator.writeStringField(text.getKey(), text.getValue());
        }
        generator.writeEndObject();
      }
      long at = 0;
      for (Map.Entry<String, Shape> tensor : tensors.entrySet()) {
        long end = at + tensor.getValue().volume() * type.bytes();
        generator.writeObjectFieldStart(tensor.getKey());
        generator.writeStringField("dtype", type.name());
        generator.writeArrayFieldStart("shape");
        for (int extent : tensor.getValue().extents()) {
          generator.writeNumber(extent);
        }
        generator.writeEndArray();
        generator.writeArrayFieldStart("data_offsets");
        generator.writeNumber(at);
        generator.writeNumber(end);
        generator.writeEndArray();
        generator.writeEndObject();
        at = end;
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a byte array refused to be written", e);
    }
    return padded(json.toByteArray());
  }

  /** The format allows spaces after the header's object. */
  private static byte[] padded(byte[] json) {
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] padded = Arrays.copyOf(json, length);
    Arrays.fill(padded, json.length, length, (byte) ' ');
    return padded;
  }
}
