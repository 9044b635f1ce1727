package org.lamina.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/**
 * A process of its own: opens a network on Lamina ({@code lamina}) or its peer ({@code onnx}), runs
 * it a few times, one image at a time, and prints what the process holds.
 */
final class MemoryOf {

  private static final int RUNS = 5;

  private MemoryOf() {}

  public static void main(String[] args) throws IOException {
    Network network = NetworkFile.find(args[1]);
    Chw image = network.inputs().values().iterator().next();
    float[] input = NetworkCase.noise(Math.toIntExact(image.volume()));
    try (Contender contender = open(args, network, image, input)) {
      for (int i = 0; i < RUNS; i++) {
        contender.run();
      }
      Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile|RssShmem):.*"))
          .forEach(System.out::println);
    }
  }

  private static Contender open(String[] args, Network network, Chw image, float[] input) {
    if (args[0].equals("onnx")) {
      long[] shape = {1, image.c(), image.h(), image.w()};
      return new OnnxContender(Path.of(args[2]), Integer.parseInt(args[3]), shape, input);
    }
    try (Safetensors weights = Safetensors.open(Path.of(args[2]))) {
      return new LaminaContender(network, weights, 1, input);
    }
  }
}
