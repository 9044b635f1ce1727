package org.lamina.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.weights.SeededWeights;
import org.lamina.yaml.NetworkFile;

/** Small trainings for tests. */
final class Trainings {

  /** Drawn figures that are quick to make. */
  static final String DATA = "shapes:size=12,train=96,test=24,seed=3";

  private Trainings() {}

  /** Returns a network with all that has a state or random numbers, for pictures of 12 pixels. */
  static String text(String training) {
    return """
    network: small
    let: {classes: 10}
    input: {shape: [3, 12, 12]}
    preprocess: [{resize: 12}, {mean: 128}, {std: 64}]
    layers:
      - conv: {name: conv1, filters: 8, kernel: 3, stride: 2}
      - batch_norm: {name: norm1}
      - relu:
      - max_pool: {kernel: 2, stride: 2}
      - dropout: {p: 0.3}
      - fc: {name: head, units: =classes}
      - softmax: {name: prob}
    loss: softmax_cross_entropy
    training: %s
    """
        .formatted(training);
  }

  static Network network(String training) {
    return NetworkFile.parse("small.yaml", text(training));
  }

  static Function<String, Tensor> seeded(Network network) {
    SeededWeights weights = new SeededWeights(network, 1);
    return name -> weights.read(name).orElseThrow();
  }

  /** Trains to the end in a new folder. */
  static Trainer.End train(
      Session session, Network network, Path path, int threads, TrainingListener listener) {
    try (Run run = Run.of(network, DATA, new Run.Options(threads), Device.best());
        RunFolder folder = run.begin(path, "seed 1");
        Trainer trainer = run.trainer(session, folder, seeded(network), listener)) {
      return trainer.run();
    }
  }

  /** Goes on with a run. */
  static Trainer.End resume(Session session, Path path, TrainingListener listener) {
    try (RunFolder folder = RunFolder.open(path);
        Run run = Run.resume(folder, Optional.empty(), 2, Device.best());
        Trainer trainer = run.trainer(session, folder, seeded(run.network()), listener)) {
      return trainer.run();
    }
  }

  /**
   * Returns the checksums of everything that must be the same bits however a run came about:
   * weights, the optimiser's memories of the newest checkpoint, metrics.
   */
  static Map<String, String> bits(Path folder) throws IOException {
    Map<String, String> bits = new TreeMap<>();
    Path newest = new Checkpoints(folder.resolve("checkpoints")).all().get(0);
    for (Path file :
        List.of(
            folder.resolve("metrics.csv"),
            folder.resolve("best.safetensors"),
            folder.resolve("last.safetensors"),
            newest.resolve("weights.safetensors"),
            newest.resolve("optimizer.safetensors"))) {
      CRC32C sum = new CRC32C();
      sum.update(Files.readAllBytes(file));
      bits.put(folder.relativize(file).toString(), Long.toHexString(sum.getValue()));
    }
    return bits;
  }
}
