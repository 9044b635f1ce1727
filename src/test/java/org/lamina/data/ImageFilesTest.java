package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {

  @TempDir Path folder;

  @Test
  void foldersGiveTheirPicturesSortedAndFilesThemselves() throws IOException {
    for (String name : List.of("b.JPG", "a.jpeg", "notes.txt", "jpg", "c.gif", "d.bmp.gz")) {
      Files.createFile(folder.resolve(name));
    }
    Path inner = Files.createDirectories(folder.resolve("a/deep.png"));
    Files.createFile(inner.resolve("z.Png"));
    Path text = folder.resolve("notes.txt");
    assertEquals(
        List.of(
            text,
            folder.resolve("a.jpeg"),
            inner.resolve("z.Png"),
            folder.resolve("b.JPG"),
            folder.resolve("c.gif")),
        ImageFiles.expand(List.of(text, folder)));
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Path missing = folder.resolve("none");
    assertEquals(
        missing + ": there is no such file or folder; check the path",
        assertThrows(ImageException.class, () -> ImageFiles.expand(List.of(missing))).getMessage());
    assertEquals(
        folder + ": there is no picture in this folder; jpg, jpeg, png, gif and bmp are looked for",
        assertThrows(ImageException.class, () -> ImageFiles.expand(List.of(folder))).getMessage());
  }
}
