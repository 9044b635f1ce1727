package org.lamina.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.lamina.layer.Precision;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/**
 * A whole network, picture to probabilities, on Lamina and a peer in turn; before that the results
 * are compared.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param batch images of a run
 * @param precision how Lamina stores its weights; the peer stores floats
 * @param with who the peer is
 * @param goal Lamina's time divided by the peer's
 */
record NetworkCase(
    String name, String network, int batch, Precision precision, Peer with, Goal goal)
    implements Case {

  /** Largest difference of two results, relative to the range of the peer's values. */
  private static final double TOLERANCE = 1e-3;

  /** The same with weights in half precision: 2^-11 of each of them, over eight layers. */
  private static final double HALF_TOLERANCE = 1e-2;

  enum Peer {
    ONNX_RUNTIME("ONNX Runtime"),
    PYTORCH("PyTorch");

    final String title;

    Peer(String title) {
      this.title = title;
    }
  }

  @Override
  public String work() {
    String half = precision == Precision.SINGLE ? "" : ", weights in half precision";
    return "%s, batch %d%s".formatted(network, batch, half);
  }

  @Override
  public String peer() {
    return with.title;
  }

  @Override
  public Row run(Settings settings) {
    Network described = NetworkFile.find(network);
    Models models = new Models(settings.models());
    Chw image = described.inputs().values().iterator().next();
    float[] input = noise(Math.toIntExact(image.volume() * batch));
    try (Safetensors weights = Safetensors.open(models.weights(described));
        LaminaContender lamina = new LaminaContender(described, weights, batch, input, precision);
        Contender other = other(described, weights, models, settings, image, input)) {
      long bytes = lamina.parameterBytes();
      if (precision == Precision.HALF && bytes > 3 * described.parameters()) {
        throw new Unavailable(
            "the plan's weights still take %d bytes each"
                .formatted(bytes / described.parameters()));
      }
      lamina.run();
      other.run();
      double most = precision == Precision.SINGLE ? TOLERANCE : HALF_TOLERANCE;
      double difference = compare(lamina.result(), other.result(), most);
      return measure(settings, lamina, other, difference);
    }
  }

  private Contender other(
      Network described,
      Safetensors weights,
      Models models,
      Settings settings,
      Chw image,
      float[] input) {
    return switch (with) {
      case ONNX_RUNTIME ->
          new OnnxContender(
              models.onnx(described),
              settings.threads(),
              new long[] {batch, image.c(), image.h(), image.w()},
              input);
      case PYTORCH -> new TorchContender(described, weights, settings.threads(), input);
    };
  }

  private Row measure(Settings settings, Contender lamina, Contender other, double difference) {
    List<Turns.Times> times =
        Turns.take(settings.seconds(), List.of(Turns.clock(lamina::run), Turns.clock(other::run)));
    Turns.Times ours = times.get(0);
    Turns.Times theirs = times.get(1);
    return row(
        new Row.Result(
            ours.median() / theirs.median(),
            milliseconds(ours.median()),
            milliseconds(theirs.median()),
            ours.spread(),
            theirs.spread(),
            ours.nanos().length),
        String.format(Locale.ROOT, "results differ by %.1e", difference));
  }

  static String milliseconds(double nanos) {
    return String.format(Locale.ROOT, nanos < 1e8 ? "%.2f ms" : "%.0f ms", nanos / 1e6);
  }

  /** Returns numbers as a normalised picture has them. */
  static float[] noise(int count) {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (4 * random.nextDouble() - 2);
    }
    return values;
  }

  /**
   * Returns the largest difference relative to the range of the expected values.
   *
   * @throws IllegalStateException if it is too large for the two to have computed the same
   */
  static double compare(float[] found, float[] expected, double tolerance) {
    if (found.length != expected.length) {
      throw new IllegalStateException(
          "one side gives %d values, the other %d".formatted(found.length, expected.length));
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < found.length; i++) {
      low = Math.min(low, expected[i]);
      high = Math.max(high, expected[i]);
      most = Math.max(most, Math.abs(found[i] - expected[i]));
    }
    double difference = most / (high - low);
    if (!(difference <= tolerance)) {
      throw new IllegalStateException(
          "the results differ by %s of their range, so there is nothing to compare"
              .formatted(difference));
    }
    return difference;
  }
}
