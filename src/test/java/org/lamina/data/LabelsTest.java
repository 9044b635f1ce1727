package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.TestData;

class LabelsTest {

  @TempDir Path folder;

  @Test
  void readsANamePerLine() throws IOException {
    Labels labels = Labels.read(write("tench, Tinca tinca\r\n  goldfish \nhai\n\n"));
    assertEquals("tench, Tinca tinca", labels.name(0));
    assertEquals("goldfish", labels.name(1));
    assertEquals(3, labels.names().size());
    assertEquals("3", labels.name(3));
    assertEquals("17", Labels.numbers().name(17));
  }

  @Test
  void readsTheNamesOfImageNet() {
    Labels labels = Labels.read(TestData.file("images/imagenet-labels.txt"));
    assertEquals(1000, labels.names().size());
    assertEquals("espresso", labels.name(967));
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertMessage(write("a\n\nb"), ":2: the line is empty; every class needs a name");
    assertMessage(write(""), ":1: the line is empty; every class needs a name");
    assertMessage(
        folder.resolve("none"), ": there is no such file; name a text file with one class a line");
    assertMessage(folder, ": is not a regular file; name a text file with one class a line");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, 1});
    assertMessage(binary, ": is not UTF-8 text; write one class name a line");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("labels.txt"), text);
  }

  private static void assertMessage(Path file, String message) {
    DataException e = assertThrows(DataException.class, () -> Labels.read(file));
    assertEquals(file + message, e.getMessage());
  }
}
