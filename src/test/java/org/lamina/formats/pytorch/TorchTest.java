package org.lamina.formats.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.TestData;
import org.lamina.formats.TensorFiles;
import org.lamina.tensor.Half;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

class TorchTest {

  private static final float[] ROWS = {0, 1, 2, 3, 4, 5};

  @TempDir private Path folder;

  /** A 2×3 tensor, its transpose and its second column, all of one storage. */
  private static byte[] views() {
    return new PickleWriter()
        .global("collections", "OrderedDict")
        .op(')')
        .op('R')
        .op('(')
        .text("rows")
        .tensor("FloatStorage", "0", 6, 0, new int[] {2, 3}, new int[] {3, 1})
        .text("columns")
        .tensor("FloatStorage", "0", 6, 0, new int[] {3, 2}, new int[] {1, 3})
        .text("second")
        .tensor("FloatStorage", "0", 6, 1, new int[] {2}, new int[] {3})
        .text("repeated")
        .tensor("FloatStorage", "0", 6, 5, new int[] {2, 2}, new int[] {0, 0})
        .text("empty")
        .tensor("FloatStorage", "0", 6, 0, new int[] {0, 4}, new int[] {4, 1})
        .text("scalar")
        .tensor("FloatStorage", "0", 6, 4, new int[] {}, new int[] {})
        .op('u')
        .stop();
  }

  private TensorFile open(byte[] bytes) throws IOException {
    return TensorFiles.open(Files.write(folder.resolve("file.pt"), bytes));
  }

  private void assertViews(byte[] bytes, String format) throws IOException {
    try (TensorFile file = open(bytes)) {
      assertEquals(format, file.format());
      assertEquals(
          List.of("rows", "columns", "second", "repeated", "empty", "scalar"),
          List.copyOf(file.shapes().keySet()));
      assertEquals(Set.of(ElementType.F32), Set.copyOf(file.types().values()));
      assertArrayEquals(ROWS, file.read("rows").orElseThrow().values());
      assertEquals(Shape.of(3, 2), file.read("columns").orElseThrow().shape());
      assertArrayEquals(
          new float[] {0, 3, 1, 4, 2, 5}, file.read("columns").orElseThrow().values());
      assertArrayEquals(new float[] {1, 4}, file.read("second").orElseThrow().values());
      assertArrayEquals(new float[] {5, 5, 5, 5}, file.read("repeated").orElseThrow().values());
      assertArrayEquals(new float[] {}, file.read("empty").orElseThrow().values());
      assertArrayEquals(new float[] {4}, file.read("scalar").orElseThrow().values());
      assertTrue(file.read("other").isEmpty());
    }
  }

  @Test
  void readsViewsOfOneStorageOfBothKinds() throws IOException {
    byte[] storage = SampleFiles.counting(6);
    assertViews(SampleFiles.zip(views(), Map.of("0", storage)), "PyTorch (zip)");
    assertViews(SampleFiles.legacy(views(), List.of("0"), List.of(storage), 4), "PyTorch (legacy)");
  }

  @Test
  void readsEveryTypeOfElements() throws IOException {
    ByteBuffer half = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    half.putShort(Half.fromFloat(1.5f)).putShort(Half.fromFloat(-2));
    ByteBuffer brain = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    brain.putShort(Half.bfloatFromFloat(1.5f)).putShort(Half.bfloatFromFloat(-2));
    ByteBuffer twice = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    twice.putDouble(1.5).putDouble(-2);
    ByteBuffer whole = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    whole.putLong(7).putLong(-2);
    int[] shape = {2};
    int[] strides = {1};
    byte[] pickle =
        new PickleWriter()
            .op('}')
            .op('(')
            .text("half")
            .tensor("HalfStorage", "0", 2, 0, shape, strides)
            .text("brain")
            .tensor("BFloat16Storage", "1", 2, 0, shape, strides)
            .text("double")
            .tensor("DoubleStorage", "2", 2, 0, shape, strides)
            .text("long")
            .tensor("LongStorage", "3", 2, 0, shape, strides)
            .op('u')
            .stop();
    byte[] bytes =
        SampleFiles.zip(
            pickle,
            Map.of("0", half.array(), "1", brain.array(), "2", twice.array(), "3", whole.array()));
    try (TensorFile file = open(bytes)) {
      for (String name : List.of("half", "brain", "double")) {
        assertArrayEquals(new float[] {1.5f, -2}, file.read(name).orElseThrow().values(), name);
      }
      assertEquals(ElementType.I64, file.types().get("long"));
      file.stream(
          "long",
          (values, offset, count) -> {
            assertEquals(7, values[offset]);
            assertEquals(-2, values[offset + 1]);
            assertEquals(2, count);
          });
      String message = assertThrows(WeightsException.class, () -> file.read("long")).getMessage();
      assertTrue(message.contains("tensor 'long' holds I64"), message);
    }
  }

  @Test
  void findsTheStateDictInACheckpoint() throws IOException {
    PickleWriter checkpoint = new PickleWriter().op('}').op('(').text("epoch").number(3);
    checkpoint.text("best").tensor("FloatStorage", "0", 2, 0, new int[] {}, new int[] {});
    checkpoint.text("state_dict").op('}').text("w");
    checkpoint.tensor("FloatStorage", "0", 2, 0, new int[] {2}, new int[] {1}).op('s').op('u');
    try (TensorFile file =
        open(SampleFiles.zip(checkpoint.stop(), Map.of("0", SampleFiles.counting(2))))) {
      assertEquals(Set.of("w"), file.shapes().keySet());
    }
  }

