package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.lamina.engine.Families;
import org.lamina.engine.Schedule;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.ClException;
import org.lamina.opencl.Device;
import org.lamina.tensor.Chw;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
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
    if (json) {
      Json.print(out, json(schedule, target));
    } else {
      print(schedule, target, out, spec.commandLine().getColorScheme().ansi());
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

  private static Map<String, Object> json(Schedule schedule, Optional<Device> target) {
    Network network = schedule.network();
    List<Object> layers = new ArrayList<>();
    for (Node node : network.nodes()) {
      layers.add(
          object(
              "name", node.name(),
              "type", node.layer().key(),
              "output", extents(node.signature().output()),
              "parameters", node.signature().learned(),
              "macs", node.signature().macs()));
    }
    Map<String, Object> plan =
        object(
            "batch", schedule.batch(),
            "kernels", schedule.family().toString(),
            "activation_bytes", schedule.activationBytes(),
            "weight_bytes", schedule.parameterBytes(),
            "bytes", schedule.bytes());
    target.ifPresent(found -> plan.put("device", found.name()));
    return object(
        "network", network.name(),
        "parameters", network.parameters(),
        "macs", network.macs(),
        "layers", layers,
        "plan", plan);
  }

  private static List<Integer> extents(Chw shape) {
    return List.of(shape.c(), shape.h(), shape.w());
  }

  private static void print(
      Schedule schedule, Optional<Device> target, PrintWriter out, Ansi ansi) {
    Network network = schedule.network();
    String inputs =
        network.inputs().entrySet().stream()
            .map(input -> input.getKey() + " " + input.getValue())
            .collect(Collectors.joining(", "));
    out.println(Table.style(ansi, "1", network.name()) + " · input " + inputs);
    out.println();
    Table table = new Table("layer", "type", "output", ">parameters", ">MACs");
    for (Node node : network.nodes()) {
      table.add(
          node.name(),
          node.layer().key(),
          node.signature().output().toString(),
          countOrNothing(node.signature().learned()),
          countOrNothing(node.signature().macs()));
    }
    table.total(
        Units.plural(network.nodes().size(), "layer"),
        "",
        "",
        Units.count(network.parameters()),
        Units.count(network.macs()));
    table.print(out, ansi);
    out.println();
    out.println(memory(schedule, target));
    out.flush();
  }

  private static String countOrNothing(long count) {
    return count == 0 ? "" : Units.count(count);
  }

  private static String memory(Schedule schedule, Optional<Device> target) {
    return "memory for batch %d: %s = %s activations + %s weights; %s kernels, %s"
        .formatted(
            schedule.batch(),
            Units.bytes(schedule.bytes()),
            Units.bytes(schedule.activationBytes()),
            Units.bytes(schedule.parameterBytes()),
            schedule.family(),
            target.map(found -> "for " + found).orElse("for there is no OpenCL device here"));
  }
}
