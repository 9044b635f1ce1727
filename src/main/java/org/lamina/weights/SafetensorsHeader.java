package org.lamina.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.network.Names;
import org.lamina.tensor.Shape;

/**
 * The header of a safetensors file: 8 bytes with its length, little-endian, then JSON.
 *
 * <p>A header that parses is a true description: every tensor's bytes are as many as its shape
 * says, the tensors follow each other without gap or overlap, and they end where the file ends.
 *
 * @param tensors what the file holds, by name, in the order of the header
 * @param metadata the texts under {@code __metadata__}
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {

  /** The format's own limit for the length of a header. */
  static final long LONGEST = 100_000_000;

  static final String METADATA = "__metadata__";

  /** More axes than any library has; bounds the memory that a header of zeros can claim. */
  private static final int MOST_AXES = 64;

  private static final int PREFIX = Long.BYTES;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /**
   * A tensor in the file.
   *
   * @param type of its elements
   * @param shape its extents
   * @param begin where its bytes begin, counted from the start of the file
   * @param end where they end
   */
  record Entry(ElementType type, Shape shape, long begin, long end) {}

  /**
   * Reads and checks the header of a file.
   *
   * @throws WeightsException if the file is not exactly what the format allows
   */
  static SafetensorsHeader read(InputFile file) {
    if (file.size() < PREFIX) {
      throw WeightsException.at(
          file.path(),
          file.size(),
          "a safetensors file begins with 8 bytes for the length of its header, but this one has %d"
              + " bytes; it is empty or cut short",
          file.size());
    }
    long length = ByteBuffer.wrap(file.bytes(0, PREFIX)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > file.size() - PREFIX || length > LONGEST) {
      throw WeightsException.at(
          file.path(),
          0,
          "the header's length is given as %s bytes, but %,d follow and the format allows %,d; it"
              + " is no safetensors file, or is cut short",
          Long.toUnsignedString(length),
          file.size() - PREFIX,
          LONGEST);
    }
    byte[] json = file.bytes(PREFIX, (int) length);
    requireText(file.path(), json);
    return new Reader(file.path(), PREFIX + length, file.size()).read(json);
  }

  private static void requireText(Path path, byte[] json) {
    if (json[0] != '{' || json[1] == 0) {
      throw WeightsException.at(
          path, PREFIX, "the header must begin with '{'; it is no safetensors file");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw WeightsException.at(path, PREFIX, "the header is not UTF-8 text; the file is damaged");
    }
  }

  /** Walks the header's tokens; never builds a tree of what a stranger wrote. */
  private static final class Reader {
    private final Path path;
    private final long dataBegin;
    private final long fileSize;
    private final Map<String, Entry> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Reader(Path path, long dataBegin, long fileSize) {
      this.path = path;
      this.dataBegin = dataBegin;
      this.fileSize = fileSize;
    }

    SafetensorsHeader read(byte[] json) {
      try (JsonParser parser = JSON.createParser(json)) {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          if (name.equals(METADATA)) {
            readMetadata(parser);
          } else {
            tensors.put(name, readEntry(parser, name));
          }
        }
        if (parser.nextToken() != null) {
          throw bad(parser, "the header must be one object; something follows it");
        }
      } catch (JsonProcessingException e) {
        throw WeightsException.at(
            path,
            PREFIX + Math.max(0, e.getLocation() == null ? 0 : e.getLocation().getByteOffset()),
            "the header is not valid JSON: %s",
            Printable.text(e.getOriginalMessage()));
      } catch (IOException e) {
        throw new WeightsException(path + ": cannot be read: " + e.getMessage(), e);
      }
      requireSeamless();
      return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata(JsonParser parser) throws IOException {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "an object of texts");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "a text");
        metadata.put(key, parser.getText());
      }
    }

    private Entry readEntry(JsonParser parser, String name) throws IOException {
      String type = "";
      List<Long> extents = null;
      List<Long> offsets = null;
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "dtype" -> {
            expect(parser, value, JsonToken.VALUE_STRING, "a text");
            type = parser.getText();
          }
          case "shape" -> extents = readNumbers(parser, value, MOST_AXES);
          case "data_offsets" -> offsets = readNumbers(parser, value, 2);
          default -> throw bad(parser, named(name) + "has no field '" + Printable.text(key) + "'");
        }
      }
      if (type.isEmpty() || extents == null || offsets == null || offsets.size() != 2) {
        throw bad(parser, named(name) + "needs dtype, shape and two data_offsets");
      }
      return entry(parser, name, type, extents, offsets);
    }

    private List<Long> readNumbers(JsonParser parser, JsonToken first, int most)
        throws IOException {
      expect(parser, first, JsonToken.START_ARRAY, "a list of numbers");
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "a whole number");
        numbers.add(parser.getLongValue());
        if (numbers.size() > most || numbers.get(numbers.size() - 1) < 0) {
          throw bad(parser, "the list must have at most " + most + " numbers, none negative");
        }
      }
      return numbers;
    }

    private Entry entry(
        JsonParser parser, String name, String typeName, List<Long> extents, List<Long> offsets) {
      ElementType type =
          ElementType.named(typeName)
              .orElseThrow(
                  () ->
                      bad(
                          parser,
                          named(name)
                              + "has the unknown dtype "
                              + Printable.text(typeName)
                              + Names.suggest(
                                  Printable.text(typeName), List.of("F32", "F16", "BF16", "F64"))));
      long begin = offsets.get(0);
      long end = offsets.get(1);
      if (begin > end || end > fileSize - dataBegin) {
        throw bad(
            parser,
            String.format(
                Locale.ROOT,
                "%sis at [%d, %d) of the data, which has %d bytes; the file is cut short or damaged",
                named(name),
                begin,
                end,
                fileSize - dataBegin));
      }
      Shape shape = shape(parser, name, extents);
      if (type.bytes(extents) != end - begin) {
        throw bad(
            parser,
            String.format(
                Locale.ROOT,
                "%sof %s %s does not fill the %d bytes of its data_offsets",
                named(name),
                type,
                shape,
                end - begin));
      }
      return new Entry(type, shape, dataBegin + begin, dataBegin + end);
    }

    private Shape shape(JsonParser parser, String name, List<Long> extents) {
      for (long extent : extents) {
        if (extent > Integer.MAX_VALUE) {
          throw bad(
              parser,
              String.format(
                  Locale.ROOT,
                  "%shas an axis of %d; at most %d are possible",
                  named(name),
                  extent,
                  Integer.MAX_VALUE));
        }
      }
      return new Shape(extents.stream().map(Long::intValue).toList());
    }

    /** The format forbids holes and overlaps, so that no byte is hidden and none read twice. */
    private void requireSeamless() {
      List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors.entrySet());
      sorted.sort(
          Comparator.comparingLong((Map.Entry<String, Entry> t) -> t.getValue().begin())
              .thenComparingLong(t -> t.getValue().end()));
      long at = dataBegin;
      for (Map.Entry<String, Entry> tensor : sorted) {
        Entry entry = tensor.getValue();
        if (entry.begin() != at) {
          throw WeightsException.at(
              path,
              entry.begin(),
              "tensor '%s' %s what ends at byte %d; tensors must follow each other exactly",
              Printable.text(tensor.getKey()),
              entry.begin() < at ? "overlaps" : "leaves a gap after",
              at);
        }
        at = entry.end();
      }
      if (at != fileSize) {
        throw WeightsException.at(
            path, at, "the tensors end here, but the file has %d bytes", fileSize);
      }
    }

    private void expect(JsonParser parser, JsonToken found, JsonToken expected, String text) {
      if (found != expected) {
        throw bad(parser, "expected " + text + ", found " + found);
      }
    }

    private static String named(String name) {
      return "tensor '" + Printable.text(name) + "' ";
    }

    private WeightsException bad(JsonParser parser, String problem) {
      return WeightsException.at(
          path, PREFIX + parser.currentTokenLocation().getByteOffset(), problem);
    }
  }
}
