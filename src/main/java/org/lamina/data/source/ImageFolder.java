package org.lamina.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.data.DataException;
import org.lamina.data.Images;
import org.lamina.data.Picture;
import org.lamina.data.source.Folders.Part;

/**
 * A folder for each class, pictures in it and in folders inside it; perhaps below folders that are
 * called {@code train}, {@code val} and {@code test}. Labels follow the names of the folders in the
 * order of their characters.
 *
 * @param name what messages call the part
 * @param classes names by label
 * @param files by sample
 * @param labels by sample
 */
record ImageFolder(String name, List<String> classes, List<Path> files, int[] labels)
    implements Dataset {

  static final String LOOKED_FOR =
      "image folder: a folder for each class with jpg, png, gif or bmp files, perhaps inside train,"
          + " val and test";

  /** Opens a folder. */
  static Optional<Splits> open(Path place) {
    if (!Files.isDirectory(place)) {
      return Optional.empty();
    }
    Path root = unwrapped(place);
    Found<Path> found = new Found<>(place);
    List<Path> parts =
        folders(root).stream().filter(f -> Part.of(Folders.name(f)).isPresent()).toList();
    if (parts.isEmpty()) {
      collect(root, Part.TRAIN, found);
    }
    parts.forEach(part -> collect(part, Part.of(Folders.name(part)).orElseThrow(), found));
    if (found.isEmpty() && Folders.list(root).stream().anyMatch(ImageFolder::isPicture)) {
      throw new DataException(
          place + ": there are pictures, but not in folders that are called by their classes");
    }
    return found.splits("image folder", ImageFolder::new);
  }

  /** Goes down as long as there is a single folder that holds nothing but folders. */
  private static Path unwrapped(Path place) {
    Path root = place;
    while (true) {
      List<Path> inside = folders(root);
      if (inside.size() != 1
          || Part.of(Folders.name(inside.get(0))).isPresent()
          || Folders.list(root).stream().anyMatch(ImageFolder::isPicture)
          || folders(inside.get(0)).isEmpty()
          || Folders.list(inside.get(0)).stream().anyMatch(ImageFolder::isPicture)) {
        return root;
      }
      root = inside.get(0);
    }
  }

  private static List<Path> folders(Path folder) {
    return Folders.list(folder).stream().filter(Files::isDirectory).toList();
  }

  private static boolean isPicture(Path file) {
    String name = Folders.name(file);
    return !name.startsWith(".") && Encoded.isPicture(name) && Files.isRegularFile(file);
  }

  /** Adds the pictures of a part; a class without any does not count. */
  private static void collect(Path folder, Part part, Found<Path> found) {
    for (Path classFolder : folders(folder)) {
      List<Path> pictures;
      try (Stream<Path> inside = Files.walk(classFolder)) {
        pictures =
            inside
                .filter(ImageFolder::isPicture)
                .sorted(Comparator.comparing(file -> relative(classFolder, file)))
                .toList();
      } catch (UncheckedIOException | IOException e) {
        throw new DataException(classFolder + ": the folder cannot be read: " + e.getMessage(), e);
      }
      String name = Encoded.printable(Folders.name(classFolder));
      pictures.forEach(picture -> found.add(part, name, picture));
    }
  }

  /** Sorts equally on all systems. */
  private static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
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
    return files.get(index).toString();
  }

  @Override
  public Picture read(int index) {
    return Images.read(files.get(index));
  }

  @Override
  public Optional<byte[]> encoded(int index) {
    return Optional.of(Images.load(files.get(index)));
  }
}
