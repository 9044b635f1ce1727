package org.lamina.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.OnnxExporter;
import org.lamina.network.Network;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;

/** Files with the same weights for Lamina and its peers, made once. */
final class Models {

  private static final long SEED = 1;

  private final Path folder;

  Models(Path folder) {
    this.folder = folder;
  }

  /** Returns a safetensors file with weights from a seed. */
  Path weights(Network network) {
    Path file = folder.resolve(network.name() + ".safetensors");
    if (Files.exists(file)) {
      try (Safetensors found = Safetensors.open(file)) {
        Weights.check(network, found);
        return file;
      } catch (WeightsException e) {
        return write(network, file); // of a network that has changed since
      }
    }
    return write(network, file);
  }

  private Path write(Network network, Path file) {
    SeededWeights seeded = new SeededWeights(network, SEED);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    seeded.shapes().keySet().forEach(name -> tensors.put(name, seeded.read(name).orElseThrow()));
    try {
      Files.createDirectories(folder);
      Safetensors.write(file, tensors);
      Files.deleteIfExists(onnxFile(network));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an ONNX file with the same weights. */
  Path onnx(Network network) {
    Path weights = weights(network);
    Path file = onnxFile(network);
    if (Files.exists(file)) {
      return file;
    }
    try (Safetensors source = Safetensors.open(weights)) {
      new OnnxExporter().write(network, source, List.of(file));
      return file;
    }
  }

  private Path onnxFile(Network network) {
    return folder.resolve(network.name() + ".onnx");
  }
}