  /** What makes each of these calls dangerous is that Python would carry it out. */
  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "builtins, eval",
    "torch, load",
    "torchvision.models.resnet, ResNet",
    "numpy.core.multiarray, _reconstruct",
    "collections, deque"
  })
  void refusesCallsByTheirName(String module, String name) throws IOException {
    byte[] call =
        new PickleWriter()
            .global(module, name)
            .op('(')
            .text("touch /tmp/executed")
            .op('t')
            .op('R')
            .stop();
    assertRefused(
        SampleFiles.zip(call, Map.of()), "wants to call " + module + "." + name + ", and nothing");
    assertRefused(
        SampleFiles.legacy(call, List.of(), List.of(), 4), "wants to call " + module + "." + name);
    byte[] stacked = new PickleWriter().text(module).text(name).op(0x93).op(')').op('R').stop();
    assertRefused(SampleFiles.zip(stacked, Map.of()), "wants to call " + module + "." + name);
  }

  @Test
  void refusesOtherWaysToCall() throws IOException {
    PickleWriter inst = new PickleWriter().op('(').op('i');
    "os\nsystem\n".chars().forEach(inst::op);
    assertRefused(SampleFiles.zip(inst.stop(), Map.of()), "wants to call os.system");
    byte[] object = new PickleWriter().global("torch", "Size").op(')').op(0x81).stop();
    assertRefused(SampleFiles.zip(object, Map.of()), "wants to call a class to make an object of");
    byte[] type = new PickleWriter().global("torch", "FloatStorage").op(')').op('R').stop();
    assertRefused(SampleFiles.zip(type, Map.of()), "wants to call torch.FloatStorage; refused");
    byte[] text = new PickleWriter().text("eval").op(')').op('R').stop();
    assertRefused(SampleFiles.zip(text, Map.of()), "a value that is no function; refused");
    byte[] extension = new PickleWriter().op(0x82).op(1).stop();
    assertRefused(SampleFiles.zip(extension, Map.of()), "a registered extension");
    byte[] attributes = new PickleWriter().global("torch", "Size").op('}').op('b').stop();
    assertRefused(SampleFiles.zip(attributes, Map.of()), "set attributes of something");
  }

  @Test
  void refusesTensorsOutsideOfTheirStorage() throws IOException {
    byte[] outside =
        new PickleWriter()
            .op('}')
            .text("x")
            .tensor("FloatStorage", "0", 6, 1, new int[] {6}, new int[] {1})
            .op('s')
            .stop();
    assertRefused(
        SampleFiles.zip(outside, Map.of("0", SampleFiles.counting(6))),
        "6 at element 1 with strides [1] needs 7 elements, but its storage '0' has 6");
    byte[] large =
        new PickleWriter()
            .op('}')
            .text("x")
            .tensor("FloatStorage", "0", 600, 0, new int[] {6}, new int[] {1})
            .op('s')
            .stop();
    assertRefused(
        SampleFiles.zip(large, Map.of("0", SampleFiles.counting(6))),
        "said to have 600 elements of F32, but 24 bytes are there");
    byte[] expanded =
        new PickleWriter()
            .op('}')
            .text("x")
            .tensor("FloatStorage", "0", 6, 0, new int[] {99999, 99999}, new int[] {0, 0})
            .op('s')
            .stop();
    assertRefused(
        SampleFiles.zip(expanded, Map.of("0", SampleFiles.counting(6))), "repeats what is stored");
  }

  @Test
  void refusesDamagedBytesByTheirChecksum() throws IOException {
    byte[] bytes = SampleFiles.zip(views(), Map.of("0", SampleFiles.counting(6)));
    // The element 1.0f, which stands nowhere else.
    for (int i = 0; i < bytes.length - 4; i++) {
      if (bytes[i + 2] == (byte) 0x80 && bytes[i + 3] == 0x3f && bytes[i] == 0) {
        bytes[i + 3] = 0x3e;
      }
    }
    try (TensorFile file = open(bytes)) {
      String message = assertThrows(WeightsException.class, () -> file.read("rows")).getMessage();
      assertTrue(message.contains("does not have the checksum"), message);
    }
  }

  @Test
  void readsWhatPyTorchWrote() {
    try (TensorFile file = TensorFiles.open(TestData.file("models/resnet20-12fca82f.th"))) {
      assertEquals("PyTorch (legacy)", file.format());
      assertEquals(Shape.of(64, 64, 3, 3), file.shapes().get("module.layer3.2.conv2.weight"));
      long volume = 0;
      for (String name : file.shapes().keySet()) {
        volume += file.read(name).orElseThrow().values().length;
      }
      // The published 269,722 parameters, and mean and variance of 19 normalisations.
      assertEquals(269_722 + 2 * (7 * 16 + 6 * 32 + 6 * 64), volume);
    }
  }

  private void assertRefused(byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("bad.pt"), bytes);
    WeightsException e = assertThrows(WeightsException.class, () -> TensorFiles.open(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
