package org.lamina.benchmarks;

import ai.djl.engine.Engine;
import java.util.List;
import java.util.Locale;
import org.lamina.layer.Precision;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.tensor.Chw;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/**
 * A whole network on a GPU, beside PyTorch with cuDNN on the same one: input from host memory,
 * results in host memory, for either side. Not run where there is no GPU or no PyTorch for it.
 *
 * <p>PyTorch multiplies in TF32 unless it is told not to, so {@link Precision#SINGLE} needs {@code
 * NVIDIA_TF32_OVERRIDE=0} in the environment, and {@link Precision#TF32} needs it not.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param batch images of a run
 * @param precision how Lamina multiplies
 * @param protocol whether times are the mean of ten runs after one that does not count, as in
 *     convnet-benchmarks (Chintala, 2014), instead of medians of turns
 * @param goal Lamina's time divided by the peer's
 */
record GpuCase(
    String name, String network, int batch, Precision precision, boolean protocol, Goal goal)
    implements Case {

  private static final double TOLERANCE = 1e-3;
  private static final double TF32_TOLERANCE = 1e-2;
  private static final int RUNS = 10;

  @Override
  public String work() {
    String how = precision == Precision.SINGLE ? "" : ", " + precision.key();
    return "%s on a GPU, batch %d%s%s"
        .formatted(network, batch, how, protocol ? ", mean of 10" : "");
  }

  @Override
  public String peer() {
    return "PyTorch, cuDNN";
  }

  @Override
  public Row run(Settings settings) {
    Device device =
        Device.all().stream()
            .filter(Device::isGpu)
            .filter(each -> !each.platform().equals("Oclgrind"))
            .findFirst()
            .orElseThrow(() -> new Unavailable("not run: no GPU"));
    if (Engine.getEngine("PyTorch").getGpuCount() == 0) {
      throw new Unavailable("not run: PyTorch has no CUDA, see README.md");
    }
    boolean plain = "0".equals(System.getenv("NVIDIA_TF32_OVERRIDE"));
    if (plain != (precision == Precision.SINGLE)) {
      throw new Unavailable(
          plain ? "not run: NVIDIA_TF32_OVERRIDE is 0" : "not run: needs NVIDIA_TF32_OVERRIDE=0");
    }
    Network described = NetworkFile.find(network);
    Chw image = described.inputs().values().iterator().next();
    float[] input = NetworkCase.noise(Math.toIntExact(image.volume() * batch));
    try (Safetensors weights = Safetensors.open(new Models(settings.models()).weights(described));
        LaminaContender lamina =
            new LaminaContender(device, described, weights, batch, input, precision);
        Contender other = TorchContender.onGpu(described, weights, settings.threads(), input)) {
      lamina.run();
      other.run();
      double most = precision == Precision.SINGLE ? TOLERANCE : TF32_TOLERANCE;
      double difference = NetworkCase.compare(lamina.result(), other.result(), most);
      String note = String.format(Locale.ROOT, "results differ by %.1e", difference);
      return row(protocol ? mean(lamina, other) : turns(settings, lamina, other), note);
    }
  }

  private static Row.Result turns(Settings settings, Contender lamina, Contender other) {
    List<Turns.Times> times =
        Turns.take(settings.seconds(), List.of(Turns.clock(lamina::run), Turns.clock(other::run)));
    return result(times.get(0), times.get(1));
  }

  private static Row.Result mean(Contender lamina, Contender other) {
    return result(mean(lamina), mean(other));
  }

  /** Returns the mean of ten runs; the one that compared the results was the dry one. */
  private static Turns.Times mean(Contender side) {
    long start = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      side.run();
    }
    return new Turns.Times(new double[] {(System.nanoTime() - start) / (double) RUNS});
  }

  private static Row.Result result(Turns.Times ours, Turns.Times theirs) {
    return new Row.Result(
        ours.median() / theirs.median(),
        NetworkCase.milliseconds(ours.median()),
        NetworkCase.milliseconds(theirs.median()),
        ours.spread(),
        theirs.spread(),
        ours.nanos().length);
  }
}
