package org.lamina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.engine.DeviceMeasurements;
import org.lamina.engine.Tuner;
import org.lamina.engine.Tuner.Effort;
import org.lamina.engine.Tuning;
import org.lamina.network.Network;
import org.lamina.opencl.CacheFolders;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lamina tune}: finds out which algorithms are the fastest on this machine. */
@Command(
    name = "tune",
    description = {
      "Measure the algorithms of a network's layers on this device, with the layers' own shapes.",
      "What is found out is kept, and used whenever the network runs here with the same batch.",
      "An algorithm whose numbers are wrong is refused. Nothing else should run meanwhile."
    })
final class TuneCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;
  @Mixin private BatchOption batch;
  @Mixin private PrecisionOption precision;
  @Mixin private DeviceOption device;

  @Option(
      names = "--quick",
      description =
          "Half a minute at most: what is unlikely to be fast is passed over. The default.")
  private boolean quick;

  @Option(names = "--thorough", description = "Everything, however long it takes.")
  private boolean thorough;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Write all that is known about the device now to a file, as it can be shipped with Lamina.")
  private Optional<Path> export = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (quick && thorough) {
      throw new ParameterException(
          spec.commandLine(), "--quick and --thorough exclude each other; give one of them");
    }
    Network described = device.lookingAround(network::find);
    Device target = device.device();
    MeasurementStore store = new MeasurementStore(CacheFolders.measurements());
    Tuning before = Tuning.stored(target, store);
    Tuner.Result result;
    try (TuneProgress progress = new TuneProgress(device.quiet());
        Session session =
            Session.open(target, SessionOptions.defaults().withOnBuild(progress::building))) {
      result =
          Tuner.tune(
              described,
              session,
              batch.orElse(1),
              precision.of(described),
              DeviceMeasurements.of(target, store),
              thorough ? Effort.THOROUGH : Effort.QUICK,
              progress);
    }
    Tuning all = before.with(result.tuning());
    Optional<Path> file = result.rows().isEmpty() ? Optional.empty() : all.store(target, store);
    if (export.isPresent()) {
      Files.writeString(export.get(), all.text(target));
    }
    report(described, target, result, file);
    return ExitCode.OK;
  }

  private void report(Network described, Device target, Tuner.Result result, Optional<Path> file) {
    PrintWriter out = spec.commandLine().getOut();
    TuneReport report = new TuneReport(described.name(), target, batch.orElse(1), result, file);
    if (json) {
      Json.print(out, report.json());
    } else {
      report.print(
          out,
          spec.commandLine().getColorScheme().ansi(),
          Terminal.width().orElse(Integer.MAX_VALUE));
    }
    if (file.isEmpty() && !result.rows().isEmpty()) {
      Failures.warn(
          spec.commandLine(),
          "the measurements cannot be kept: the cache folder %s cannot be written"
              .formatted(CacheFolders.measurements().map(Path::toString).orElse("(none)")));
    }
  }
}
