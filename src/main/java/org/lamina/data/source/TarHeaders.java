package org.lamina.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.data.DataException;

/**
 * Goes through the headers of a tar file: ustar, the GNU form with long names, and pax. Nothing is
 * ever unpacked; names are names, wherever they point to.
 *
 * <p>Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header"; the GNU tar
 * manual, "Basic Tar Format".
 */
final class TarHeaders {

  /**
   * A regular file inside.
   *
   * @param name its path, as it stands there
   * @param offset where its content begins
   * @param size of its content in bytes
   */
  record Entry(String name, long offset, long size) {}

  private static final int BLOCK = 512;

  /** Paths and extended headers are small; a larger one is damage or an attack. */
  private static final int LONGEST_EXTENSION = 1 << 16;

  private static final int SUM_AT = 148;
  private static final int SUM_LENGTH = 8;

  private final Path file;
  private final FileChannel channel;
  private final long end;
  private long at;
  private Optional<String> longName = Optional.empty();
  private Optional<Long> longSize = Optional.empty();

  TarHeaders(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    end = channel.size();
  }

  /**
   * Returns the next regular file; nothing after the last. Folders, links and devices are passed
   * over.
   *
   * @throws DataException if the file is no tar file, damaged or cut short
   */
  Optional<Entry> next() throws IOException {
    while (at < end) {
      byte[] header = read(at, BLOCK);
      if (isZero(header)) {
        return Optional.empty();
      }
      requireSum(header);
      char type = (char) (header[156] & 0xFF);
      boolean extension = type == 'x' || type == 'L' || type == 'K' || type == 'g';
      long size = extension ? size(header) : longSize.orElse(size(header));
      long content = at + BLOCK;
      if (size < 0 || size > end - content) {
        throw bad(
            "the entry at byte %d has %d bytes, but the file ends %d bytes after its header; it is"
                + " cut short",
            at, size, end - content);
      }
      at = content + (size + BLOCK - 1) / BLOCK * BLOCK;
      if (extension) {
        extend(type, content, size);
        continue;
      }
      String name = longName.orElse(name(header));
      longName = Optional.empty();
      longSize = Optional.empty();
      if (type == 'S') {
        throw bad("'%s' is a sparse file; make the tar without them", Encoded.printable(name));
      }
      if (type == '0' || type == 0 || type == '7') {
        return Optional.of(new Entry(name, content, size));
      }
    }
    return Optional.empty();
  }

  private byte[] read(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw bad("ends within a header at byte %d; it is cut short", from);
      }
    }
    return buffer.array();
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum of all bytes, those of the sum itself taken for blanks. */
  private void requireSum(byte[] header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= SUM_AT && i < SUM_AT + SUM_LENGTH;
      sum += own ? ' ' : header[i] & 0xFF;
    }
    if (octal(header, SUM_AT, SUM_LENGTH) != sum) {
      throw bad(
          "the header at byte %d does not fit its check sum; this is no tar file, or it is damaged",
          at);
    }
  }

  /** Octal digits up to a blank or zero byte; -1 if there is anything else. */
  private static long octal(byte[] header, int from, int length) {
    long value = 0;
    boolean begun = false;
    for (int i = from; i < from + length; i++) {
      int c = header[i];
      if (c >= '0' && c <= '7') {
        value = value << 3 | c - '0';
        begun = true;
      } else if (c == 0 || c == ' ' && begun) {
        break;
      } else if (c != ' ') {
        return -1;
      }
    }
    return value;
  }

  /** Twelve octal digits, or eleven bytes with the highest first if the first bit is set. */
  private static long size(byte[] header) {
    if ((header[124] & 0x80) == 0) {
      return octal(header, 124, 12);
    }
    long value = 0;
    for (int i = 125; i < 136; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        return -1;
      }
      value = value << 8 | header[i] & 0xFF;
    }
    return value;
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    boolean ustar = "ustar".equals(new String(header, 257, 5, StandardCharsets.US_ASCII));
    String prefix = ustar && header[262] == 0 ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] bytes, int from, int most) {
    int length = 0;
    while (length < most && bytes[from + length] != 0) {
      length++;
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  private void extend(char type, long content, long size) throws IOException {
    if (size > LONGEST_EXTENSION) {
      throw bad(
          "an extended header of %d bytes is before byte %d; at most %d are read",
          size, at, LONGEST_EXTENSION);
    }
    byte[] bytes = read(content, (int) size);
    if (type == 'L') {
      longName = Optional.of(text(bytes, 0, bytes.length));
    } else if (type == 'x') {
      Map<String, String> records = pax(bytes);
      if (records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"))) {
        throw bad("a sparse file is before byte %d; make the tar without them", at);
      }
      longName = Optional.ofNullable(records.get("path")).or(() -> longName);
      try {
        longSize = Optional.ofNullable(records.get("size")).map(Long::parseLong);
      } catch (NumberFormatException e) {
        throw bad("the size in the extended header before byte %d is no number", at);
      }
    }
  }

  /** Records of the form {@code LENGTH KEY=VALUE\n}, the length that of the whole record. */
  private Map<String, String> pax(byte[] bytes) {
    Map<String, String> records = new HashMap<>();
    int from = 0;
    while (from < bytes.length && bytes[from] != 0) {
      int blank = from;
      long length = 0;
      while (blank < bytes.length && bytes[blank] >= '0' && bytes[blank] <= '9') {
        length = Math.min(LONGEST_EXTENSION, 10 * length + bytes[blank] - '0');
        blank++;
      }
      int to = (int) Math.min(bytes.length, from + length);
      int equals = blank;
      while (equals < to && bytes[equals] != '=') {
        equals++;
      }
      if (blank == from || equals >= to || from + length > bytes.length || bytes[to - 1] != '\n') {
        throw bad("the extended header before byte %d is damaged", at);
      }
      records.put(
          new String(bytes, blank + 1, Math.max(0, equals - blank - 1), StandardCharsets.UTF_8),
          new String(bytes, equals + 1, to - equals - 2, StandardCharsets.UTF_8));
      from = to;
    }
    return records;
  }

  private DataException bad(String problem, Object... values) {
    return new DataException(file + ": " + String.format(Locale.ROOT, problem, values));
  }
}
