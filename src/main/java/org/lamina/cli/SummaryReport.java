package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamina.engine.Schedule;
import org.lamina.layer.Extent;
import org.lamina.layer.Padding;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.ReceptiveField;
import org.lamina.network.TrainingMemory;
import org.lamina.network.Window;
import org.lamina.opencl.Device;
import org.lamina.tensor.Chw;
import picocli.CommandLine.Help.Ansi;

/** What {@code lamina summary} reports. */
final class SummaryReport {

  /** The columns that a narrow terminal does without, the first that goes first. */
  static final List<String> DISPENSABLE =
      List.of("fixed", "activations", "input", "pad", "stride", "field", "kernel");

  private final Schedule schedule;
  private final Network network;
  private final Optional<Device> target;
  private final Map<String, ReceptiveField> fields;
  private final TrainingMemory training;

  /**
   * Makes a report.
   *
   * @param target the device that is planned for, if there is one
   */
  SummaryReport(Schedule schedule, Optional<Device> target) {
    this.schedule = schedule;
    this.target = target;
    network = schedule.network();
    fields = ReceptiveField.of(network);
    training = TrainingMemory.estimate(network, schedule.batch());
  }

  /** Returns the report as maps and lists. */
  Map<String, Object> json() {
    Map<String, Object> plan =
        object(
            "batch", schedule.batch(),
            "kernels", schedule.family().toString(),
            "activation_bytes", schedule.activationBytes(),
            "weight_bytes", schedule.parameterBytes(),
            "bytes", schedule.bytes());
    target.ifPresent(found -> plan.put("device", found.name()));
    Map<String, Object> inputs = new LinkedHashMap<>();
    network.inputs().forEach((name, shape) -> inputs.put(name, extents(shape)));
    return object(
        "network", network.name(),
        "parameters", network.parameters(),
        "macs", network.macs(),
        "layers", network.nodes().stream().map(this::json).toList(),
        "inputs", inputs,
        "outputs", network.outputs(),
        "fixed_parameters", TrainingMemory.fixed(network),
        "plan", plan,
        "training_estimate",
            object(
                "batch", schedule.batch(),
                "activation_bytes", training.activations(),
                "gradient_bytes", training.gradients(),
                "weight_bytes", training.weights(),
                "weight_gradient_bytes", training.weightGradients(),
                "momentum_bytes", training.momentum(),
                "bytes", training.bytes()));
  }

  private Map<String, Object> json(Node node) {
    ReceptiveField field = fields.get(node.name());
    Map<String, Object> layer =
        object(
            "name", node.name(),
            "type", node.layer().key(),
            "output", extents(node.signature().output()),
            "parameters", node.signature().learned(),
            "macs", node.signature().macs(),
            "from", node.from(),
            "inputs", node.signature().inputs().stream().map(SummaryReport::extents).toList(),
            "fixed_parameters", TrainingMemory.fixed(node),
            "activation_bytes", activationBytes(node),
            "receptive_field", object("size", field.size(), "stride", field.jump()));
    Window.of(node.layer())
        .ifPresent(
            window -> {
              Padding pad = window.pad();
              layer.put("kernel", extents(window.kernel()));
              layer.put("stride", extents(window.stride()));
              layer.put("pad", List.of(pad.top(), pad.left(), pad.bottom(), pad.right()));
              layer.put("dilation", extents(window.dilation()));
            });
    return layer;
  }

  private long activationBytes(Node node) {
    return node.signature().output().volume() * schedule.batch() * Float.BYTES;
  }

  private static List<Integer> extents(Chw shape) {
    return List.of(shape.c(), shape.h(), shape.w());
  }

  private static List<Integer> extents(Extent extent) {
    return List.of(extent.h(), extent.w());
  }

  /**
   * Prints the report.
   *
   * @param width the columns of the terminal
   */
  void print(PrintWriter out, Ansi ansi, int width) {
    String inputs =
        network.inputs().entrySet().stream()
            .map(input -> input.getKey() + " " + input.getValue())
            .collect(Collectors.joining(", "));
    out.println(Table.style(ansi, "1", network.name()) + " · input " + inputs);
    out.println();
    table().fitting(width, DISPENSABLE).print(out, ansi);
    out.println();
    out.println(memory());
    out.println(
        "training, an estimate: %s = %s activations + %s gradients + %s weights, gradients, momentum"
            .formatted(
                Units.bytes(training.bytes()),
                Units.bytes(training.activations()),
                Units.bytes(training.gradients()),
                Units.bytes(
                    training.weights() + training.weightGradients() + training.momentum())));
    out.flush();
  }

  private Table table() {
    Table table =
        new Table(
            "layer",
            "type",
            "kernel",
            "stride",
            "pad",
            "input",
            "output",
            ">field",
            ">parameters",
            ">fixed",
            ">MACs",
            ">activations");
    network.nodes().forEach(node -> table.add(cells(node).toArray(String[]::new)));
    table.total(
        Units.plural(network.nodes().size(), "layer"),
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        Units.count(network.parameters()),
        countOrNothing(TrainingMemory.fixed(network)),
        Units.count(network.macs()),
        Units.bytes(network.nodes().stream().mapToLong(this::activationBytes).sum()));
    return table;
  }

  private List<String> cells(Node node) {
    Optional<Window> window = Window.of(node.layer());
    List<Chw> inputs = node.signature().inputs();
    ReceptiveField field = fields.get(node.name());
    List<String> cells = new ArrayList<>();
    cells.add(node.name());
    cells.add(node.layer().key());
    cells.add(window.map(w -> w.kernel() + dilation(w)).orElse(""));
    cells.add(window.map(w -> sides(w.stride())).orElse(""));
    cells.add(window.map(w -> w.pad().toString()).orElse(""));
    cells.add(inputs.get(0) + (inputs.size() == 1 ? "" : " +" + (inputs.size() - 1)));
    cells.add(node.signature().output().toString());
    cells.add(both(field.size()) + " /" + both(field.jump()));
    cells.add(countOrNothing(node.signature().learned()));
    cells.add(countOrNothing(TrainingMemory.fixed(node)));
    cells.add(countOrNothing(node.signature().macs()));
    cells.add(Units.bytes(activationBytes(node)));
    return cells;
  }

  private static String dilation(Window window) {
    return window.dilation().equals(Extent.of(1)) ? "" : " by " + sides(window.dilation());
  }

  private static String sides(Extent extent) {
    return extent.h() == extent.w() ? String.valueOf(extent.h()) : extent.toString();
  }

  private static String both(List<Long> extent) {
    return extent.get(0).equals(extent.get(1))
        ? String.valueOf(extent.get(0))
        : extent.get(0) + "×" + extent.get(1);
  }

  private static String countOrNothing(long count) {
    return count == 0 ? "" : Units.count(count);
  }

  private String memory() {
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
