package org.lamina.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds pictures in folders. */
public final class ImageFiles {

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private ImageFiles() {}

  /**
   * Returns files as they are given, and for each folder the pictures in it and in its folders,
   * sorted by path: files that end in jpg, jpeg, png, gif or bmp, in whatever case. Links to
   * folders inside are not followed.
   *
   * @throws ImageException if a path does not exist, a folder cannot be read, or there is no
   *     picture in one
   */
  public static List<Path> expand(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw ImageException.of(path, "there is no such file or folder; check the path");
      }
      files.addAll(Files.isDirectory(path) ? inside(path) : List.of(path));
    }
    return List.copyOf(files);
  }

  private static List<Path> inside(Path folder) {
    List<Path> found;
    try (Stream<Path> files = Files.walk(folder)) {
      found = files.filter(ImageFiles::isPicture).sorted().toList();
    } catch (UncheckedIOException | IOException e) {
      throw new ImageException(folder + ": the folder cannot be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw ImageException.of(
          folder, "there is no picture in this folder; jpg, jpeg, png, gif and bmp are looked for");
    }
    return found;
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.contains(".") && EXTENSIONS.contains(extension) && Files.isRegularFile(file);
  }
}
