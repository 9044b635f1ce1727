package org.lamina.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.train.Run;
import picocli.CommandLine;

/** What a training would take: measured with a few steps, without writing anything. */
final class DryRun {

  private static final int STEPS = 5;

  private final Run run;
  private final double secondsPerStep;
  private final double secondsToEvaluate;

  private DryRun(Run run, double secondsPerStep, double secondsToEvaluate) {
    this.run = run;
    this.secondsPerStep = secondsPerStep;
    this.secondsToEvaluate = secondsToEvaluate;
  }

  /** Makes a few steps and forgets them. */
  static DryRun of(
      Run run, Device target, Beginning weights, CommandLine command, DeviceOption device) {
    try (BuildProgress building = device.progress(command.getErr());
        Session session = Session.open(target, SessionOptions.defaults().withOnBuild(building))) {
      Run.Pace pace = run.pace(session, weights::parameter, STEPS);
      building.done();
      return new DryRun(run, pace.secondsPerStep(), pace.secondsToEvaluate());
    }
  }

  /** Prints what was found. */
  int print(CommandLine command) {
    PrintWriter out = command.getOut();
    double evaluations =
        Math.ceil(
            run.steps() / Math.max(1, run.stepsPerEpoch() * run.recipe().evaluation().every()));
    double seconds = run.steps() * secondsPerStep + evaluations * secondsToEvaluate;
    out.println(
        String.format(
            Locale.ROOT,
            "a step takes %s ms (%,.0f images/s), an evaluation %s",
            Units.milliseconds(1e9 * secondsPerStep),
            run.batch() / secondsPerStep,
            Units.duration(secondsToEvaluate)));
    out.println(
        String.format(
            Locale.ROOT,
            "the whole training would take about %s and %s of device memory; nothing was written",
            Units.duration(seconds),
            Units.bytes(run.bytes())));
    boolean other = !run.recomputes();
    out.println(
        "recompute: %s would take %s"
            .formatted(other ? "on" : "off", Units.bytes(run.bytes(other))));
    out.flush();
    return ExitCode.OK;
  }
}
