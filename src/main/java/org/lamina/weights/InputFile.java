package org.lamina.weights;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file opened for reading, of any size: what is asked for is read, and nothing else is kept in
 * memory. A small one may be in memory from the beginning. Safe for several threads.
 */
public final class InputFile implements AutoCloseable {

  /** Bytes read at a time; a multiple of every element size. */
  private static final int PIECE = 1 << 18;

  /** Where the bytes are. */
  private interface Content extends Closeable {

    /**
     * Reads some bytes into what remains of a buffer.
     *
     * @return how many; -1 at the end
     */
    int read(ByteBuffer into, long offset) throws IOException;
  }

  private final Path path;
  private final Content content;
  private final long size;

  private InputFile(Path path, Content content, long size) {
    this.path = path;
    this.content = content;
    this.size = size;
  }

  /**
   * Opens a regular file.
   *
   * @throws WeightsException if it is missing, a folder, not a regular file, or unreadable
   */
  public static InputFile open(Path path) {
    if (!Files.exists(path)) {
      throw new WeightsException(path + ": there is no such file; check the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new WeightsException(
          path
              + (Files.isDirectory(path) ? ": is a folder" : ": is not a regular file")
              + "; name a file of tensors");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new InputFile(path, of(channel), channel.size());
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (AccessDeniedException e) {
      throw new WeightsException(path + ": may not be read; check its permissions", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Opens what is in memory already, such as a file in a jar.
   *
   * @param path what messages call it
   */
  public static InputFile of(Path path, byte[] bytes) {
    return new InputFile(path, of(ByteBuffer.wrap(bytes)), bytes.length);
  }

  private static Content of(FileChannel channel) {
    return new Content() {
      @Override
      public int read(ByteBuffer into, long offset) throws IOException {
        return channel.read(into, offset);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private static Content of(ByteBuffer bytes) {
    return new Content() {
      @Override
      public int read(ByteBuffer into, long offset) {
        int count = (int) Math.min(into.remaining(), bytes.limit() - offset);
        if (count <= 0) {
          return -1;
        }
        into.put(bytes.duplicate().position((int) offset).limit((int) offset + count));
        return count;
      }

      @Override
      public void close() {} // nothing is held
    };
  }

  /** Returns the path under which the file was opened. */
  public Path path() {
    return path;
  }

  /** Returns the size when it was opened, in bytes. */
  public long size() {
    return size;
  }

  /**
   * Reads bytes into an array, which is as long as they are: for headers.
   *
   * @throws WeightsException if the file has become shorter, or the disk fails
   */
  public byte[] bytes(long offset, int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    fill(offset, buffer);
    return buffer.array();
  }

  /**
   * Reads bytes until a buffer is full, and makes it ready to be read from.
   *
   * @throws WeightsException if the file has become shorter, or the disk fails
   */
  public ByteBuffer fill(long offset, ByteBuffer buffer) {
    int begin = buffer.position();
    try {
      while (buffer.hasRemaining()) {
        if (content.read(buffer, offset + buffer.position() - begin) < 0) {
          throw new WeightsException(
              path + ": the file became shorter while it was read; try again");
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return buffer.flip();
  }

  /**
   * Reads elements as floats.
   *
   * @throws WeightsException if the file has become shorter, or the disk fails
   */
  public float[] floats(long offset, int count, ElementType type, ByteOrder order) {
    float[] values = new float[count];
    int piece = PIECE / type.bytes();
    ByteBuffer buffer = buffer(count, type, order);
    for (int done = 0; done < count; done += piece) {
      int now = Math.min(piece, count - done);
      fill(offset + (long) done * type.bytes(), buffer.clear().limit(now * type.bytes()));
      type.read(buffer, values, done, now);
    }
    return values;
  }

  /**
   * Hands over elements as floats, a piece at a time.
   *
   * @throws WeightsException if the file has become shorter, or the disk fails
   */
  public void stream(
      long offset, long count, ElementType type, ByteOrder order, WeightSource.Pieces to) {
    int piece = PIECE / type.bytes();
    ByteBuffer buffer = buffer(count, type, order);
    float[] values = new float[(int) Math.min(piece, count)];
    for (long done = 0; done < count; done += piece) {
      int now = (int) Math.min(piece, count - done);
      fill(offset + done * type.bytes(), buffer.clear().limit(now * type.bytes()));
      type.read(buffer, values, 0, now);
      to.accept(values, 0, now);
    }
  }

  private static ByteBuffer buffer(long count, ElementType type, ByteOrder order) {
    return ByteBuffer.allocateDirect((int) Math.min(PIECE, count * type.bytes())).order(order);
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static WeightsException unreadable(Path path, IOException e) {
    return new WeightsException(path + ": cannot be read: " + e.getMessage(), e);
  }
}
