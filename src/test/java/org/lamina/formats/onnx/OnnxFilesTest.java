package org.lamina.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.onnx.schema.StringStringEntryProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.network.Node;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkWriter;

/** How weights are stored, what is refused, and files made to do harm. */
final class OnnxFilesTest {

  private static final int EXTERNAL = 1;
  private static final float[] WEIGHTS = {1, -2, 0.5f, 4, -0.25f, 8};

  @TempDir private Path folder;

  private Path write(ModelSketch sketch) throws IOException {
    return Files.write(folder.resolve("model.onnx"), sketch.build().toByteArray());
  }

  /** A product with a matrix of 2×3. */
  private static ModelSketch product(TensorProto weights) {
    ModelSketch sketch = new ModelSketch(13, 1);
    sketch.input("x", 1, 3);
    sketch.tensor(weights);
    sketch.node("Gemm", List.of("x", weights.getName()), List.of("y"), Sheet.integer("transB", 1));
    return sketch.outputs(List.of("y"));
  }

  private float[] read(TensorProto weights) throws IOException {
    try (OnnxGraph graph = OnnxGraph.read(write(product(weights)), ImportOptions.DEFAULTS)) {
      TensorFile file = graph.imported().weights().orElseThrow();
      assertEquals(List.of("w.weight"), List.copyOf(file.shapes().keySet()));
      return file.read("w.weight").orElseThrow().values();
    }
  }

  private static TensorProto.Builder matrix(int type) {
    return ModelSketch.tensor("w.weight", type, 2, 3);
  }

