package org.lamina.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.lamina.tensor.Shape;

/** Writes a file so that it is there whole or not at all, even if the power fails. */
public final class AtomicFile {

  private static final int ELEMENTS_AT_A_TIME = 1 << 16;

  private AtomicFile() {}

  /** What fills the file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything, from the start.
     *
     * @throws IOException if the disk does not take it
     */
    void write(FileChannel channel) throws IOException;
  }

  /**
   * Writes a temporary file beside the target, flushes it to the disk and renames it over the
   * target. If anything fails, the temporary file is removed and the target is as it was.
   *
   * @throws WeightsException if the folder does not exist or cannot be written, or the target is no
   *     regular file
   */
  public static void write(Path target, Content content) {
    try {
      // A link stays a link: what it points at is replaced.
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      if (Files.exists(real) && !Files.isRegularFile(real)) {
        throw new WeightsException(
            target + ": is not a regular file and cannot be replaced; name another");
      }
      Path folder = real.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new WeightsException(target + ": its folder does not exist; create it first");
      }
      replace(real, folder, content);
    } catch (UncheckedIOException e) {
      throw new WeightsException(target + ": cannot be written: " + reason(e.getCause()), e);
    } catch (IOException e) {
      throw new WeightsException(target + ": cannot be written: " + reason(e), e);
    }
  }

  /**
   * Writes a text as UTF-8, likewise.
   *
   * @throws WeightsException as {@link #write(Path, Content)}
   */
  public static void write(Path target, String text) {
    write(
        target, channel -> drain(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), channel));
  }

  private static void replace(Path target, Path folder, Content content) throws IOException {
    Path temporary =
        folder.resolve(
            String.format(
                Locale.ROOT,
                ".%s.%08x.tmp",
                target.getFileName(),
                ThreadLocalRandom.current().nextInt()));
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.write(channel);
        channel.force(true);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
    flush(folder);
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the new name itself durable; systems that cannot open a folder do so by themselves. */
  private static void flush(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows refuses to open folders. The content is on the disk in any case.
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "the folder has gone" : e.getMessage();
  }

  /**
   * Writes all of a buffer.
   *
   * @throws IOException if the disk does not take it
   */
  public static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Writes floats as elements of a type, little-endian.
   *
   * @throws IOException if the disk does not take them
   */
  public static void drain(float[] values, ElementType type, FileChannel channel)
      throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(ELEMENTS_AT_A_TIME * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    drain(values, 0, values.length, type, buffer, channel);
  }

  /**
   * Writes the tensors of a source one after the other, as elements of a type, little-endian.
   *
   * @throws IOException if the disk does not take them
   * @throws WeightsException if a tensor cannot be read, or is not as long as its shape
   */
  public static void drain(WeightSource source, ElementType type, FileChannel channel)
      throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(ELEMENTS_AT_A_TIME * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, Shape> tensor : source.shapes().entrySet()) {
      long end = channel.position() + tensor.getValue().volume() * type.bytes();
      source.stream(
          tensor.getKey(),
          (values, offset, count) -> {
            try {
              drain(values, offset, count, type, buffer, channel);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      if (channel.position() != end) {
        throw new WeightsException(
            "%s: tensor '%s' is not as long as its shape, %s"
                .formatted(source.origin(), Printable.text(tensor.getKey()), tensor.getValue()));
      }
    }
  }

  private static void drain(
      float[] values,
      int offset,
      int count,
      ElementType type,
      ByteBuffer buffer,
      FileChannel channel)
      throws IOException {
    for (int done = 0; done < count; done += ELEMENTS_AT_A_TIME) {
      int now = Math.min(ELEMENTS_AT_A_TIME, count - done);
      type.write(values, offset + done, now, buffer.clear());
      drain(buffer.flip(), channel);
    }
  }
}
