package org.lamina.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes one shard: samples as they come, index and header in the end. */
final class ShardWriter implements AutoCloseable {

  private static final int LONGEST_TEXT = 0xFFFF;

  private record Entry(long offset, int length, int sum, int label, byte[] name) {}

  private final FileChannel channel;
  private final List<String> classes;
  private final List<Entry> entries = new ArrayList<>();
  private long at = ShardFormat.HEADER;

  ShardWriter(Path file, List<String> classes) throws IOException {
    this.classes = classes;
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void add(String name, int label, byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes), at);
    entries.add(
        new Entry(at, bytes.length, ShardFormat.sum(bytes, 0, bytes.length), label, text(name)));
    at += bytes.length;
  }

  /** Returns the bytes of all samples so far. */
  long bytes() {
    return at - ShardFormat.HEADER;
  }

  private void write(ByteBuffer bytes, long to) throws IOException {
    long next = to;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_TEXT ? bytes : Arrays.copyOf(bytes, LONGEST_TEXT);
  }

  /** Writes index and header and lets all of it reach the disk. */
  void finish() throws IOException {
    byte[] index = index();
    write(ByteBuffer.wrap(index), at);
    ByteBuffer header =
        ShardFormat.allocate(ShardFormat.HEADER)
            .put(ShardFormat.MAGIC)
            .putInt(ShardFormat.VERSION)
            .putInt(entries.size())
            .putLong(at)
            .putInt(index.length)
            .putInt(ShardFormat.sum(index, 0, index.length));
    header.putInt(ShardFormat.sum(header.array(), 0, ShardFormat.SUMMED));
    write(header.clear(), 0);
    channel.force(true);
  }

  private byte[] index() {
    List<byte[]> names = classes.stream().map(ShardWriter::text).toList();
    long length = 4;
    for (byte[] name : names) {
      length += 2 + name.length;
    }
    for (Entry entry : entries) {
      length += ShardFormat.ENTRY + entry.name().length;
    }
    ByteBuffer index = ShardFormat.allocate(Math.toIntExact(length)).putInt(names.size());
    names.forEach(name -> index.putShort((short) name.length).put(name));
    for (Entry entry : entries) {
      index.putLong(entry.offset()).putInt(entry.length()).putInt(entry.sum());
      index.putInt(entry.label()).putShort((short) entry.name().length).put(entry.name());
    }
    return index.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
