package org.lamina.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.lamina.engine.Plan;
import org.lamina.engine.Profile;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.weights.SeededWeights;

/**
 * One step of a small network by itself, on the device's clock, beside what the device can do.
 *
 * @param name the word that selects it
 * @param work what is done
 * @param network a network that has the step
 * @param step how its label begins
 * @param batch images of a run
 * @param arithmetic whether it is compared with multiply-adds in registers, or with a copy
 * @param goal the share of that
 */
record OperationCase(
    String name,
    String work,
    Supplier<Network> network,
    String step,
    int batch,
    boolean arithmetic,
    Goal goal)
    implements Case {

  @Override
  public String peer() {
    return arithmetic ? "multiply-adds" : "memory copy";
  }

  @Override
  public Row run(Settings settings) {
    Network described = network.get();
    SessionOptions options = SessionOptions.defaults().withProfiling(true);
    SeededWeights weights = new SeededWeights(described, 1);
    try (Peak peak = arithmetic ? Peak.arithmetic() : Peak.memory();
        Session session = Session.open(Device.best(), options);
        Plan plan =
            Plan.of(
                described, session, batch, parameter -> weights.read(parameter).orElseThrow())) {
      plan.input().put(NetworkCase.noise(plan.input().remaining()));
      List<Turns.Times> times =
          Turns.take(
              settings.seconds(),
              List.of(() -> stage(plan, batch, step).median(), Turns.clock(peak::run)));
      return row(result(stage(plan, batch, step), times.get(0), times.get(1), peak.work()), "");
    }
  }

  private Row.Result result(
      Profile.Stage stage, Turns.Times ours, Turns.Times most, double peakWork) {
    double work = arithmetic ? 2.0 * stage.macs() : stage.bytes();
    double rate = work / ours.median();
    double peakRate = peakWork / most.median();
    String unit = arithmetic ? "%.0f GFLOP/s" : "%.1f GB/s";
    return new Row.Result(
        rate / peakRate,
        String.format(Locale.ROOT, unit, rate) + ", " + NetworkCase.milliseconds(ours.median()),
        String.format(Locale.ROOT, unit, peakRate),
        ours.spread(),
        most.spread(),
        ours.nanos().length);
  }

  /** Runs a plan once and returns the stage whose label begins so. */
  static Profile.Stage stage(Plan plan, int batch, String step) {
    return Profile.of(plan, batch, 0, 1).stages().stream()
        .filter(stage -> stage.label().startsWith(step))
        .findFirst()
        .orElseThrow(() -> new Unavailable("fused away: no step '" + step + "' is left"));
  }
}
