package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

class NumpyFileTest {

  @TempDir private Path folder;

  private static Tensor counting(Integer... extents) {
    Shape shape = Shape.of(extents);
    float[] values = new float[(int) shape.volume()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return new Tensor(shape, values);
  }

  @Test
  void readsWhatItWroteAndJavaReadsItToo() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv1.weight", counting(3, 2, 5, 7));
    tensors.put("fire2/squeeze1x1.bias", counting(100_003));
    tensors.put("scalar", new Tensor(Shape.of(), new float[] {7}));
    tensors.put("empty", counting(0, 4));
    Path path = folder.resolve("a.npz");
    NumpyFile.write(path, WeightSource.of("memory", tensors));
    try (NumpyFile file = NumpyFile.open(path)) {
      assertEquals("NumPy archive", file.format());
      assertEquals(tensors.keySet(), file.shapes().keySet());
      tensors.forEach(
          (name, tensor) -> {
            assertEquals(tensor.shape(), file.shapes().get(name));
            assertArrayEquals(tensor.values(), file.read(name).orElseThrow().values(), name);
          });
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      byte[] array = zip.getInputStream(zip.getEntry("scalar.npy")).readAllBytes();
      assertEquals(7, ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).getFloat(128));
    }
  }

  @Test
  void theSameTensorsMakeTheSameFile() throws IOException {
    WeightSource source = WeightSource.of("memory", Map.of("x", counting(5)));
    NumpyFile.write(folder.resolve("a.npz"), source);
    NumpyFile.write(folder.resolve("b.npz"), source);
    assertEquals(-1, Files.mismatch(folder.resolve("a.npz"), folder.resolve("b.npz")));
  }

  private byte[] npy(Tensor tensor) throws IOException {
    Path path = folder.resolve("x.npy");
    Npy.write(path, tensor);
    return Files.readAllBytes(path);
  }

  private Path packed(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return Files.write(folder.resolve("packed.npz"), bytes.toByteArray());
  }

  @Test
  void readsPackedArraysAcrossPieces() throws IOException {
    Tensor large = counting(300, 1001);
    Path path = packed(Map.of("large.npy", npy(large)));
    try (NumpyFile file = NumpyFile.open(path)) {
      assertArrayEquals(large.values(), file.read("large").orElseThrow().values());
    }
  }

  @Test
  void aSingleArrayGoesByTheNameOfItsFile() throws IOException {
    Tensor tensor = counting(2, 3);
    Path path = folder.resolve("means.npy");
    Npy.write(path, tensor);
    try (NumpyFile file = NumpyFile.open(path)) {
      assertEquals("NumPy array", file.format());
      assertArrayEquals(tensor.values(), file.read("means").orElseThrow().values());
    }
  }

  @Test
  void integersAreThereToBeLookedAt() throws IOException {
    byte[] array =
        new String(npy(counting(3)), StandardCharsets.ISO_8859_1)
            .replace("<f4", "<i4")
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).putInt(array.length - 4, -5);
    try (NumpyFile file = NumpyFile.open(packed(Map.of("n.npy", array)))) {
      assertEquals(ElementType.I32, file.types().get("n"));
      file.stream("n", (values, offset, count) -> assertEquals(-5, values[offset + 2]));
      assertTrue(
          assertThrows(WeightsException.class, () -> file.read("n"))
              .getMessage()
              .contains("array 'n' holds I32"));
    }
  }

  @Test
  void refusesBombsAndNamesThatLeadElsewhere() throws IOException {
    byte[] zeros = npy(Tensor.zeros(Shape.of(4_000_000)));
    assertRefused(packed(Map.of("bomb.npy", zeros)), "at most 20 times as many are unpacked");
    byte[] small = npy(counting(3));
    for (String name : new String[] {"../x.npy", "/x.npy", "a/../../x.npy", "C:\\x.npy"}) {
      assertRefused(packed(Map.of(name, small)), "which leads elsewhere");
    }
    assertRefused(packed(Map.of("x.txt", small)), "entry 'x.txt' is no array");
    assertRefused(packed(Map.of("x.npy", new byte[20])), "begins with \\x93NUMPY");
  }

  @Test
  void refusesEntriesThatShareTheirBytes() throws IOException {
    Map<String, Tensor> two = new LinkedHashMap<>();
    two.put("a", counting(3));
    two.put("b", counting(3));
    Path path = folder.resolve("shared.npz");
    NumpyFile.write(path, WeightSource.of("memory", two));
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // The second entry of the directory is told to lie where the first does: its last eight bytes.
    int end = bytes.length - 98;
    buffer.putLong(end - 8, 0);
    assertRefused(Files.write(path, bytes), "shares its bytes with another");
  }

  @Test
  void refusesDamage() throws IOException {
    Path path = folder.resolve("damaged.npz");
    NumpyFile.write(path, WeightSource.of("memory", Map.of("a", counting(300))));
    byte[] good = Files.readAllBytes(path);
    byte[] bytes = good.clone();
    bytes[500] ^= 1;
    try (NumpyFile file = NumpyFile.open(Files.write(path, bytes))) {
      assertTrue(
          assertThrows(WeightsException.class, () -> file.read("a"))
              .getMessage()
              .contains("checksum"));
    }
    assertRefused(Files.write(path, Arrays.copyOf(good, 600)), "ends with its directory");
  }

  private static void assertRefused(Path path, String problem) {
    WeightsException e = assertThrows(WeightsException.class, () -> NumpyFile.open(path));
    assertTrue(e.getMessage().startsWith(path + ": byte "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