  private static ByteString bytes(int type) {
    ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : WEIGHTS) {
      switch (type) {
        case 1 -> buffer.putFloat(value);
        case 10 -> buffer.putShort(org.lamina.tensor.Half.fromFloat(value));
        case 16 -> buffer.putShort(org.lamina.tensor.Half.bfloatFromFloat(value));
        default -> buffer.putDouble(value);
      }
    }
    return ByteString.copyFrom(buffer.flip());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 11, 16})
  void floatsOfEveryWidthAreRead(int type) throws IOException {
    assertArrayEquals(WEIGHTS, read(matrix(type).setRawData(bytes(type)).build()));
  }

  @Test
  void numbersOutsideTheRawBytesAreRead() throws IOException {
    assertArrayEquals(WEIGHTS, read(matrix(1).addFloatData(bytes(1)).build()));
    assertArrayEquals(WEIGHTS, read(matrix(11).addDoubleData(bytes(11)).build()));
    ByteString.Output halves = ByteString.newOutput();
    for (float value : WEIGHTS) {
      int bits = org.lamina.tensor.Half.fromFloat(value) & 0xFFFF;
      for (; bits > 0x7F; bits >>>= 7) {
        halves.write(bits & 0x7F | 0x80);
      }
      halves.write(bits);
    }
    assertArrayEquals(WEIGHTS, read(matrix(10).addInt32Data(halves.toByteString()).build()));
  }

  private static TensorProto external(String location, String... more) {
    TensorProto.Builder tensor = matrix(1).setDataLocation(EXTERNAL);
    tensor.addExternalData(
        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    for (int i = 0; i < more.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(more[i]).setValue(more[i + 1]));
    }
    return tensor.build();
  }

  @Test
  void weightsMayLieBesideTheModel() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    byte[] all = new byte[32];
    bytes(1).copyTo(all, 8);
    Files.write(folder.resolve("data/weights.bin"), all);
    assertArrayEquals(WEIGHTS, read(external("data/weights.bin", "offset", "8", "length", "24")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside.bin", "/etc/passwd", "a/../../outside.bin", "", "link.bin"})
  void noPathLeadsOutOfTheFolder(String location) throws IOException {
    Path outside = Files.write(folder.resolve("outside.bin"), bytes(1).toByteArray());
    Path inner = Files.createDirectories(folder.resolve("inner/a")).getParent();
    Files.createSymbolicLink(inner.resolve("link.bin"), outside);
    Path model =
        Files.write(inner.resolve("model.onnx"), product(external(location)).build().toByteArray());
    FormatException e =
        assertThrows(
            FormatException.class, () -> OnnxGraph.read(model, ImportOptions.DEFAULTS).close());
    assertTrue(e.getMessage().contains("tensor 'w.weight' names the file"), e.getMessage());
  }

  @Test
  void elementsThatAreNotThereAreFound() throws IOException {
    Files.write(folder.resolve("short.bin"), new byte[23]);
    for (TensorProto bad :
        List.of(
            external("short.bin"),
            external("short.bin", "offset", "-1"),
            external("short.bin", "offset", "99999999999999999999"),
            matrix(1).setRawData(ByteString.copyFrom(new byte[23])).build(),
            matrix(8).build(),
            matrix(1).addDims(1L << 40).build())) {
      assertThrows(FormatException.class, () -> read(bad), bad::toString);
    }
  }

  @Test
  void everythingThatHasNoFormIsListedAtOnce() throws IOException {
    ModelSketch sketch = new ModelSketch(13, 1);
    sketch.input("x", 1, 3, 4, 4);
    sketch.node("Relu", List.of("x"), List.of("a"));
    sketch.node("NonZero", List.of("a"), List.of("b"));
    sketch.node("Tile", List.of("b"), List.of("c"));
    sketch.node("MatMul", List.of("a", "a"), List.of("d"));
    FormatException e =
        assertThrows(
            FormatException.class,
            () -> OnnxGraph.read(write(sketch.outputs(List.of("c", "d"))), ImportOptions.DEFAULTS));
    assertEquals(
        List.of("NonZero", "Tile", "MatMul"),
        e.unsupported().stream().map(u -> u.operator()).toList(),
        e.getMessage());
  }

  @Test
  void batchNormalisationsBecomePartOfConvolutions() throws Exception {
    ModelSketch sketch = new ModelSketch(13, 3);
    sketch.input("x", 2, 3, 5, 5);
    sketch.node("Conv", List.of("x", sketch.weights("conv.weight", 4, 3, 3, 3)), List.of("a"));
    sketch.node(
        "BatchNormalization",
        List.of(
            "a",
            sketch.weights("bn.weight", 4),
            sketch.weights("bn.bias", 4),
            sketch.weights("mean", 4),
            sketch.floats("var", new int[] {4}, 0.5f, 1, 2, 3)),
        List.of("y"));
    sketch.outputs(List.of("y"));
    ImportOptions fold = ImportOptions.DEFAULTS.withFoldNormalization(true);
    try (OnnxGraph graph = OnnxGraph.read(write(sketch), fold)) {
      List<Node> nodes = graph.imported().network().nodes();
      assertEquals(List.of("conv"), nodes.stream().map(Node::name).toList());
    }
    try (Session session = Session.open(Device.best())) {
      assertEquals("", SketchRun.compare(sketch, List.of("y"), folder, session, fold));
    }
  }

  @Test
  void aConstantBehindAConvolutionIsItsBias() throws IOException {
    ModelSketch sketch = new ModelSketch(13, 3);
    sketch.input("x", 2, 3, 5, 5);
    sketch.node("Conv", List.of("x", sketch.weights("c.weight", 4, 3, 3, 3)), List.of("a"));
    sketch.node("Add", List.of("a", sketch.weights("b", 4, 1, 1)), List.of("y"));
    try (OnnxGraph graph =
        OnnxGraph.read(write(sketch.outputs(List.of("y"))), ImportOptions.DEFAULTS)) {
      String yaml = NetworkWriter.print(graph.imported().network());
      assertTrue(yaml.endsWith("layers:\n  - conv: {name: c, filters: 4, kernel: 3}\n"), yaml);
      assertEquals("b", graph.imported().origins().get("c.bias").name());
    }
  }

  /** A few bytes must not become gigabytes, or hours. */
  @Test
  void bombsAreRefused() throws IOException {
    ModelSketch filled = new ModelSketch(13, 1);
    filled.input("x", 1, 3);
    filled.integers("shape", 100_000, 100_000);
    filled.node("ConstantOfShape", List.of("shape"), List.of("c"));
    filled.node("Add", List.of("x", "c"), List.of("y"));
    ModelSketch doubled = new ModelSketch(13, 1);
    doubled.input("x", 1, 100_000);
    doubled.weights("c0", 1, 100_000);
    for (int i = 0; i < 60; i++) {
      doubled.node("Add", List.of("c" + i, "c" + i), List.of("c" + (i + 1)));
    }
    doubled.node("Mul", List.of("x", "c60"), List.of("y"));
    for (ModelSketch bomb : List.of(filled, doubled)) {
      Path file = write(bomb.outputs(List.of("y")));
      assertThrows(
          FormatException.class, () -> OnnxGraph.read(file, ImportOptions.DEFAULTS).close());
    }
    byte[] nodes = new byte[(8 << 20) + 1];
    nodes[0] = 0x3A; // the graph, as long as the rest
    int rest = nodes.length - 5;
    for (int i = 0; i < 4; i++) {
      nodes[i + 1] = (byte) (rest >>> 7 * i & 0x7F | (i < 3 ? 0x80 : 0));
    }
    for (int i = 5; i < nodes.length - 1; i += 2) {
      nodes[i] = 0x0A; // a node without anything
    }
    Path file = Files.write(folder.resolve("nodes.onnx"), nodes);
    FormatException e =
        assertThrows(FormatException.class, () -> OnnxGraph.read(file, ImportOptions.DEFAULTS));
    assertTrue(e.getMessage().contains("description"), e.getMessage());
  }

  @Test
  void changedModelsAreRefusedOrRead() throws IOException {
    mutate(400);
  }

  @Test
  @Tag("long")
  void changedModelsAreRefusedOrReadManyTimes() throws IOException {
    mutate(100_000);
  }

  private void mutate(int changes) throws IOException {
    List<byte[]> models =
        RandomSketches.all().values().stream()
            .map(
                maker -> {
                  ModelSketch sketch = new ModelSketch(13, 7);
                  return sketch.outputs(maker.apply(sketch)).build().toByteArray();
                })
            .toList();
    Random random = new Random(1);
    for (int i = 0; i < changes; i++) {
      byte[] model = models.get(random.nextInt(models.size())).clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        model[random.nextInt(model.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("changed.onnx"), model);
      long before = System.nanoTime();
      try (OnnxGraph graph = OnnxGraph.read(file, ImportOptions.DEFAULTS)) {
        TensorFile weights = graph.imported().weights().orElseThrow();
        weights.shapes().keySet().forEach(weights::read);
        NetworkWriter.print(graph.imported().network());
      } catch (FormatException | WeightsException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      } catch (RuntimeException e) {
        throw new AssertionError("change %d: %s".formatted(i, e), e);
      }
      double seconds = (System.nanoTime() - before) / 1e9;
      assertTrue(seconds < 10, "change %d took %f s".formatted(i, seconds));
    }
  }
}
