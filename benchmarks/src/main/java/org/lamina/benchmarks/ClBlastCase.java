package org.lamina.benchmarks;

import java.util.List;
import java.util.Locale;
import org.lamina.engine.Plan;
import org.lamina.layer.FullyConnected;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.weights.SeededWeights;

/**
 * The product of two square matrices as a fully connected layer, without what carries them in and
 * out, beside CLBlast's on the same device.
 *
 * @param name the word that selects it
 * @param size rows and columns
 * @param goal Lamina's time divided by the peer's
 */
record ClBlastCase(String name, int size, Goal goal) implements Case {

  private static final double TOLERANCE = 1e-4;

  @Override
  public String work() {
    return "product of %d×%d matrices".formatted(size, size);
  }

  @Override
  public String peer() {
    return "CLBlast";
  }

  @Override
  public Row run(Settings settings) {
    Network network =
        Network.named("gemm").input(size, 1, 1).layer("fc", FullyConnected.of(size)).build();
    SeededWeights weights = new SeededWeights(network, 1);
    float[] x = NetworkCase.noise(size * size);
    float[] w = weights.read("fc.weight").orElseThrow().values();
    SessionOptions options = SessionOptions.defaults().withProfiling(true);
    try (ClBlast blas = new ClBlast(size, x, w);
        Session session = Session.open(Device.best(), options);
        Plan plan =
            Plan.of(network, session, size, parameter -> weights.read(parameter).orElseThrow())) {
      plan.input().put(x);
      plan.run(size);
      blas.run();
      float[] product = new float[size * size];
      plan.output().get(product);
      double difference = NetworkCase.compare(product, blas.result(), TOLERANCE);
      List<Turns.Times> times =
          Turns.take(
              settings.seconds(),
              List.of(
                  () -> OperationCase.stage(plan, size, "fc").median(), Turns.clock(blas::run)));
      return row(result(times.get(0), times.get(1)), differing(difference));
    }
  }

  private static String differing(double difference) {
    return String.format(Locale.ROOT, "results differ by %.1e", difference);
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
