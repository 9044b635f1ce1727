package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored comes back, and nothing that goes wrong is an error. */
final class MeasurementStoreTest {

  private static final Device DEVICE = Device.best();

  @TempDir private Path folder;

  @Test
  void theLastTextOfANameComesBack() throws IOException {
    MeasurementStore store = new MeasurementStore(Optional.of(folder.resolve("a/b")));
    assertEquals(Optional.empty(), store.read(DEVICE, "roofline"));
    store.write(DEVICE, "roofline", "one ä");
    store.write(DEVICE, "tuning", "other");
    store.write(DEVICE, "roofline", "two ä");
    assertEquals(Optional.of("two ä"), store.read(DEVICE, "roofline"));
    assertEquals(Optional.of("other"), store.read(DEVICE, "tuning"));
    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      assertEquals(2, files.count(), "no temporary files are left");
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Optional<Path> bad :
        List.of(Optional.<Path>empty(), Optional.of(file), Optional.of(file.resolve("x")))) {
      MeasurementStore store = new MeasurementStore(bad);
      store.write(DEVICE, "roofline", "text");
      assertEquals(Optional.empty(), store.read(DEVICE, "roofline"));
    }
    assertEquals("", Files.readString(file));
  }

  @Test
  void whatIsNoTextIsAsIfItWereNotThere() throws IOException {
    MeasurementStore store = new MeasurementStore(Optional.of(folder));
    store.write(DEVICE, "roofline", "text");
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0x80});
    assertEquals(Optional.empty(), store.read(DEVICE, "roofline"));
  }
}
