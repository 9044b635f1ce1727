package org.lamina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.engine.Profile;
import org.lamina.engine.Roofline;
import org.lamina.engine.Trace;
import org.lamina.formats.TensorFiles;
import org.lamina.model.Model;
import org.lamina.model.ModelOptions;
import org.lamina.network.Network;
import org.lamina.opencl.CacheFolders;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.SessionOptions;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.TensorFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lamina time}: how long a network takes, layer by layer. */
@Command(
    name = "time",
    description = {
      "Time a network on a device, layer by layer.",
      "Without --weights it uses weights made from a seed, which take the same time."
    })
final class TimeCommand implements Callable<Integer> {

  private static final int WARM_UPS = 3;
  private static final int FEWEST_RUNS = 5;
  private static final int MOST_RUNS = 100;
  private static final double NANOS_TO_SPEND = 2e9;
  private static final int TRACED_RUNS = 3;

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;
  @Mixin private BatchOption batch;
  @Mixin private PrecisionOption precision;
  @Mixin private DeviceOption device;

  @Option(
      names = {"-r", "--runs"},
      paramLabel = "R",
      description = "Runs that are timed. Default: as many as fit into two seconds, 5 to 100.")
  private Optional<Integer> runs = Optional.empty();

  @Option(
      names = {"-w", "--weights"},
      paramLabel = "FILE",
      description = "The weights: safetensors, PyTorch, NumPy or another known format.")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where the weights come from if there is no file. Default: 1.")
  private long seed;

  @Option(
      names = "--roofline",
      paramLabel = "FILE",
      description = {
        "Draw the layers under what the device was measured to do, as SVG.",
        "Measures it first, in about two seconds, if that has not been done."
      })
  private Optional<Path> picture = Optional.empty();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write what happens when in three runs, for about:tracing or ui.perfetto.dev.")
  private Optional<Path> trace = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (runs.filter(count -> count < 1).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--runs must be at least 1, but is " + runs.get());
    }
    Network described = device.lookingAround(() -> network.find());
    Device target = device.device();
    Trace events = new Trace();
    long start = System.nanoTime();
    try (BuildProgress progress = device.progress(spec.commandLine().getErr());
        Model model = open(described, target, progress)) {
      events.host("open the device, load weights, build kernels", start);
      Optional<Roofline> roofline = roofline(target, progress);
      Profile profile = profile(model);
      progress.done();
      TimeReport report = new TimeReport(model, profile, origin(), roofline);
      if (picture.isPresent()) {
        Files.writeString(picture.get(), report.picture());
      }
      if (trace.isPresent()) {
        model.record(events);
        for (int i = 0; i < TRACED_RUNS; i++) {
          model.repeat(model.schedule().batch());
        }
        TraceFile.write(trace.get(), report.title(), target.name(), events);
      }
      report(report);
    }
    return ExitCode.OK;
  }

  /** Returns what the device was measured to do; measures it if a picture needs it. */
  private Optional<Roofline> roofline(Device target, BuildProgress progress) {
    MeasurementStore store = new MeasurementStore(CacheFolders.measurements());
    Optional<Roofline> stored = Roofline.stored(target, store);
    if (stored.isPresent() || picture.isEmpty()) {
      return stored;
    }
    progress.note("measuring what the device can do …");
    Roofline measured = Roofline.measure(target, SessionOptions.defaults().withOnBuild(progress));
    measured.store(target, store);
    return Optional.of(measured);
  }

  private Model open(Network described, Device target, BuildProgress progress) {
    ModelOptions options =
        precision.in(
            ModelOptions.defaults()
                .withDevice(target)
                .withBatch(batch.orElse(1))
                .withSession(SessionOptions.defaults().withProfiling(true).withOnBuild(progress)));
    if (weights.isEmpty()) {
      progress.note("making " + Units.count(described.parameters()) + " weights …");
      return Model.open(described, new SeededWeights(described, seed), options);
    }
    try (TensorFile file = TensorFiles.open(weights.get(), described)) {
      return Model.open(described, file, options);
    }
  }

  private Profile profile(Model model) {
    int images = model.schedule().batch();
    if (runs.isPresent()) {
      return model.profile(images, WARM_UPS, runs.get());
    }
    double once = model.profile(images, WARM_UPS - 1, 1).median();
    int count = (int) Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, NANOS_TO_SPEND / once));
    return model.profile(images, 0, count);
  }

  private String origin() {
    return weights.map(Path::toString).orElse("seed " + seed);
  }

  private void report(TimeReport report) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, report.json());
    } else {
      int width = Terminal.width().orElse(Integer.MAX_VALUE);
      report.print(out, spec.commandLine().getColorScheme().ansi(), width);
    }
  }
}
