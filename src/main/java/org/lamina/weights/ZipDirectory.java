package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The directory at the end of a zip archive; see {@link ZipArchive} for what is refused. */
final class ZipDirectory {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;

  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;

  /** Bounds the memory that names take. */
  private static final int LONGEST_DIRECTORY = 1 << 23;

  /** Weights become at most a few times as long; deflation could do a thousand. */
  static final int MOST_RATIO = 20;

  static final int HARMLESS = 1 << 20;

  private final InputFile file;
  private long begin;
  private long end;
  private long count;

  ZipDirectory(InputFile file) {
    this.file = file;
  }

  Map<String, ZipArchive.Entry> entries() {
    find();
    if (end - begin > LONGEST_DIRECTORY || count > (end - begin) / CENTRAL_BYTES) {
      throw bad(
          begin,
          "the directory of the archive has %d bytes for %d entries; at most %d bytes are read",
          end - begin,
          count,
          LONGEST_DIRECTORY);
    }
    ByteBuffer directory =
        ByteBuffer.wrap(file.bytes(begin, (int) (end - begin))).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, ZipArchive.Entry> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      ZipArchive.Entry entry = entry(directory);
      if (entries.put(entry.name(), entry) != null) {
        throw bad(begin, "there are two entries '%s'", Printable.text(entry.name()));
      }
    }
    requireApart(entries);
    return entries;
  }

  /** Finds the record at the end, behind which only a comment may stand. */
  private void find() {
    int searched = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
    long from = file.size() - searched;
    ByteBuffer tail = ByteBuffer.wrap(file.bytes(from, searched)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = searched - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END
          && Short.toUnsignedInt(tail.getShort(at + 20)) == searched - at - END_BYTES) {
        count = Short.toUnsignedInt(tail.getShort(at + 10));
        begin = Integer.toUnsignedLong(tail.getInt(at + 16));
        long length = Integer.toUnsignedLong(tail.getInt(at + 12));
        place(find64(from + at, length));
        return;
      }
    }
    throw bad(file.size(), "an archive ends with its directory; this one is cut short or damaged");
  }

  /** Large archives have a second record before the first; returns the directory's length. */
  private long find64(long endRecord, long length) {
    if (endRecord < LOCATOR_BYTES) {
      return length;
    }
    ByteBuffer locator = read(endRecord - LOCATOR_BYTES, LOCATOR_BYTES);
    if (locator.getInt(0) != LOCATOR64) {
      return length;
    }
    long at = locator.getLong(8);
    if (at < 0 || at > endRecord - LOCATOR_BYTES - 56) {
      throw bad(endRecord, "the archive's directory is said to be outside of it");
    }
    ByteBuffer record = read(at, 56);
    if (record.getInt(0) != END64) {
      throw bad(at, "here the archive's end record was expected");
    }
    count = record.getLong(32);
    begin = record.getLong(48);
    return record.getLong(40);
  }

  private void place(long length) {
    if (begin < 0 || length < 0 || length > file.size() || begin > file.size() - length) {
      throw bad(
          begin,
          "the archive's directory of %d bytes is said to begin here; it is damaged",
          length);
    }
    if (count < 0) {
      throw bad(begin, "the archive says to have %d entries", count);
    }
    end = begin + length;
  }

  private ByteBuffer read(long at, int bytes) {
    return ByteBuffer.wrap(file.bytes(at, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ZipArchive.Entry entry(ByteBuffer directory) {
    int start = directory.position();
    long at = begin + start;
    if (directory.remaining() < CENTRAL_BYTES || directory.getInt(start) != CENTRAL) {
      throw bad(at, "here an entry of the archive's directory was expected");
    }
    int nameBytes = Short.toUnsignedInt(directory.getShort(start + 28));
    int extraBytes = Short.toUnsignedInt(directory.getShort(start + 30));
    int comment = Short.toUnsignedInt(directory.getShort(start + 32));
    if (directory.remaining() < CENTRAL_BYTES + nameBytes + extraBytes + comment) {
      throw bad(at, "an entry of the archive's directory is longer than the directory");
    }
    directory.position(start + CENTRAL_BYTES + nameBytes + extraBytes + comment);
    String name =
        new String(directory.array(), start + CENTRAL_BYTES, nameBytes, StandardCharsets.UTF_8);
    int flags = directory.getShort(start + 8);
    int method = Short.toUnsignedInt(directory.getShort(start + 10));
    requireInnocent(at, name, flags, method);
    long[] sizes = {
      Integer.toUnsignedLong(directory.getInt(start + 24)),
      Integer.toUnsignedLong(directory.getInt(start + 20)),
      Integer.toUnsignedLong(directory.getInt(start + 42))
    };
    int extra = start + CENTRAL_BYTES + nameBytes;
    widen(directory.duplicate().order(ByteOrder.LITTLE_ENDIAN), extra, extraBytes, sizes);
    ZipArchive.Entry entry =
        new ZipArchive.Entry(
            name, method == 8, directory.getInt(start + 16), sizes[1], sizes[0], sizes[2]);
    return placed(at, entry);
  }

  private void requireInnocent(long at, String name, int flags, int method) {
    boolean wanders =
        name.isEmpty()
            || name.startsWith("/")
            || name.indexOf('\\') >= 0
            || name.indexOf('\0') >= 0
            || (name.length() > 1 && name.charAt(1) == ':')
            || List.of(name.split("/", -1)).contains("..");
    if (wanders) {
      throw bad(at, "an entry is called '%s', which leads elsewhere", Printable.text(name));
    }
    if ((flags & 1) != 0) {
      throw bad(at, "entry '%s' is encrypted", Printable.text(name));
    }
    if (method != 0 && method != 8) {
      throw bad(
          at,
          "entry '%s' is packed by method %d; 0 (stored) and 8 (deflated) are read",
          Printable.text(name),
          method);
    }
  }

  /** Takes numbers that did not fit 32 bits from the extra field, in its fixed order. */
  private void widen(ByteBuffer directory, int begin, int length, long[] sizes) {
    int at = begin;
    while (at + 4 <= begin + length) {
      int id = Short.toUnsignedInt(directory.getShort(at));
      int end = at + 4 + Short.toUnsignedInt(directory.getShort(at + 2));
      if (id == 1 && end <= begin + length) {
        int next = at + 4;
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == 0xFFFFFFFFL && next + Long.BYTES <= end) {
            sizes[i] = directory.getLong(next);
            next += Long.BYTES;
          }
        }
      }
      at = end;
    }
  }

  /** Finds where the bytes of an entry begin: behind its own header, which repeats its name. */
  private ZipArchive.Entry placed(long at, ZipArchive.Entry entry) {
    String shown = Printable.text(entry.name());
    long header = entry.begin();
    if (header < 0 || header > begin - LOCAL_BYTES) {
      throw bad(at, "entry '%s' is said to be at byte %d, outside of the files", shown, header);
    }
    ByteBuffer local = read(header, LOCAL_BYTES);
    if (local.getInt(0) != LOCAL) {
      throw bad(header, "here entry '%s' was expected", shown);
    }
    long data =
        header
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (entry.packed() < 0 || entry.size() < 0 || entry.packed() > begin - data) {
      throw bad(
          header, "entry '%s' is said to have %d bytes; it is damaged", shown, entry.packed());
    }
    if (!entry.deflated() && entry.packed() != entry.size()) {
      throw bad(header, "entry '%s' is stored, but its two sizes differ", shown);
    }
    if (entry.size() > HARMLESS && entry.size() / MOST_RATIO > entry.packed()) {
      throw bad(
          header,
          "entry '%s' would become %d bytes from %d; at most %d times as many are unpacked",
          shown,
          entry.size(),
          entry.packed(),
          MOST_RATIO);
    }
    return new ZipArchive.Entry(
        entry.name(), entry.deflated(), entry.crc(), entry.packed(), entry.size(), data);
  }

  /** Archives whose entries share their bytes become larger than any ratio allows. */
  private void requireApart(Map<String, ZipArchive.Entry> entries) {
    List<ZipArchive.Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparingLong(ZipArchive.Entry::begin)
            .thenComparingLong(ZipArchive.Entry::packed));
    long free = 0;
    for (ZipArchive.Entry entry : sorted) {
      if (entry.begin() < free) {
        throw bad(
            entry.begin(),
            "entry '%s' shares its bytes with another; the archive is hostile or damaged",
            Printable.text(entry.name()));
      }
      free = entry.begin() + entry.packed();
    }
  }

  private WeightsException bad(long at, String problem, Object... values) {
    return WeightsException.at(file.path(), at, problem, values);
  }
}
