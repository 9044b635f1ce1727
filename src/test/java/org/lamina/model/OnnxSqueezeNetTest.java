package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.TestData;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.onnx.OnnxImporter;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import org.lamina.yaml.NetworkFile;

/** SqueezeNet 1.1 from an ONNX model with 16-bit weights, against what OpenVINO computed. */
final class OnnxSqueezeNetTest {

  private static final double TOLERANCE = 1e-5;

  /** What OpenVINO says of the car, by class. */
  private static final Map<Integer, Double> CAR =
      Map.of(817, 0.8364178, 511, 0.0945683, 479, 0.0419195, 751, 0.0091233, 436, 0.0068038);

  @TempDir private Path folder;

  /**
   * Imports the model and opens the shipped network with its weights, which have the same names.
   * OpenVINO's probabilities are for pictures of 227×227, where the pooling of the original rounds
   * up; that of the model, for pictures of 224×224, has nothing to round.
   */
  static Classifier open(Path folder, int batch, List<Step> steps) {
    Path model = TestData.file("models/squeezenet-1.1-fp16.onnx");
    try (Imported imported = new OnnxImporter().read(List.of(model), ImportOptions.DEFAULTS)) {
      assertEquals(new Chw(3, 224, 224), imported.network().inputs().get("data_0"));
      assertEquals(1_235_496, imported.network().parameters());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      TensorFile weights = imported.weights().orElseThrow();
      weights.shapes().keySet().forEach(n -> tensors.put(n, weights.read(n).orElseThrow()));
      assertEquals(52, tensors.size());
      Path file = folder.resolve("weights.safetensors");
      Safetensors.write(file, tensors);
      Network shipped = NetworkFile.find("squeezenet-1.1");
      Network network =
          new Network(
              shipped.name(),
              shipped.inputs(),
              shipped.nodes(),
              shipped.outputs(),
              new Preprocessing(steps));
      return Classifier.open(network, file, ModelOptions.defaults().withBatch(batch));
    }
  }

  @Test
  void aCarIsWhatOpenVinoSays() {
    List<Step> steps = List.of(new Resize(227, 227), new Channels(Channels.Order.BGR));
    try (Classifier classifier = open(folder, 1, steps)) {
      List<Prediction> found = classifier.classify(TestData.file("images/car.png"), 5);
      assertEquals(5, found.size());
      for (Prediction prediction : found) {
        Optional<Double> expected = Optional.ofNullable(CAR.get(prediction.index()));
        assertTrue(expected.isPresent(), found::toString);
        assertEquals(expected.get(), prediction.probability(), TOLERANCE, found::toString);
      }
    }
  }
}
