package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive, read in place: the files of NumPy ({@code .npz}) and PyTorch are such. Zip64 is
 * understood.
 *
 * <p>Refused when opened: entries whose names lead out of a folder, that share bytes, that are
 * encrypted or packed in another way than by deflation, and those of more than a megabyte that
 * would become more than 20 times as long by unpacking. Safe for several threads.
 *
 * <p>Source: PKWARE's APPNOTE.TXT, version 6.3.
 */
public final class ZipArchive implements AutoCloseable {

  private static final int PIECE = 1 << 18;

  private final InputFile file;
  private final Map<String, Entry> entries;

  /**
   * A file in the archive.
   *
   * @param name its path in the archive, with slashes
   * @param deflated whether its bytes are packed
   * @param crc the checksum of its bytes, as the archive says
   * @param packed how many bytes it takes in the archive
   * @param size how many bytes it has
   * @param begin where in the archive its (packed) bytes begin
   */
  public record Entry(String name, boolean deflated, int crc, long packed, long size, long begin) {}

  /** Takes the bytes of an entry, in order. */
  @FunctionalInterface
  public interface Bytes {

    /** Takes the next bytes, all that remain in the buffer, which is used again afterwards. */
    void accept(ByteBuffer bytes);
  }

  private ZipArchive(InputFile file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Opens an archive and reads its directory; closing it closes the file.
   *
   * @throws WeightsException if it is damaged or hostile; the file is left open then
   */
  public static ZipArchive open(InputFile file) {
    return new ZipArchive(file, new ZipDirectory(file).entries());
  }

  /** Returns the entries by name, in the order of the directory. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** Returns the file that the archive is. */
  public InputFile file() {
    return file;
  }

  /**
   * Hands over the bytes of an entry, unpacked, a piece at a time.
   *
   * @throws WeightsException if they are damaged: of another length or checksum than the archive
   *     says, which is found at the end
   */
  public void stream(Entry entry, ByteOrder order, Bytes to) {
    CRC32 crc = new CRC32();
    Bytes checked =
        bytes -> {
          crc.update(bytes.duplicate());
          to.accept(bytes);
        };
    if (entry.deflated()) {
      inflate(entry, order, checked);
    } else {
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(PIECE, entry.size()));
      for (long done = 0; done < entry.size(); done += buffer.limit()) {
        buffer.clear().limit((int) Math.min(PIECE, entry.size() - done));
        checked.accept(file.fill(entry.begin() + done, buffer).order(order));
      }
    }
    if ((int) crc.getValue() != entry.crc()) {
      throw bad(entry, "does not have the checksum that the archive says; the file is damaged");
    }
  }

  /**
   * Returns the first bytes of an entry, unpacked; all if it has fewer.
   *
   * @throws WeightsException if they are damaged
   */
  public byte[] start(Entry entry, int most) {
    int wanted = (int) Math.min(most, entry.size());
    if (!entry.deflated()) {
      return file.bytes(entry.begin(), wanted);
    }
    byte[] bytes = new byte[wanted];
    Inflater inflater = new Inflater(true);
    try {
      // What is packed is at most a little longer than what it unpacks to.
      inflater.setInput(
          file.bytes(entry.begin(), (int) Math.min(entry.packed(), 2L * wanted + 1024)));
      int made = 0;
      while (made < wanted) {
        int now = inflater.inflate(bytes, made, wanted - made);
        if (now == 0) {
          throw bad(entry, "ends in the middle; the file is damaged");
        }
        made += now;
      }
    } catch (DataFormatException e) {
      throw bad(entry, "cannot be unpacked; the file is damaged");
    } finally {
      inflater.end();
    }
    return bytes;
  }

  private void inflate(Entry entry, ByteOrder order, Bytes to) {
    Inflater inflater = new Inflater(true);
    ByteBuffer packed = ByteBuffer.allocateDirect((int) Math.min(PIECE, entry.packed()));
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(PIECE, entry.size() + 1));
    try {
      long read = 0;
      long made = 0;
      while (!inflater.finished()) {
        if (inflater.needsInput() && read < entry.packed()) {
          packed.clear().limit((int) Math.min(PIECE, entry.packed() - read));
          read += packed.limit();
          inflater.setInput(file.fill(entry.begin() + read - packed.limit(), packed));
        }
        int now = inflater.inflate(bytes);
        made += now;
        if (made > entry.size() || (now == 0 && read == entry.packed() && !inflater.finished())) {
          break;
        }
        if (!bytes.hasRemaining() || inflater.finished()) {
          to.accept(bytes.flip().order(order));
          bytes.clear();
        }
      }
      if (made != entry.size()) {
        throw bad(entry, "does not unpack to the bytes that the archive says; it is damaged");
      }
    } catch (DataFormatException e) {
      throw bad(entry, "cannot be unpacked; the file is damaged");
    } finally {
      inflater.end();
    }
  }

  private WeightsException bad(Entry entry, String problem) {
    return WeightsException.at(
        file.path(),
        entry.begin(),
        "%s",
        "entry '" + Printable.text(entry.name()) + "' " + problem);
  }

  /** Closes the file. */
  @Override
  public void close() {
    file.close();
  }
}
