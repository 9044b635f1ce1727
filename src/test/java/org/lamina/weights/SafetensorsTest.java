package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.TestData;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

class SafetensorsTest {

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "fire2/squeeze1x1.weight", new Tensor(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6}));
    tensors.put("größe \"quoted\"\n", new Tensor(Shape.of(1), new float[] {Float.NaN}));
    tensors.put("scalar", new Tensor(Shape.of(), new float[] {-0f}));
    tensors.put("empty", Tensor.zeros(Shape.of(0, 5)));
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(file, tensors, ElementType.F32, Map.of("format", "lamina"));
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(new ArrayList<>(tensors.keySet()), new ArrayList<>(read.shapes().keySet()));
      assertEquals(Map.of("format", "lamina"), read.metadata());
      tensors.forEach(
          (name, tensor) -> {
            assertEquals(tensor.shape(), read.shapes().get(name));
            assertArrayEquals(tensor.values(), read.read(name).orElseThrow().values());
          });
      assertTrue(read.read("none").isEmpty());
      assertEquals(file.toString(), read.origin());
    }
  }

  @Test
  void writesHalfPrecision() {
    Map<String, Tensor> tensors =
        Map.of("x", new Tensor(Shape.of(3), new float[] {1, -0.1f, 100_000}));
    Path file = folder.resolve("half.safetensors");
    Safetensors.write(file, tensors, ElementType.F16, Map.of());
    assertArrayEquals(
        new float[] {1, -0.0999755859375f, Float.POSITIVE_INFINITY}, only(file).values());
    Safetensors.write(file, tensors, ElementType.BF16, Map.of());
    assertArrayEquals(new float[] {1, -0.10009765625f, 99_840}, only(file).values());
    assertThrows(
        IllegalArgumentException.class,
        () -> Safetensors.write(file, tensors, ElementType.I64, Map.of()));
  }

  /** A file written down byte by byte, as the format's description has it. */
  @Test
  void readsAFileMadeByHand() throws IOException {
    String json =
        "{\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[4,12]},"
            + "\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
            + "\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[12,20]}}  ";
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3F80).putShort((short) 0xC000).putDouble(0.1).putLong(7);
    Path file = write(json, data.array());
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(List.of("b", "a", "n"), new ArrayList<>(read.shapes().keySet()));
      assertEquals(ElementType.I64, read.types().get("n"));
      assertArrayEquals(new float[] {1, -2}, read.read("a").orElseThrow().values());
      assertArrayEquals(new float[] {0.1f}, read.read("b").orElseThrow().values());
      WeightsException e = assertThrows(WeightsException.class, () -> read.read("n"));
      assertEquals(
          file + ": tensor 'n' holds I64; only F32, F16, BF16 and F64 can be read", e.getMessage());
    }
  }

  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    long elements = 600_000_000;
    String json =
        "{\"big\":{\"dtype\":\"F32\",\"shape\":[600000000],\"data_offsets\":[0,2400000000]},"
            + "\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2400000000,2400000004]}}";
    Path file = write(json, new byte[0]);
    long begin = Files.size(file);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(begin + elements * Float.BYTES);
      sparse.write(new byte[] {0, 0, (byte) 0x80, 0x3F});
    }
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(1f, read.read("last").orElseThrow().values()[0]);
      assertEquals(elements, read.shapes().get("big").volume());
    }
  }

  @Test
  void readsTheWeightsOfSqueezeNet() {
    Path file = TestData.file("models/squeezenet-1.0.safetensors");
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(1_248_424, read.shapes().values().stream().mapToLong(Shape::volume).sum());
      Tensor weight = read.read("fire2/squeeze1x1.weight").orElseThrow();
      assertEquals(Shape.of(16, 96, 1, 1), weight.shape());
      Path copy = folder.resolve("copy.safetensors");
      Map<String, Tensor> all = new LinkedHashMap<>();
      read.shapes().keySet().forEach(name -> all.put(name, read.read(name).orElseThrow()));
      Safetensors.write(copy, all);
      try (Safetensors again = Safetensors.open(copy)) {
        all.forEach(
            (name, tensor) ->
                assertArrayEquals(tensor.values(), again.read(name).orElseThrow().values()));
      }
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(file, Map.of("x", Tensor.zeros(Shape.of(1))));
    byte[] before = Files.readAllBytes(file);
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                channel -> {
                  channel.write(ByteBuffer.allocate(100));
                  throw new IllegalStateException("in the middle");
                }));
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void saysWhyItCannotWrite() throws IOException {
    Map<String, Tensor> none = Map.of();
    Path inside = folder.resolve("missing/w.safetensors");
    assertEquals(
        inside + ": its folder does not exist; create it first",
        assertThrows(WeightsException.class, () -> Safetensors.write(inside, none)).getMessage());
    assertEquals(
        folder + ": is not a regular file and cannot be replaced; name another",
        assertThrows(WeightsException.class, () -> Safetensors.write(folder, none)).getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Safetensors.write(inside, Map.of("__metadata__", Tensor.zeros(Shape.of(1)))));
  }

  @Test
  void writingThroughALinkReplacesWhatItPointsAt() throws IOException {
    Path file = Files.createFile(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Safetensors.write(link, Map.of("x", Tensor.zeros(Shape.of(1))));
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.size(file) > 0);
  }

  private static Tensor only(Path file) {
    try (Safetensors read = Safetensors.open(file)) {
      return read.read(read.shapes().keySet().iterator().next()).orElseThrow();
    }
  }

  private Path write(String json, byte[] data) throws IOException {
    return Files.write(folder.resolve("hand.safetensors"), bytes(json, data));
  }

  static byte[] bytes(String json, byte[] data) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }
}
