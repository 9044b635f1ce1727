package org.lamina.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;

/**
 * Pictures in tar files, one or several. Offsets are found once; then every picture is read where
 * it lies.
 *
 * @param name what messages call the part
 * @param classes names by label
 * @param entries by sample
 * @param labels by sample
 * @param archives the open files; closed together with any part
 */
record Tar(
    String name, List<String> classes, List<Item> entries, int[] labels, List<Archive> archives)
    implements Dataset {

  static final String LOOKED_FOR =
      "tar files (.tar, .tar.gz, .tgz), WebDataset's or of class folders: pictures with their label"
          + " in a .cls file of the same name, or in a folder of the class's name";

  /**
   * An open tar file.
   *
   * @param file as it is called
   * @param channel its content, unpacked if it was compressed
   */
  record Archive(Path file, FileChannel channel) {}

  /** Where a picture is. */
  record Item(Archive archive, TarHeaders.Entry entry) {
    String name() {
      return archive.file() + ": " + Encoded.printable(entry.name());
    }

    byte[] read() {
      if (entry.size() > Integer.MAX_VALUE / 2) {
        throw new ImageException(
            String.format(Locale.ROOT, "%s: %,d bytes are no picture", name(), entry.size()));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) entry.size());
      try {
        while (bytes.hasRemaining()) {
          if (archive.channel().read(bytes, entry.offset() + bytes.position()) < 0) {
            throw new ImageException(name() + ": the file has become shorter");
          }
        }
      } catch (IOException e) {
        throw new ImageException(name() + ": cannot be read: " + e.getMessage(), e);
      }
      return bytes.array();
    }
  }

  /** Opens a tar file, or those in a folder. */
  static Optional<Splits> open(Path place) {
    List<Path> files =
        Files.isDirectory(place)
            ? Folders.list(place).stream().filter(Tar::isTar).toList()
            : isTar(place) ? List.of(place) : List.of();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<Archive> archives = new ArrayList<>();
    try {
      for (Path file : files) {
        archives.add(new Archive(file, channel(file)));
      }
      Optional<Splits> splits = new TarSamples(place, archives).splits();
      if (splits.isEmpty()) {
        throw new DataException(place + ": there are no pictures in the tar file");
      }
      return splits;
    } catch (IOException e) {
      close(archives);
      throw new DataException(place + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(archives);
      throw e;
    }
  }

  private static boolean isTar(Path file) {
    String name = Folders.name(file).toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.tar\\.(xz|bz2|zst|lz4|lzma)") && Files.isRegularFile(file)) {
      throw new DataException(
          file + ": only gzip is known of the ways to compress a tar file; decompress it first");
    }
    return (name.endsWith(".tar") || isCompressed(name)) && Files.isRegularFile(file);
  }

  private static boolean isCompressed(String name) {
    return name.endsWith(".tar.gz") || name.endsWith(".tgz");
  }

  private static FileChannel channel(Path file) throws IOException {
    return isCompressed(Folders.name(file).toLowerCase(Locale.ROOT))
        ? Unpacked.of(file)
        : FileChannel.open(file);
  }

  /** Returns the text of a small file inside. */
  static String text(Item item) {
    if (item.entry().size() > 100) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: a label of %,d bytes; a number is wanted",
              item.name(),
              item.entry().size()));
    }
    return new String(item.read(), StandardCharsets.UTF_8).strip();
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String sample(int index) {
    return entries.get(index).name();
  }

  @Override
  public Picture read(int index) {
    return Encoded.decode(sample(index), entries.get(index).read());
  }

  @Override
  public Optional<byte[]> encoded(int index) {
    return Optional.of(entries.get(index).read());
  }

  @Override
  public void close() {
    close(archives);
  }

  private static void close(List<Archive> archives) {
    for (Archive archive : archives) {
      try {
        archive.channel().close();
      } catch (IOException e) {
        throw new DataException(archive.file() + ": cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
