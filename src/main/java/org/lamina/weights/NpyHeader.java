package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
 * @param begin where the elements begin
 */
record NpyHeader(ElementType type, ByteOrder order, boolean fortran, Shape shape, long begin) {

  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Real headers have about a hundred bytes; NumPy itself refuses more than 10,000. */
  private static final int LONGEST = 1 << 16;

  private static final int MOST_AXES = 64;

  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*'(?<key>descr|fortran_order|shape)'\\s*:"
              + "\\s*(?<value>'[^']{0,16}'|True|False|\\([0-9,\\s]{0,2000}\\))\\s*(?<end>,|(?=}))");

  /**
   * Reads and checks the header.
   *
   * @throws WeightsException if the file is no array, of a type that is not read, or not as long as
   *     its shape says
   */
  static NpyHeader read(InputFile file) {
    byte[] start = file.bytes(0, (int) Math.min(12, file.size()));
    if (start.length < 10 || !Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
      throw WeightsException.at(
          file.path(),
          0,
          start.length > 1 && start[0] == 'P' && start[1] == 'K'
              ? "this is an archive (.npz); save a single array with numpy.save"
              : "a NumPy array file begins with \\x93NUMPY; this one does not");
    }
    int version = start[6];
    boolean wide = version == 2 || version == 3;
    if (version != 1 && !wide || start.length < 12) {
      throw WeightsException.at(
          file.path(), 6, "the version is %d.%d; 1.0, 2.0 and 3.0 are known", version, start[7]);
    }
    ByteBuffer lengths = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long length = wide ? lengths.getInt(8) & 0xFFFFFFFFL : lengths.getShort(8) & 0xFFFF;
    int begin = wide ? 12 : 10;
    if (length > file.size() - begin || length > LONGEST) {
      throw WeightsException.at(
          file.path(),
          8,
          "the header's length is given as %d bytes, but %d follow and at most %d are possible; the"
              + " file is cut short or damaged",
          length,
          file.size() - begin,
          LONGEST);
    }
    String text = new String(file.bytes(begin, (int) length), StandardCharsets.ISO_8859_1);
    return new Fields(file, begin, text).header(begin + length);
  }

  /** The dictionary of a header. */
  private static final class Fields {
    private final InputFile file;
    private final int at;
    private String descr = "";
    private String fortran = "";
    private String shape = "";

    Fields(InputFile file, int at, String text) {
      this.file = file;
      this.at = at;
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

    NpyHeader header(long begin) {
      ElementType type =
          switch (descr.isEmpty() ? "" : descr.substring(1)) {
            case "f2" -> ElementType.F16;
            case "f4" -> ElementType.F32;
            case "f8" -> ElementType.F64;
            default -> throw unreadable();
          };
      ByteOrder order =
          switch (descr.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> throw unreadable();
          };
      if (!fortran.equals("True") && !fortran.equals("False")) {
        throw bad("fortran_order must be True or False");
      }
      List<Integer> extents = extents();
      long bytes = type.bytes(extents);
      if (bytes != file.size() - begin) {
        throw WeightsException.at(
            file.path(),
            begin,
            "an array of %s %s does not fill the %d bytes that follow; the file is cut short or"
                + " damaged",
            type,
            new Shape(extents),
            file.size() - begin);
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
      return WeightsException.at(file.path(), at, problem);
    }
  }
}
