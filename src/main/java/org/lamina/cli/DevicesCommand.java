package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.engine.Families;
import org.lamina.engine.Roofline;
import org.lamina.opencl.CacheFolders;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.SelfTest;
import org.lamina.opencl.SessionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamina devices}: what there is to run on. */
@Command(
    name = "devices",
    description = {
      "List the OpenCL devices of this system, and test each with a small kernel.",
      "Returns 3 if there is none, or none that passes."
    })
final class DevicesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--measure",
      description = {
        "Measure what each device can do: arithmetic, memory, launches; about two seconds each.",
        "It is kept and 'lamina time' compares with it. Nothing else should run meanwhile."
      })
  private boolean measure;

  /** A device, what its test said, how long that took, and what it was measured to do. */
  private record Tested(
      Device device,
      SelfTest.Result result,
      long nanos,
      boolean best,
      Optional<Roofline> roofline) {}

  private Tested test(Device device) {
    long start = System.nanoTime();
    SelfTest.Result result = SelfTest.run(device);
    long nanos = System.nanoTime() - start;
    MeasurementStore store = new MeasurementStore(CacheFolders.measurements());
    if (measure && result.passed()) {
      Roofline.measure(device, SessionOptions.defaults()).store(device, store);
    }
    return new Tested(
        device, result, nanos, device.equals(Device.best()), Roofline.stored(device, store));
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    List<Object> objects = new ArrayList<>();
    boolean usable = false;
    for (Device device : Device.all()) {
      Tested tested = test(device);
      usable |= tested.result().passed();
      if (json) {
        objects.add(json(tested));
      } else {
        print(tested, out, ansi);
      }
    }
    if (json) {
      Json.print(out, objects);
    } else if (!Device.platformsWithoutDevice().isEmpty()) {
      out.println("without a device: " + String.join(", ", Device.platformsWithoutDevice()));
      out.flush();
    }
    return usable ? ExitCode.OK : ExitCode.DEVICE;
  }

  private static Map<String, Object> json(Tested tested) {
    Device device = tested.device();
    return object(
        "index", device.index(),
        "name", device.name(),
        "default", tested.best(),
        "platform", device.platform(),
        "platform_version", device.platformVersion(),
        "vendor", device.vendor(),
        "type", device.kind(),
        "compute_units", device.computeUnits(),
        "clock_mhz", device.clockMegahertz(),
        "memory", device.globalMemory(),
        "max_allocation", device.maxAllocation(),
        "local_memory", device.localMemory(),
        "max_work_group", device.maxWorkGroup(),
        "vector_width", device.nativeVectorWidth(),
        "kernels", Families.of(device).toString(),
        "opencl", device.version(),
        "driver", device.driverVersion(),
        "self_test",
            object(
                "passed", tested.result().passed(),
                "text", tested.result().text(),
                "milliseconds", tested.nanos() / 1e6),
        "measured", tested.roofline().map(DevicesCommand::json).orElse(Map.of()));
  }

  /** Returns what a device was measured to do. */
  static Map<String, Object> json(Roofline roofline) {
    return object(
        "gflops", roofline.gflops(),
        "read_gbytes_per_second", roofline.readBandwidth(),
        "copy_gbytes_per_second", roofline.copyBandwidth(),
        "launch_microseconds", roofline.launchMicros());
  }

  /** Returns what a device was measured to do, as a line. */
  static String text(Roofline roofline) {
    return "%s GFLOP/s; memory %s GB/s copied, %s GB/s read; a launch takes %s µs"
        .formatted(
            Units.significant(roofline.gflops()),
            Units.significant(roofline.copyBandwidth()),
            Units.significant(roofline.readBandwidth()),
            Units.significant(roofline.launchMicros()));
  }

  private static void print(Tested tested, PrintWriter out, Ansi ansi) {
    Device device = tested.device();
    String mark = tested.best() ? "  (default)" : "";
    out.println(Table.style(ansi, "1", device.index() + "  " + device.name()) + mark);
    facts(tested).forEach((name, fact) -> out.println("   %-11s %s".formatted(name, fact)));
    String result =
        tested.result().passed()
            ? Table.style(ansi, "32", tested.result().text())
                + ", %s ms".formatted(Units.milliseconds(tested.nanos()))
            : Table.style(ansi, "31", "FAILED") + ": " + tested.result().text();
    out.println("   %-11s %s".formatted("self-test", result));
    out.println();
    out.flush();
  }

  private static Map<String, String> facts(Tested tested) {
    Device device = tested.device();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("platform", device.platform() + ", " + device.platformVersion());
    facts.put(
        "type",
        device.kind()
            + ", "
            + Units.plural(device.computeUnits(), "compute unit")
            + (device.clockMegahertz() == 0 ? "" : ", " + device.clockMegahertz() + " MHz"));
    facts.put(
        "memory",
        "%s, at most %s in one piece; local memory %s"
            .formatted(
                Units.bytes(device.globalMemory()),
                Units.bytes(device.maxAllocation()),
                Units.bytes(device.localMemory())));
    facts.put(
        "kernels",
        "%s; the native vector is %s"
            .formatted(Families.of(device), Units.plural(device.nativeVectorWidth(), "float")));
    facts.put("driver", device.driverVersion() + "; " + device.version());
    tested.roofline().ifPresent(roofline -> facts.put("measured", text(roofline)));
    return facts;
  }
}
