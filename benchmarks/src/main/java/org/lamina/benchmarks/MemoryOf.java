package org.lamina.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.lamina.model.Model;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
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
    var input = network.inputs().entrySet().iterator().next();
    Chw image = input.getValue();
    float[] values = NetworkCase.noise(Math.toIntExact(image.volume()));
    if (args[0].equals("onnx")) {
      long[] shape = {1, image.c(), image.h(), image.w()};
      int threads = Integer.parseInt(args[3]);
      try (Contender onnx = new OnnxContender(Path.of(args[2]), threads, shape, values)) {
        run(onnx::run);
      }
    } else {
      Tensor pixels = new Tensor(image.batch(1), values);
      try (Model model = Model.open(args[1], Path.of(args[2]))) {
        run(() -> model.run(Map.of(input.getKey(), pixels)));
      }
    }
  }

  private static void run(Runnable run) throws IOException {
    for (int i = 0; i < RUNS; i++) {
      run.run();
    }
    Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile|RssShmem):.*"))
        .forEach(System.out::println);
  }
}
