package org.lamina.formats.pytorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of both kinds of {@code torch.save}, made here. */
public final class SampleFiles {

  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private SampleFiles() {}

  /** Returns an archive with a pickle and storages by their keys. */
  public static byte[] zip(byte[] pickle, Map<String, byte[]> storages) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    storages.forEach((key, bytes) -> entries.put("archive/data/" + key, bytes));
    entries.put("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return stored(entries);
  }

  /** Returns an archive whose entries are stored as they are. */
  public static byte[] stored(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  /** Returns a file of the older kind: pickles, then each storage with its length before it. */
  public static byte[] legacy(
      byte[] pickle, List<String> keys, List<byte[]> storages, int... widths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(MAGIC);
    bytes.writeBytes(new PickleWriter().number(1001).stop());
    bytes.writeBytes(new PickleWriter().op('}').text("little_endian").op(0x88).op('s').stop());
    bytes.writeBytes(pickle);
    PickleWriter list = new PickleWriter().op(']').op('(');
    keys.forEach(list::text);
    bytes.writeBytes(list.op('e').stop());
    for (int i = 0; i < storages.size(); i++) {
      byte[] storage = storages.get(i);
      bytes.writeBytes(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(storage.length / widths[i])
              .array());
      bytes.writeBytes(storage);
    }
    return bytes.toByteArray();
  }

  /** Returns the numbers 0, 1, 2, … as float32. */
  public static byte[] counting(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(i);
    }
    return bytes.array();
  }
}
