package org.lamina.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import org.lamina.model.Model;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.yaml.NetworkFile;

/** A process of its own: opens a network with weights from a file and runs it once. */
final class FirstResult {

  private FirstResult() {}

  public static void main(String[] args) {
    Network network = NetworkFile.find(args[0]);
    var input = network.inputs().entrySet().iterator().next();
    var image = input.getValue();
    float[] values = NetworkCase.noise(Math.toIntExact(image.volume()));
    Tensor pixels = new Tensor(Shape.of(1, image.c(), image.h(), image.w()), values);
    try (Model model = Model.open(args[0], Path.of(args[1]))) {
      model.run(Map.of(input.getKey(), pixels));
    }
  }
}
