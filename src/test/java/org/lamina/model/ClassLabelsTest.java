package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.data.DataException;

/** Where the names of classes are looked for. */
final class ClassLabelsTest {

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void nameWeights() {
    weights = folder.resolve("net.v2.safetensors");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void withoutAFileThereAreNone() {
    assertEquals(List.of(), ClassLabels.find(Optional.empty(), weights, 2));
  }

  @Test
  void theFileTheUserNamesComesFirstThenThatOfTheWeightsThenThatOfTheFolder() throws IOException {
    write("labels.txt", "a\nb\n");
    assertEquals(List.of("a", "b"), ClassLabels.find(Optional.empty(), weights, 2));
    write("net.v2.labels.txt", "c\nd\n");
    assertEquals(List.of("c", "d"), ClassLabels.find(Optional.empty(), weights, 2));
    Path given = write("given", "e\nf\n");
    assertEquals(List.of("e", "f"), ClassLabels.find(Optional.of(given), weights, 2));
  }

  @Test
  void theEndingOfAnyFormatIsLeftOut() throws IOException {
    write("net-1.0.labels.txt", "a\nb\n");
    for (String name : List.of("net-1.0.onnx", "net-1.0.pth", "net-1.0.CAFFEMODEL", "net-1.0")) {
      assertEquals(
          List.of("a", "b"), ClassLabels.find(Optional.empty(), folder.resolve(name), 2), name);
    }
    assertEquals(List.of(), ClassLabels.find(Optional.empty(), folder.resolve("net-1.1.onnx"), 2));
  }

  @Test
  void theFileOfTheFolderMayBelongToOtherWeights() throws IOException {
    write("labels.txt", "a\nb\nc\n");
    assertEquals(List.of(), ClassLabels.find(Optional.empty(), weights, 2));
  }

  @Test
  void theFileOfTheWeightsMayNot() throws IOException {
    write("net.v2.labels.txt", "a\n");
    DataException e =
        assertThrows(DataException.class, () -> ClassLabels.find(Optional.empty(), weights, 2));
    assertTrue(
        e.getMessage()
            .endsWith("has 1 names, but the network has 2 classes; give one name on each line"));
  }
}
