package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.tensor.Shape;

/**
 * The header of a NumPy array file: magic, version, length, then a Python dictionary.
 *
 * @param type of the elements
 * @param order of their bytes
 * @param fortran whether the first axis varies fastest
 * @param shape the extents
 * @param begin where the elements begin, counted from the array's first byte
 */
record NpyHeader(ElementType type, ByteOrder order, boolean fortran, Shape shape, long begin) {

  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Real headers have about a hundred bytes; NumPy itself refuses more than 10,000. */
  private static final int LONGEST = 1 << 16;

  /** So many bytes hold every header. */
  static final int START = LONGEST + 12;

  private static final int MOST_AXES = 64;

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("f2", ElementType.F16),
          Map.entry("f4", ElementType.F32),
          Map.entry("f8", ElementType.F64),
          Map.entry("i8", ElementType.I64),
          Map.entry("i4", ElementType.I32),
          Map.entry("i2", ElementType.I16),
          Map.entry("i1", ElementType.I8),
          Map.entry("u8", ElementType.U64),
          Map.entry("u4", ElementType.U32),
          Map.entry("u2", ElementType.U16),
          Map.entry("u1", ElementType.U8),
          Map.entry("b1", ElementType.BOOL));

  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*'(?<key>descr|fortran_order|shape)'\\s*:"
              + "\\s*(?<value>'[^']{0,16}'|True|False|\\([0-9,\\s]{0,2000}\\))\\s*(?<end>,|(?=}))");

  /**
   * Reads and checks the header of a file of floats.
   *
   * @throws WeightsException if the file is no array, of a type that is not read, or not as long as
   *     its shape says
   */
  static NpyHeader read(InputFile file) {
    return parse(file.path(), 0, start(file), file.size(), false);
  }

  /** Returns enough of a file's first bytes. */
  static byte[] start(InputFile file) {
    return file.bytes(0, (int) Math.min(START, file.size()));
  }

  /**
   * Checks a header.
   *
   * @param path the file, for messages
   * @param at where in the file the array begins, for messages
   * @param bytes the array's first bytes, {@link #START} of them or all
   * @param size how many bytes the array has with its header
   * @param integers whether the elements may be integers or truth values
   * @throws WeightsException if it is no array, of a type that is not read, or not as long as its
   *     shape says
   */
  static NpyHeader parse(Path path, long at, byte[] bytes, long size, boolean integers) {
    if (bytes.length < 10 || !Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC)) {
      throw WeightsException.at(
          path,
          at,
          bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K'
              ? "this is an archive (.npz); save a single array with numpy.save"
              : "a NumPy array file begins with \\x93NUMPY; this one does not");
    }
    int version = bytes[6];
    boolean wide = version == 2 || version == 3;
    if (version != 1 && !wide || bytes.length < 12) {
      throw WeightsException.at(
          path, at + 6, "the version is %d.%d; 1.0, 2.0 and 3.0 are known", version, bytes[7]);
    }
    ByteBuffer lengths = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = wide ? lengths.getInt(8) & 0xFFFFFFFFL : lengths.getShort(8) & 0xFFFF;
    int begin = wide ? 12 : 10;
    if (length > size - begin || length > LONGEST) {
      throw WeightsException.at(
          path,
          at + 8,
          "the header's length is given as %d bytes, but %d follow and at most %d are possible; the"
              + " file is cut short or damaged",
          length,
          size - begin,
          LONGEST);
    }
    String text = new String(bytes, begin, (int) length, StandardCharsets.ISO_8859_1);
    return new Fields(path, at + begin, text, integers)
        .header(begin + length, size - begin - length);
  }

  /** The dictionary of a header. */
  private static final class Fields {
    private final Path path;
    private final long at;
    private final boolean integers;
    private String descr = "";
    private String fortran = "";
    private String shape = "";

    Fields(Path path, long at, String text, boolean integers) {
      this.path = path;
      this.at = at;
      this.integers = integers;
      parse(text.strip());
    }

    private void parse(String text) {
      if (!text.startsWith("{") || !text.endsWith("}")) {
        throw bad("the header must be a dictionary in braces");
      }
      Matcher field = FIELD.matcher(text);
      Set<String> seen = new HashSet<>();
      int position = 1;
      while (!text.substring(position).strip().equals("}")) {
        if (!field.find(position) || field.start() != position || !seen.add(field.group("key"))) {
          throw bad(
              "the header must give descr, fortran_order and shape, each once, of a plain type,"
                  + " but reads "
                  + Printable.text(text));
        }
        set(field.group("key"), field.group("value"));
        position = field.end();
      }
      if (seen.size() != 3) {
        throw bad("the header must give descr, fortran_order and shape, but has only " + seen);
      }
    }

    private void set(String key, String value) {
      switch (key) {
        case "descr" -> descr = value.startsWith("'") ? value.substring(1, value.length() - 1) : "";
        case "fortran_order" -> fortran = value;
        default -> shape = value;
      }
    }

    NpyHeader header(long begin, long available) {
      ElementType type = TYPES.get(descr.isEmpty() ? "" : descr.substring(1));
      if (type == null || !type.readable() && !integers) {
        throw unreadable();
      }
      ByteOrder order =
          switch (descr.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            case '|' -> ByteOrder.nativeOrder();
            default -> throw unreadable();
          };
      if (descr.charAt(0) == '|' && type.bytes() > 1) {
        throw unreadable();
      }
      if (!fortran.equals("True") && !fortran.equals("False")) {
        throw bad("fortran_order must be True or False");
      }
      List<Integer> extents = extents();
      long bytes = type.bytes(extents);
      if (bytes != available) {
        throw WeightsException.at(
            path,
            at,
            "an array of %s %s does not fill the %d bytes that follow; the file is cut short or"
                + " damaged",
            type,
            new Shape(extents),
            available);
      }
      if (bytes / type.bytes() > Integer.MAX_VALUE - 8) {
        throw bad("the array has more elements than a Java array can hold");
      }
      return new NpyHeader(type, order, fortran.equals("True"), new Shape(extents), begin);
    }

    private List<Integer> extents() {
      List<Integer> extents = new ArrayList<>();
      if (!shape.startsWith("(")) {
        throw bad("shape must be a tuple of numbers");
      }
      String inner = shape.substring(1, shape.length() - 1).strip();
      String[] numbers = inner.isEmpty() ? new String[0] : inner.split(",");
      for (String number : numbers) {
        try {
          extents.add(Integer.parseInt(number.strip()));
        } catch (NumberFormatException e) {
          throw bad("shape must be a tuple of numbers of at most 2147483647, but is " + shape);
        }
      }
      if (extents.size() > MOST_AXES) {
        throw bad("the array has more than " + MOST_AXES + " axes");
      }
      return extents;
    }

    private WeightsException unreadable() {
      return bad(
          String.format(
              Locale.ROOT,
              "elements of type '%s' are not read; store f2, f4 or f8: array.astype('float32')",
              Printable.text(descr)));
    }

    private WeightsException bad(String problem) {
      return WeightsException.at(path, at, problem);
    }
  }
}
