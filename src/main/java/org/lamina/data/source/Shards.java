package org.lamina.data.source;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.source.Folders.Part;

/**
 * Packed shards, as {@link Packer} writes them.
 *
 * @param name what messages call the part
 * @param classes names by label
 * @param items by sample
 */
record Shards(String name, List<String> classes, List<Item> items) implements Dataset {

  static final String LOOKED_FOR =
      "packed shards: train-00000.shard …, which 'lamina pack' writes, or one such file";

  /** Where a sample is, and what the index says about it. */
  private record Item(
      Path file, FileChannel channel, long offset, int length, int sum, int label, String name) {

    byte[] read() {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      try {
        fill(channel, bytes, offset);
      } catch (IOException e) {
        throw new ImageException(this + ": cannot be read: " + e.getMessage(), e);
      }
      if (ShardFormat.sum(bytes.array(), 0, length) != sum) {
        throw new ImageException(this + ": does not fit its check sum; the shard is damaged");
      }
      return bytes.array();
    }

    @Override
    public String toString() {
      return file + ": " + name;
    }
  }

  /** Opens a shard, or those in a folder. */
  static Optional<Splits> open(Path place) {
    boolean folder = Files.isDirectory(place);
    List<Path> files = folder ? Folders.list(place) : List.of(place);
    Map<Part, List<Item>> parts = new EnumMap<>(Part.class);
    List<String> classes = new ArrayList<>();
    List<FileChannel> channels = new ArrayList<>();
    try {
      for (Path file : files) {
        if (!Folders.name(file).endsWith(ShardFormat.EXTENSION) || !Files.isRegularFile(file)) {
          continue;
        }
        FileChannel channel = FileChannel.open(file);
        channels.add(channel);
        Part part = folder ? Part.ofFile(Folders.name(file)).orElse(Part.TRAIN) : Part.TRAIN;
        new Index(file, channel)
            .read(classes, parts.computeIfAbsent(part, key -> new ArrayList<>()));
      }
      Map<Part, Dataset> sets = new EnumMap<>(Part.class);
      parts.forEach(
          (part, items) ->
              sets.put(part, new Shards(name(place, part, parts.size()), classes, items)));
      return Parts.of("packed shards", place, sets);
    } catch (IOException e) {
      close(channels);
      throw new DataException(place + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(channels);
      throw e;
    }
  }

  private static String name(Path place, Part part, int parts) {
    return parts == 1
        ? place.toString()
        : place + " (" + part.name().toLowerCase(Locale.ROOT) + ")";
  }

  private static void fill(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException("the file ends too early");
      }
    }
  }

  /** Reads what a shard says it holds; believes nothing that the file cannot hold. */
  private record Index(Path file, FileChannel channel) {

    void read(List<String> classes, List<Item> items) throws IOException {
      long size = channel.size();
      if (size < ShardFormat.HEADER) {
        throw bad("has %d bytes, less than the header of a shard; it is cut short", size);
      }
      ByteBuffer header = ShardFormat.allocate(ShardFormat.HEADER);
      fill(channel, header, 0);
      header.flip();
      byte[] magic = new byte[ShardFormat.MAGIC.length];
      header.get(magic);
      if (!Arrays.equals(magic, ShardFormat.MAGIC)) {
        throw bad("does not begin as a shard");
      }
      int version = header.getInt();
      if (version != ShardFormat.VERSION) {
        throw bad("is of version %d; version %d is known", version, ShardFormat.VERSION);
      }
      int samples = header.getInt();
      long at = header.getLong();
      int length = header.getInt();
      int sum = header.getInt();
      if (ShardFormat.sum(header.array(), 0, ShardFormat.SUMMED) != header.getInt()) {
        throw bad("the header does not fit its check sum; the shard is damaged");
      }
      if (at < ShardFormat.HEADER || length < 0 || at > size - length) {
        throw bad(
            "the index of %d bytes at byte %d is outside the file of %d bytes; it is cut short",
            length, at, size);
      }
      if (samples < 1 || samples > length / ShardFormat.ENTRY) {
        throw bad("an index of %d bytes cannot hold %d samples", length, samples);
      }
      ByteBuffer index = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      fill(channel, index, at);
      if (ShardFormat.sum(index.array(), 0, length) != sum) {
        throw bad("the index does not fit its check sum; the shard is damaged");
      }
      try {
        entries(index.flip(), samples, at, classes, items);
      } catch (BufferUnderflowException e) {
        throw new DataException(file + ": the index ends too early; the shard is damaged", e);
      }
    }

    private void entries(
        ByteBuffer index, int samples, long end, List<String> classes, List<Item> items) {
      int count = index.getInt();
      if (count < 1 || count > index.remaining() / 2) {
        throw bad("an index of %d bytes cannot hold %d classes", index.limit(), count);
      }
      List<String> own = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        own.add(text(index));
      }
      if (classes.isEmpty()) {
        classes.addAll(own);
      } else if (!classes.equals(own)) {
        throw bad("has other classes than the shards beside it; pack all of them together");
      }
      for (int i = 0; i < samples; i++) {
        long offset = index.getLong();
        int length = index.getInt();
        int sum = index.getInt();
        int label = index.getInt();
        String name = text(index);
        if (offset < ShardFormat.HEADER || length < 1 || offset > end - length) {
          throw bad("sample %d of %d bytes at byte %d is outside the file", i, length, offset);
        }
        if (label < 0 || label >= own.size()) {
          throw bad("the label of sample %d is %d; there are %d classes", i, label, own.size());
        }
        items.add(new Item(file, channel, offset, length, sum, label, name));
      }
    }

    private static String text(ByteBuffer index) {
      byte[] bytes = new byte[Math.min(index.getShort() & 0xFFFF, index.remaining() + 1)];
      index.get(bytes);
      return Encoded.printable(new String(bytes, StandardCharsets.UTF_8));
    }

    private DataException bad(String problem, Object... values) {
      return new DataException(file + ": " + String.format(Locale.ROOT, problem, values));
    }
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public int label(int index) {
    return items.get(index).label();
  }

  @Override
  public String sample(int index) {
    return items.get(index).toString();
  }

  @Override
  public Picture read(int index) {
    byte[] bytes = items.get(index).read();
    return isRaw(bytes) ? raw(sample(index), bytes) : Encoded.decode(sample(index), bytes);
  }

  private static boolean isRaw(byte[] bytes) {
    int length = ShardFormat.RAW.length;
    return bytes.length >= ShardFormat.RAW_HEADER
        && Arrays.equals(bytes, 0, length, ShardFormat.RAW, 0, length);
  }

  private static Picture raw(String name, byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long width = header.getInt(4);
    long height = header.getInt(8);
    long pixels = bytes.length - ShardFormat.RAW_HEADER;
    if (width < 1 || height < 1 || pixels % 3 != 0 || width * height != pixels / 3) {
      throw new ImageException(
          String.format(
              Locale.ROOT,
              "%s: %d×%d raw pixels do not have %d bytes; the shard is damaged",
              name,
              width,
              height,
              pixels));
    }
    return new Picture(
        (int) width, (int) height, Arrays.copyOfRange(bytes, ShardFormat.RAW_HEADER, bytes.length));
  }

  @Override
  public Optional<byte[]> encoded(int index) {
    byte[] bytes = items.get(index).read();
    return isRaw(bytes) ? Optional.empty() : Optional.of(bytes);
  }

  @Override
  public void close() {
    close(items.stream().map(Item::channel).distinct().toList());
  }

  private static void close(List<FileChannel> channels) {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DataException("a shard cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
