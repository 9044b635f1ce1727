package org.lamina.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.lamina.engine.Families;
import org.lamina.engine.Schedule;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.opencl.ClException;
import org.lamina.opencl.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamina summary}: the layers of a network, and the memory it takes. */
@Command(
    name = "summary",
    description = {
      "Show the layers of a network: shapes, parameters, operations, and the memory it takes.",
      "Works without a device."
    })
final class SummaryCommand implements Callable<Integer> {

  /** The kernels that memory is planned for where there is no device: those of an AVX2 CPU. */
  private static final Family WITHOUT_DEVICE = Family.cpu(8);

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;
  @Mixin private BatchOption batch;
  @Mixin private DeviceOption device;

  @Option(names = "--wide", description = "Show all columns, however narrow the terminal is.")
  private boolean wide;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Network described = device.lookingAround(() -> network.find());
    Optional<Device> target = target();
    Schedule schedule =
        Schedule.of(
            described,
            target.map(Families::of).orElse(WITHOUT_DEVICE),
            batch.orElse(1),
            Set.of(),
            target.map(Device::maxAllocation).orElse(Long.MAX_VALUE));
    PrintWriter out = spec.commandLine().getOut();
    SummaryReport report = new SummaryReport(schedule, target);
    if (json) {
      Json.print(out, report.json());
    } else {
      int width = wide ? Integer.MAX_VALUE : Terminal.width().orElse(Integer.MAX_VALUE);
      report.print(out, spec.commandLine().getColorScheme().ansi(), width);
    }
    return ExitCode.OK;
  }

  /** A summary needs no device, so its absence is an error only if the user named one. */
  private Optional<Device> target() {
    try {
      return Optional.of(device.device());
    } catch (ClException e) {
      if (device.given()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
