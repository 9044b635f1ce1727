package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.TestData;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.model.Model;
import org.lamina.model.ModelOptions;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Npy;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightSource;

/** Networks of Caffe's that come in and run: the numbers that Caffe computed. */
final class CaffeRunTest {

  private static Tensor run(List<Path> files, String input, Tensor images, int batch) {
    try (Imported imported = Formats.importer(files).read(files, ImportOptions.DEFAULTS)) {
      Network network = imported.network();
      WeightSource weights =
          imported.weights().isPresent()
              ? imported.weights().get()
              : WeightSource.of("none", Map.of());
      try (Model model = Model.open(network, weights, ModelOptions.defaults().withBatch(batch))) {
        Map<String, Tensor> results = model.run(Map.of(input, images));
        return results.get(network.outputs().get(0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concat",
        "convolution",
        "dropout",
        "inner_product",
        "lrn_channels",
        "pooling_max",
        "relu",
        "softmax"
      })
  void aLayerGivesWhatCaffeGave(String name) {
    String base = "layers/caffe/layer_" + name;
    List<Path> files = new ArrayList<>(List.of(TestData.file(base + ".prototxt")));
    Path weights = files.get(0).resolveSibling("layer_" + name + ".caffemodel");
    if (Files.exists(weights)) {
      files.add(weights);
    }
    Tensor input = Npy.read(TestData.file("layers/caffe/input.npy"));
    Tensor expected = Npy.read(TestData.file(base + ".npy"));
    Tensor found = run(files, "input", input, 2);
    assertEquals(expected.shape().volume(), found.shape().volume());
    double worst = 0;
    for (int i = 0; i < expected.values().length; i++) {
      double difference = Math.abs(expected.values()[i] - found.values()[i]);
      worst = Math.max(worst, difference / Math.max(1, Math.abs(expected.values()[i])));
    }
    assertTrue(worst <= 1e-5, name + " differs by " + worst);
  }

  @Test
  void leNetReadsDigitsAsItsAuthorsSay() throws IOException {
    byte[] pixels = bytes("mnist/t10k-images-idx3-ubyte.gz", 16);
    byte[] labels = bytes("mnist/t10k-labels-idx1-ubyte.gz", 8);
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(pixels[i]) / 256f;
    }
    Tensor images = new Tensor(Shape.of(labels.length, 1, 28, 28), values);
    Tensor found =
        run(
            List.of(
                TestData.file("models/lenet/lenet.prototxt"),
                TestData.file("models/lenet/lenet_iter_10000.caffemodel")),
            "data",
            images,
            100);
    // These weights read 9,905 of the 10,000 right in double precision too, and 1,983 of every
    // fifth.
    assertEquals(10_000, labels.length);
    assertEquals(9_905, right(found, labels, 1), 2);
    assertTrue(right(found, labels, 5) >= 0.991 * 2_000);
  }

  @Test
  void cifarNetworkIsAsGoodAsItsLogSays() throws IOException {
    byte[] test = Files.readAllBytes(TestData.file("cifar10/test-500.bin"));
    int volume = 3 * 32 * 32;
    int count = test.length / (volume + 1);
    float[] mean;
    try (TensorFile file = CaffeTensors.mean(TestData.file("cifar10/mean.binaryproto"))) {
      mean = file.read("mean").orElseThrow().values();
    }
    byte[] labels = new byte[count];
    float[] values = new float[count * volume];
    for (int n = 0; n < count; n++) {
      labels[n] = test[n * (volume + 1)];
      for (int i = 0; i < volume; i++) {
        values[n * volume + i] = Byte.toUnsignedInt(test[n * (volume + 1) + 1 + i]) - mean[i];
      }
    }
    Tensor found =
        run(
            List.of(
                TestData.file("models/cifar10_quick/cifar10_quick.prototxt"),
                TestData.file("models/cifar10_quick/cifar10_quick_iter_5000.caffemodel")),
            "data",
            new Tensor(Shape.of(count, 3, 32, 32), values),
            100);
    assertEquals(500, count);
    assertEquals(74, right(found, labels, 1) / 5.0, 2);
  }

  private static byte[] bytes(String file, int header) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(TestData.file(file)))) {
      in.skipNBytes(header);
      return in.readAllBytes();
    }
  }

  /** Returns how many of every so manieth image have the right class as the most probable. */
  private static int right(Tensor probabilities, byte[] labels, int every) {
    int classes = probabilities.shape().extent(1);
    int right = 0;
    for (int n = 0; n < labels.length; n += every) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities.values()[n * classes + c] > probabilities.values()[n * classes + best]) {
          best = c;
        }
      }
      right += best == labels[n] ? 1 : 0;
    }
    return right;
  }
}
