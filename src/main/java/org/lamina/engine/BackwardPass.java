package org.lamina.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamina.layer.Family;
import org.lamina.layer.GradientProgram;
import org.lamina.layer.GradientSite;
import org.lamina.layer.Layout;
import org.lamina.layer.Signature;
import org.lamina.network.Node;

/** The way back as tasks: from the gradients of the losses to those of the parameters. */
final class BackwardPass {

  private final ForwardPass forward;
  private final Family family;
  private final int batch;
  private final ParameterTable trained;
  private final List<Task> tasks;
  private final Map<String, List<Value>> parts = new HashMap<>();
  private final Set<String> needed = new HashSet<>();

  /**
   * Prepares the way back; {@link #add} what comes in, then {@link #finish}.
   *
   * @param trained the parameters whose gradients are wanted
   * @param tasks receives the tasks
   */
  BackwardPass(
      ForwardPass forward, Family family, int batch, ParameterTable trained, List<Task> tasks) {
    this.forward = forward;
    this.family = family;
    this.batch = batch;
    this.trained = trained;
    this.tasks = tasks;
    for (Step step : forward.steps()) {
      Node node = step.node();
      boolean learns = wanted(node).contains(true);
      if (learns || node.from().stream().anyMatch(needed::contains)) {
        needed.add(step.output());
      }
    }
  }

  /** Returns whether anybody wants to know the gradient by a value. */
  boolean needs(String name) {
    return needed.contains(name);
  }

  /** Adds a summand of the gradient by a value. */
  void add(String name, Value gradient) {
    parts.computeIfAbsent(name, key -> new ArrayList<>()).add(gradient);
  }

  /** Adds the tasks, from the last layer to the first. */
  void finish() {
    List<Step> steps = forward.steps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (needs(step.output()) && parts.containsKey(step.output())) {
        back(step);
      }
    }
  }

  private void back(Step step) {
    Value gradient = sum(step.output());
    Node node = step.node();
    if (step.fused().isPresent()) {
      Node fused = step.fused().get();
      GradientSite site = site(fused, List.of(true), List.of());
      gradient = run(fused, fused.layer().backward(site), site, gradient, step.output()).get(0);
    }
    List<Boolean> inputs = node.from().stream().map(needed::contains).toList();
    GradientSite site = site(node, inputs, wanted(node));
    GradientProgram program = node.layer().backward(site);
    List<Value> written = run(node, program, site, gradient, step.output());
    int next = 0;
    for (int k = 0; k < inputs.size(); k++) {
      if (inputs.get(k)) {
        add(node.from().get(k), written.get(next++));
      }
    }
  }

  private GradientSite site(Node node, List<Boolean> inputs, List<Boolean> parameters) {
    return new GradientSite(
        family, node.signature(), batch, inputs, parameters, forward.phase(node));
  }

  private List<Boolean> wanted(Node node) {
    return node.signature().parameters().stream()
        .map(parameter -> trained.contains(node.name() + "." + parameter.name()))
        .toList();
  }

  /** Adds up the gradients that the readers of a value have made. */
  private Value sum(String name) {
    List<Value> summands = parts.get(name);
    Value sum = summands.get(0);
    for (int i = 1; i < summands.size(); i++) {
      Value next = summands.get(i);
      Value both = new Value("gradient of " + name, sum.shape(), sum.vector(), false);
      tasks.add(
          Task.plain(
              "sum of gradients of " + name,
              List.of(sum, next),
              List.of(both),
              Task.Sharing.IN_PLACE,
              TrainingBinding::sum));
      sum = both;
    }
    return sum;
  }

  /** Adds a layer's way back; returns the gradients by those inputs that are wanted. */
  private List<Value> run(
      Node node, GradientProgram program, GradientSite site, Value gradient, String output) {
    Signature signature = node.signature();
    int[] wanted = IntStream.range(0, site.inputs().size()).filter(site.inputs()::get).toArray();
    if (program.aliasing() == GradientProgram.Aliasing.SAME) {
      return IntStream.of(wanted).mapToObj(k -> gradient).toList();
    }
    List<Value> reads = new ArrayList<>();
    reads.add(inLayout(gradient, program.gradient()));
    List<Optional<Value>> inputs = new ArrayList<>();
    for (int k = 0; k < program.inputs().size(); k++) {
      String from = node.from().get(k);
      inputs.add(
          program.inputs().get(k).map(layout -> forward.inLayout(forward.value(from), layout)));
    }
    Optional<Value> result =
        program.output().map(layout -> forward.inLayout(forward.value(output), layout));
    inputs.forEach(value -> value.ifPresent(reads::add));
    result.ifPresent(reads::add);
    List<Value> writes = new ArrayList<>();
    for (int k : wanted) {
      String from = node.from().get(k);
      writes.add(
          new Value("gradient of " + from, signature.inputs().get(k), program.vector(), false));
    }
    List<Storage> storage = new ArrayList<>();
    storage.add(new Storage(program.scratch()));
    Optional.ofNullable(forward.state(node)).ifPresent(storage::add);
    tasks.add(
        new Task(
            "gradient of " + node.name(),
            Optional.of(node),
            reads,
            writes,
            sharing(program, wanted, site),
            storage,
            program.parameters(),
            (places, task) -> places.backward(task, program, site)));
    return writes;
  }

  private static Task.Sharing sharing(GradientProgram program, int[] wanted, GradientSite site) {
    return switch (program.aliasing()) {
      case IN_PLACE ->
          wanted.length > 0 && wanted[0] == 0 ? Task.Sharing.IN_PLACE : Task.Sharing.NONE;
      case SLICES ->
          wanted.length == site.inputs().size()
              ? Task.Sharing.WRITES_ARE_SLICES
              : Task.Sharing.NONE;
      default -> Task.Sharing.NONE;
    };
  }

  private Value inLayout(Value gradient, Layout wanted) {
    if (gradient.vector() != wanted.vector()) {
      Value copy = new Value(gradient.name(), gradient.shape(), wanted.vector(), false);
      tasks.add(
          Task.plain(
              "copy " + gradient.name(),
              List.of(gradient),
              List.of(copy),
              Task.Sharing.NONE,
              TrainingBinding::copy));
      copy.wantHalo(wanted.halo());
      return copy;
    }
    gradient.wantHalo(wanted.halo());
    return gradient;
  }
}
