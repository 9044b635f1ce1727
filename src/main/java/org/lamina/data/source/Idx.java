package org.lamina.data.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.lamina.data.DataException;
import org.lamina.data.source.Folders.Part;

/**
 * The files of MNIST and its relatives: grey pictures in one file, labels in another, each perhaps
 * compressed by gzip.
 *
 * <p>A file begins with two zero bytes, a byte for the type (8: unsigned bytes), the number of
 * dimensions, and their extents as four bytes each, the highest first. Source: Y. LeCun, "The MNIST
 * database of handwritten digits".
 */
final class Idx {

  static final String LOOKED_FOR =
      "MNIST: train-images-idx3-ubyte and train-labels-idx1-ubyte, perhaps with .gz, or one such"
          + " file of pictures";

  /** What deflate can make of a byte at most. */
  private static final long MOST_INFLATED = 1032;

  private static final int UNSIGNED_BYTES = 8;

  private Idx() {}

  /** Opens the files in a folder, or a file of pictures and its labels. */
  static Optional<Splits> open(Path place) {
    List<Path> files = Files.isDirectory(place) ? Folders.list(place) : List.of(place);
    Map<Part, Dataset> parts = new EnumMap<>(Part.class);
    for (Path file : files) {
      String name = Folders.name(file);
      if (name.matches("(.*[-_.])?images?[-.]idx3[-.].*") && Files.isRegularFile(file)) {
        Part part = Files.isDirectory(place) ? Part.ofFile(name).orElse(Part.TRAIN) : Part.TRAIN;
        if (parts.put(part, read(file)) != null) {
          throw new DataException(
              "%s: two files hold pictures of one part; name one of them".formatted(place));
        }
      }
    }
    return Parts.of("MNIST files", place, parts);
  }

  private static Dataset read(Path images) {
    Path labelFile = labels(images);
    Content pictures = read(images, 3);
    Content labels = read(labelFile, 1);
    if (pictures.extents[0] != labels.extents[0]) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: has %d pictures, but %s has %d labels",
              images,
              pictures.extents[0],
              Folders.name(labelFile),
              labels.extents[0]));
    }
    int[] numbers = new int[labels.values.length];
    int most = 0;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = labels.values[i] & 0xFF;
      most = Math.max(most, numbers[i]);
    }
    Optional<List<String>> names =
        ClassNames.beside(images.toAbsolutePath().getParent(), "classes.txt", "labels.txt");
    return new Memory(
        images.toString(),
        ClassNames.complete(images, names, most + 1),
        numbers,
        pictures.extents[2],
        pictures.extents[1],
        pictures.values);
  }

  /** Returns the file that holds the labels, compressed or not. */
  private static Path labels(Path images) {
    String name = Folders.name(images).replaceFirst("image(s?)([-.])idx3", "label$1$2idx1");
    String other = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz";
    for (String candidate : List.of(name, other)) {
      Path file = images.resolveSibling(candidate);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new DataException("%s: its labels, %s, are not there".formatted(images, name));
  }

  /** Unsigned bytes and their extents. */
  private record Content(int[] extents, byte[] values) {}

  private static Content read(Path file, int dimensions) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
      raw.mark(2);
      boolean compressed = raw.read() == 0x1F && raw.read() == 0x8B;
      raw.reset();
      long most = Files.size(file) * (compressed ? MOST_INFLATED : 1);
      try (InputStream in = compressed ? new GZIPInputStream(raw, 1 << 16) : raw) {
        return content(file, in, dimensions, most);
      }
    } catch (EOFException e) {
      throw new DataException(file + ": the file ends too early; it is cut short", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static Content content(Path file, InputStream in, int dimensions, long most)
      throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4
        || magic[0] != 0
        || magic[1] != 0
        || magic[2] != UNSIGNED_BYTES
        || magic[3] != dimensions) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: does not begin as an idx file of unsigned bytes with %d dimension%s",
              file,
              dimensions,
              dimensions == 1 ? "" : "s"));
    }
    byte[] header = in.readNBytes(4 * dimensions);
    if (header.length < 4 * dimensions) {
      throw new EOFException();
    }
    int[] extents = new int[dimensions];
    ByteBuffer.wrap(header).asIntBuffer().get(extents);
    int bytes = volume(file, extents, most);
    // Grows as the file does, whatever the header says.
    byte[] values = in.readNBytes(bytes);
    if (values.length < bytes) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %,d bytes, but there are %,d; it is cut short",
              file,
              bytes,
              values.length));
    }
    if (in.read() >= 0) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%s: there is more than the %,d bytes of its header", file, bytes));
    }
    return new Content(extents, values);
  }

  private static int volume(Path file, int[] extents, long most) {
    long volume = 1;
    for (int extent : extents) {
      if (extent < 1 || volume > Integer.MAX_VALUE / extent) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: the header has an extent of %d; from 1 to 2 GiB in all are read",
                file,
                extent & 0xFFFFFFFFL));
      }
      volume *= extent;
    }
    if (volume > most || volume > Runtime.getRuntime().maxMemory() / 2) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %,d bytes, more than %s",
              file,
              volume,
              volume > most ? "the file can hold" : "half of Java's memory"));
    }
    return (int) volume;
  }
}
