package org.lamina.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.lamina.tensor.Shape;

/** Writes archives of NumPy arrays, each stored as it is; with the 64-bit fields of zip64. */
final class NpzWriter {

  private static final int VERSION = 45;

  /** 1 January 1980: the same tensors always make the same file. */
  private static final int DATE = 0x0021;

  private static final long WIDE = 0xFFFFFFFFL;

  /** The 16 bits that announce zip64's extra field, and its length. */
  private static final short EXTRA64 = 1;

  private final FileChannel channel;
  private final List<Written> written = new ArrayList<>();

  /** What the directory says of an entry. */
  private record Written(byte[] name, int crc, long size, long begin) {}

  private NpzWriter(FileChannel channel) {
    this.channel = channel;
  }

  static void write(Path path, WeightSource source) {
    AtomicFile.write(
        path,
        channel -> {
          NpzWriter writer = new NpzWriter(channel);
          for (Map.Entry<String, Shape> tensor : source.shapes().entrySet()) {
            writer.entry(tensor.getKey(), tensor.getValue(), source);
          }
          writer.directory();
        });
  }

  private void entry(String tensor, Shape shape, WeightSource source) throws IOException {
    byte[] name = (tensor + ".npy").getBytes(StandardCharsets.UTF_8);
    ByteBuffer array = Npy.header(shape);
    long size = array.remaining() + shape.volume() * Float.BYTES;
    long begin = channel.position();
    CRC32 crc = new CRC32();
    // The checksum is put in afterwards; nothing else is unknown.
    AtomicFile.drain(local(name, 0, size), channel);
    crc.update(array.duplicate());
    AtomicFile.drain(array, channel);
    source.stream(tensor, (values, offset, count) -> elements(values, offset, count, crc));
    if (channel.position() != begin + local(name, 0, size).remaining() + size) {
      throw new WeightsException(
          source.origin()
              + ": tensor '"
              + Printable.text(tensor)
              + "' is not as long as its shape");
    }
    long end = channel.position();
    channel.position(begin);
    AtomicFile.drain(local(name, (int) crc.getValue(), size), channel);
    channel.position(end);
    written.add(new Written(name, (int) crc.getValue(), size, begin));
  }

  private void elements(float[] values, int offset, int count, CRC32 crc) {
    int most = 1 << 16;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.min(most, count) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int done = 0; done < count; done += most) {
        ElementType.F32.write(values, offset + done, Math.min(most, count - done), bytes.clear());
        crc.update(bytes.flip().duplicate());
        AtomicFile.drain(bytes, channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer local(byte[] name, int crc, long size) {
    return common(buffer(50 + name.length).putInt(0x04034b50), crc)
        .putShort((short) name.length)
        .putShort((short) 20)
        .put(name)
        .putShort(EXTRA64)
        .putShort((short) 16)
        .putLong(size)
        .putLong(size)
        .flip();
  }

  /** Version, flags (names are UTF-8), method, time, date, checksum and two sizes. */
  private static ByteBuffer common(ByteBuffer to, int crc) {
    return to.putShort((short) VERSION)
        .putShort((short) 0x0800)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) DATE)
        .putInt(crc)
        .putInt((int) WIDE)
        .putInt((int) WIDE);
  }

  private void directory() throws IOException {
    long begin = channel.position();
    for (Written entry : written) {
      ByteBuffer record =
          buffer(74 + entry.name().length).putInt(0x02014b50).putShort((short) VERSION);
      common(record, entry.crc())
          .putShort((short) entry.name().length)
          .putShort((short) 28)
          .putShort((short) 0)
          .putShort((short) 0)
          .putShort((short) 0)
          .putInt(0)
          .putInt((int) WIDE)
          .put(entry.name())
          .putShort(EXTRA64)
          .putShort((short) 24)
          .putLong(entry.size())
          .putLong(entry.size())
          .putLong(entry.begin());
      AtomicFile.drain(record.flip(), channel);
    }
    end(begin, channel.position());
  }

  private void end(long begin, long end) throws IOException {
    ByteBuffer record = buffer(56 + 20 + 22);
    record.putInt(0x06064b50).putLong(44).putShort((short) VERSION).putShort((short) VERSION);
    record.putInt(0).putInt(0).putLong(written.size()).putLong(written.size());
    record.putLong(end - begin).putLong(begin);
    record.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    record.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
    record.putShort((short) 0xFFFF).putShort((short) 0xFFFF);
    record.putInt((int) WIDE).putInt((int) WIDE).putShort((short) 0);
    AtomicFile.drain(record.flip(), channel);
  }
}
