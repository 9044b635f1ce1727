package org.lamina.formats.cfg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.model.Model;
import org.lamina.model.ModelOptions;
import org.lamina.network.NetworkDiff;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** Networks and weights of Darknet. */
final class DarknetImportTest {

  /** YOLOv3-tiny, whose published file of weights has 35,434,956 bytes. */
  private static final String TINY =
      """
      [net]
      width=416
      height=416
      channels=3
      momentum=0.9
      decay=0.0005
      learning_rate=0.001
      batch=64
      subdivisions=2
      max_batches=500200
      policy=steps
      steps=400000,450000
      scales=.1,.1
      """
          + stage(16)
          + stage(32)
          + stage(64)
          + stage(128)
          + stage(256)
          + convolution(512, 3, "leaky")
          + "[maxpool]\nsize=2\nstride=1\n"
          + convolution(1024, 3, "leaky")
          + convolution(256, 1, "leaky")
          + convolution(512, 3, "leaky")
          + convolution(255, 1, "linear").replace("batch_normalize=1\n", "")
          + "[yolo]\nmask=3,4,5\n[route]\nlayers=-4\n"
          + convolution(128, 1, "leaky")
          + "[upsample]\nstride=2\n[route]\nlayers=-1, 8 # the fifth convolution\n"
          + convolution(256, 3, "leaky")
          + convolution(255, 1, "linear").replace("batch_normalize=1\n", "")
          + "[yolo]\nmask=0,1,2\n";

  @TempDir private Path folder;

  private static String stage(int filters) {
    return convolution(filters, 3, "leaky") + "[maxpool]\nsize=2\nstride=2\n";
  }

  private static String convolution(int filters, int size, String activation) {
    return """
        [convolutional]
        batch_normalize=1
        filters=%d
        size=%d
        stride=1
        pad=1
        activation=%s
        """
        .formatted(filters, size, activation);
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("net.cfg"), text);
  }

  @Test
  void aDetectorComesInUpToItsHeads() throws IOException {
    Path weights = folder.resolve("net.weights");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(35_434_956);
      file.write(new byte[] {0, 0, 0, 0, 2, 0, 0, 0});
    }
    List<Path> files = List.of(weights, config(TINY));
    try (Imported imported = Formats.importer(files).read(files, ImportOptions.DEFAULTS)) {
      assertEquals("Darknet", imported.format());
      assertEquals(new Chw(255, 13, 13), imported.network().shape("conv10"));
      assertEquals(new Chw(255, 26, 26), imported.network().shape("conv13"));
      assertEquals(new Chw(512, 13, 13), imported.network().shape("pool6"));
      assertEquals(List.of("conv10", "conv13"), imported.network().outputs());
      Weights.check(imported.network(), imported.weights().orElseThrow());
      String yaml = NetworkWriter.print(imported.network());
      assertTrue(
          NetworkDiff.of(imported.network(), NetworkFile.parse("again.yaml", yaml)).isEmpty());
      assertTrue(yaml.contains("- max_pool:   {name: pool1, kernel: 2, stride: 2}\n"), yaml);
      assertTrue(
          yaml.contains("- max_pool:   {name: pool6, kernel: 2, pad: [0, 0, 1, 1]}\n"), yaml);
      assertTrue(
          yaml.contains(
              "learning_rate: {multistep: {start: 0.001, factor: 0.1, at: [400000, 450000]}}"),
          yaml);
    }
    Files.write(weights, new byte[100]);
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> Formats.importer(files).read(files, ImportOptions.DEFAULTS));
    assertTrue(
        e.getMessage()
            .contains("has 100 bytes, but the weights of network 'net' would have 35,434,952"),
        e::getMessage);
  }

  private Path weights(int major, int minor, int header, float... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(header + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(major).putInt(minor).putInt(0).position(header);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return Files.write(folder.resolve("net.weights"), bytes.array());
  }

  @Test
  void weightsLieAsDarknetWritesThem() throws IOException {
    Path config =
        config(
            """
            [net]
            width=1
            height=1
            channels=2
            [convolutional]
            filters=1
            size=1
            batch_normalize=1
            activation=relu
            [connected]
            output=2
            activation=linear
            """);
    Path old = weights(0, 1, 16, 1, 2, 3, 15.99999f, 5, 6, 10, 20, 7, 8);
    try (Imported imported =
        new DarknetImporter().read(List.of(config, old), ImportOptions.DEFAULTS)) {
      TensorFile tensors = imported.weights().orElseThrow();
      Weights.check(imported.network(), tensors);
      assertArrayEquals(new float[] {1}, tensors.read("conv1_bn.bias").orElseThrow().values());
      assertArrayEquals(new float[] {5, 6}, tensors.read("conv1.weight").orElseThrow().values());
      try (Model model = Model.open(imported.network(), tensors, ModelOptions.defaults())) {
        Tensor x = new Tensor(Shape.of(1, 2, 1, 1), new float[] {1, 2});
        // conv: 5 + 12 = 17; normalised: 2*(17 - 3)/4 + 1 = 8; connected: 7*8 + 10, 8*8 + 20.
        assertArrayEquals(
            new float[] {66, 84}, model.run(Map.of("input", x)).get("fc1").values(), 1e-4f);
      }
    }
  }

  @Test
  void matricesOfSomeVersionsLieColumnByColumn() throws IOException {
    Path config = config("[net]\nwidth=1\nheight=1\nchannels=3\n[connected]\noutput=2\n");
    Path turned = weights(1001, 0, 16, 0, 0, 1, 4, 2, 5, 3, 6);
    try (Imported imported =
        new DarknetImporter().read(List.of(config, turned), ImportOptions.DEFAULTS)) {
      TensorFile tensors = imported.weights().orElseThrow();
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6}, tensors.read("fc1.weight").orElseThrow().values());
      assertEquals("transposed", imported.origins().get("fc1.weight").change());
    }
  }

  @Test
  void everythingThatHasNoFormIsListed() throws IOException {
    Path config =
        config(
            """
            [net]
            width=8
            height=8
            [convolutional]
            filters=4
            xnor=1
            [lstm]
            output=3
            [route]
            layers=-9
            [convolutional]
            activation=stair
            """);
    FormatException e =
        assertThrows(
            FormatException.class,
            () -> new DarknetImporter().read(List.of(config), ImportOptions.DEFAULTS));
    assertEquals(
        config
            + """
            : 4 of the nodes cannot be carried over (Darknet)
              [convolutional] (line 4): is xnor
              [lstm] (line 7): is of a type that has no form here
              [route] (line 9): reads the layer -9, which does not come before it
              [convolutional] (line 11): its activation 'stair' has no form here""",
        e.getMessage());
  }
}
