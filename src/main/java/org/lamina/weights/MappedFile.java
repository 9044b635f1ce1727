package org.lamina.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file opened for reading, mapped piece by piece so that it may be of any size. */
final class MappedFile implements AutoCloseable {

  /** Bytes mapped at a time; a multiple of every element size. */
  private static final long PIECE = 1L << 28;

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private MappedFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a regular file.
   *
   * @throws WeightsException if it is missing, a folder, not a regular file, or unreadable
   */
  static MappedFile open(Path path) {
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
        return new MappedFile(path, channel, channel.size());
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

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Reads bytes into an array, which is as long as they are: for headers. */
  byte[] bytes(long offset, int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw changed();
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return buffer.array();
  }

  /**
   * Reads elements as floats.
   *
   * @throws WeightsException if the file has become shorter, or the disk fails
   */
  float[] floats(long offset, int count, ElementType type, ByteOrder order) {
    float[] values = new float[count];
    int piece = (int) (PIECE / type.bytes());
    try {
      for (int done = 0; done < count; ) {
        int now = Math.min(piece, count - done);
        long at = offset + (long) done * type.bytes();
        if (at + (long) now * type.bytes() > channel.size()) {
          throw changed();
        }
        ByteBuffer map =
            channel.map(FileChannel.MapMode.READ_ONLY, at, (long) now * type.bytes()).order(order);
        type.read(map, values, done, now);
        done += now;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    } catch (InternalError e) {
      // What the JVM makes of a page that is no longer there.
      throw new WeightsException(changed().getMessage(), e);
    }
    return values;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private WeightsException changed() {
    return new WeightsException(path + ": the file became shorter while it was read; try again");
  }

  private static WeightsException unreadable(Path path, IOException e) {
    return new WeightsException(path + ": cannot be read: " + e.getMessage(), e);
  }
}
