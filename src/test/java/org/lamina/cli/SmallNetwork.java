package org.lamina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamina.network.Network;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.SeededWeights;
import org.lamina.yaml.NetworkFile;

/** A network that runs in no time, with its weights, in a folder. */
record SmallNetwork(Path file, Path weights) {

  private static final String TEXT =
      """
      network: small
      inputs: {data: {shape: [3, 8, 8]}}
      preprocess: [{resize: 8}, {scale: 0.00392156862745098}]
      layers:
        - conv: {name: conv1, filters: 4, kernel: 3, pad: 1}
        - relu: {name: relu1}
        - max_pool: {name: pool1, kernel: 2, stride: 2}
        - fc: {name: fc1, units: 3}
        - softmax: {name: prob}
      """;

  /** Writes the network and its weights. */
  static SmallNetwork in(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("small.yaml"), TEXT);
    Path weights = folder.resolve("small.safetensors");
    Safetensors.write(weights, tensors(NetworkFile.read(file)));
    return new SmallNetwork(file, weights);
  }

  /** Returns all weights of a network, made from a seed. */
  static Map<String, Tensor> tensors(Network network) {
    SeededWeights seeded = new SeededWeights(network, 7);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    seeded.shapes().keySet().forEach(n -> tensors.put(n, seeded.read(n).orElseThrow()));
    return tensors;
  }
}
