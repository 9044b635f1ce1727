package org.lamina.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * The binary files of CIFAR-10 and CIFAR-100: a label, or a coarse and a fine one of which the fine
 * one counts, then 32×32 red, green and blue values, sample after sample. Source: A. Krizhevsky,
 * "Learning multiple layers of features from tiny images" (2009); cs.toronto.edu/~kriz/cifar.html.
 */
final class Cifar implements Dataset {

  static final String LOOKED_FOR =
      "CIFAR: data_batch_1.bin … and test_batch.bin, or train*.bin and test*.bin, or one such file";

  private static final int SIDE = 32;
  private static final int AREA = SIDE * SIDE;
  private static final int PIXELS = 3 * AREA;
  private static final int FINE_CLASSES = 100;
  private static final int CLASSES = 10;

  /** One file: where its samples begin in the whole. */
  private record Piece(Path file, FileChannel channel, int first) {}

  private final String name;
  private final List<Piece> pieces;
  private final List<String> classes;
  private final byte[] labels;
  private final int record;

  private Cifar(String name, List<Piece> pieces, List<String> classes, byte[] labels, int record) {
    this.name = name;
    this.pieces = pieces;
    this.classes = classes;
    this.labels = labels;
    this.record = record;
  }

  /** Opens the files in a folder, or one file. */
  static Optional<Splits> open(Path place) {
    boolean folder = Files.isDirectory(place);
    Map<Part, List<Path>> files = new EnumMap<>(Part.class);
    for (Path file : folder ? Folders.list(place) : List.of(place)) {
      String name = Folders.name(file);
      if (name.endsWith(".bin") && Files.isRegularFile(file)) {
        Optional<Part> part =
            name.startsWith("data_batch") ? Optional.of(Part.TRAIN) : Part.ofFile(name);
        (folder ? part : Optional.of(Part.TRAIN))
            .ifPresent(p -> files.computeIfAbsent(p, key -> new ArrayList<>()).add(file));
      }
    }
    Map<Part, Dataset> parts = new EnumMap<>(Part.class);
    files.forEach((part, list) -> parts.put(part, read(place, list)));
    return Parts.of("CIFAR files", place, parts);
  }

  private static Dataset read(Path place, List<Path> files) {
    List<Piece> pieces = new ArrayList<>();
    try {
      int record = record(files);
      long samples = 0;
      for (Path file : files) {
        pieces.add(new Piece(file, FileChannel.open(file), (int) samples));
        samples += Files.size(file) / record;
      }
      byte[] labels = new byte[Math.toIntExact(samples)];
      for (Piece piece : pieces) {
        readLabels(piece, record, labels);
      }
      boolean fine = record == PIXELS + 2;
      Path folder = files.get(0).toAbsolutePath().getParent();
      Optional<List<String>> names =
          fine
              ? ClassNames.beside(folder, "fine_label_names.txt", "classes.txt")
              : ClassNames.beside(folder, "batches.meta.txt", "classes.txt");
      List<String> classes = ClassNames.complete(place, names, fine ? FINE_CLASSES : CLASSES);
      String name = files.size() == 1 ? files.get(0).toString() : place.toString();
      return new Cifar(name, pieces, classes, labels, record);
    } catch (IOException e) {
      close(pieces);
      throw new DataException(place + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(pieces);
      throw e;
    }
  }

  /** Returns the bytes of a sample: one label or two, whichever divides all files. */
  private static int record(List<Path> files) throws IOException {
    for (int record : List.of(PIXELS + 1, PIXELS + 2)) {
      boolean fits = true;
      for (Path file : files) {
        long size = Files.size(file);
        fits &= size > 0 && size % record == 0 && size / record <= Integer.MAX_VALUE;
      }
      if (fits) {
        return record;
      }
    }
    throw new DataException(
        String.format(
            Locale.ROOT,
            "%s: has %,d bytes, which is no multiple of %d (CIFAR-10) or %d (CIFAR-100); it is cut"
                + " short or something else",
            files.get(0),
            Files.size(files.get(0)),
            PIXELS + 1,
            PIXELS + 2));
  }

  private static void readLabels(Piece piece, int record, byte[] labels) throws IOException {
    int samples = Math.toIntExact(piece.channel().size() / record);
    int most = record == PIXELS + 1 ? CLASSES : FINE_CLASSES;
    ByteBuffer label = ByteBuffer.allocate(1);
    for (int i = 0; i < samples; i++) {
      label.clear();
      piece.channel().read(label, (long) i * record + record - PIXELS - 1);
      int value = label.get(0) & 0xFF;
      if (value >= most) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: the label of sample %d, at byte %d, is %d; labels are from 0 to %d",
                piece.file(),
                i,
                (long) i * record + record - PIXELS - 1,
                value,
                most - 1));
      }
      labels[piece.first() + i] = (byte) value;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  private Piece piece(int index) {
    int last = pieces.size() - 1;
    while (pieces.get(last).first() > index) {
      last--;
    }
    return pieces.get(last);
  }

  @Override
  public String sample(int index) {
    Piece piece = piece(index);
    return piece.file() + " #" + (index - piece.first());
  }

  @Override
  public boolean isCheap() {
    return true;
  }

  @Override
  public Picture read(int index) {
    Piece piece = piece(index);
    ByteBuffer planes = ByteBuffer.allocate(PIXELS);
    long at = (long) (index - piece.first()) * record + record - PIXELS;
    try {
      while (planes.hasRemaining()) {
        if (piece.channel().read(planes, at + planes.position()) < 0) {
          throw new ImageException(sample(index) + ": the file has become shorter");
        }
      }
    } catch (IOException e) {
      throw new ImageException(sample(index) + ": cannot be read: " + e.getMessage(), e);
    }
    byte[] rgb = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      rgb[i] = planes.get(i % 3 * AREA + i / 3);
    }
    return new Picture(SIDE, SIDE, rgb);
  }

  @Override
  public void close() {
    close(pieces);
  }

  private static void close(List<Piece> pieces) {
    for (Piece piece : pieces) {
      try {
        piece.channel().close();
      } catch (IOException e) {
        throw new DataException(piece.file() + ": cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
