package org.lamina.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Choices;
import org.lamina.layer.Family;
import org.lamina.layer.GradientSite;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Layout;
import org.lamina.layer.Phase;
import org.lamina.layer.Site;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** The way forward as tasks: in training, or with the weights of training in between. */
final class ForwardPass {

  private final Network network;
  private final Family family;
  private final int batch;
  private final Phase phase;
  private final Set<String> frozen;
  private final List<Task> tasks;
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Value> copies = new HashMap<>();
  private final Map<String, LayerProgram> programs = new HashMap<>();
  private final Map<String, Storage> states = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  /**
   * Adds the tasks that make some results.
   *
   * @param frozen names of layers, or of parameters and statistics, that stay as they are
   * @param wanted names of layers whose results are needed; what they do not depend on is left out
   * @param tasks receives the tasks
   */
  ForwardPass(
      Network network,
      Family family,
      int batch,
      Phase phase,
      Set<String> frozen,
      Set<String> wanted,
      List<Task> tasks,
      Optional<ForwardPass> sharing) {
    this.network = network;
    this.family = family;
    this.batch = batch;
    this.phase = phase;
    this.frozen = frozen;
    this.tasks = tasks;
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              Value value = new Value(name, shape, 1, true);
              values.put(name, value);
              inputs.put(name, value);
            });
    Set<String> needed = ancestors(wanted);
    for (Step step : Fusion.steps(network, unfused(wanted))) {
      if (needed.contains(step.output())) {
        steps.add(step);
        add(step, sharing);
      }
    }
  }

  private Set<String> ancestors(Set<String> wanted) {
    Set<String> needed = new HashSet<>(wanted);
    List<Node> nodes = network.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        needed.addAll(nodes.get(i).from());
      }
    }
    return needed;
  }

  /** Returns the layers that must not disappear in another: wanted ones and those read back. */
  private Set<String> unfused(Set<String> wanted) {
    Set<String> kept = new LinkedHashSet<>(wanted);
    for (Node node : network.nodes()) {
      if (readsInput(node)) {
        kept.addAll(node.from());
      }
    }
    return kept;
  }

  /** Returns whether the way back through an activation reads what came in, not what came out. */
  private boolean readsInput(Node node) {
    if (!node.signature().parameters().isEmpty() || node.from().size() != 1) {
      return false; // no activation, so never fused
    }
    try {
      GradientSite site =
          new GradientSite(family, node.signature(), batch, List.of(true), List.of());
      return node.layer().backward(site).inputs().get(0).isPresent();
    } catch (UnsupportedOperationException e) {
      return false; // it may still be where no gradient passes
    }
  }

  private void add(Step step, Optional<ForwardPass> sharing) {
    Node node = step.node();
    LayerProgram program = program(step, sharing);
    programs.put(node.name(), program);
    List<Value> read = new ArrayList<>();
    for (int k = 0; k < node.from().size(); k++) {
      read.add(inLayout(values.get(node.from().get(k)), program.inputs().get(k)));
    }
    Value output =
        new Value(step.output(), node.signature().output(), program.outputVector(), false);
    values.put(step.output(), output);
    List<Storage> storage = new ArrayList<>();
    storage.add(new Storage(program.scratch()));
    if (phase == Phase.TRAINING) {
      storage.add(states.computeIfAbsent(node.name(), name -> new Storage(program.state())));
    }
    tasks.add(
        new Task(
            step.label(),
            Optional.of(node),
            read,
            List.of(output),
            switch (program.aliasing()) {
              case NONE -> Task.Sharing.NONE;
              case IN_PLACE -> Task.Sharing.IN_PLACE;
              case SLICES -> Task.Sharing.READS_ARE_SLICES;
            },
            storage,
            program.parameters(),
            (places, task) -> places.forward(task, program, phase)));
  }

  private LayerProgram program(Step step, Optional<ForwardPass> sharing) {
    Node node = step.node();
    if (sharing.isPresent() && !node.layer().differsInTraining()) {
      LayerProgram shared = sharing.get().programs.get(node.name());
      if (shared != null && sharing.get().steps.contains(step)) {
        return shared;
      }
    }
    return node.layer().compile(site(step, phase(node)));
  }

  private Site site(Step step, Phase wanted) {
    return new Site(
        family,
        step.node().signature(),
        batch,
        step.fused().map(Node::layer),
        Choices.defaults(),
        wanted);
  }

  /** Returns the program of a layer that runs a second time in a step; empty if it is the same. */
  Optional<LayerProgram> again(Node node) {
    if (phase(node) != Phase.TRAINING || programs.get(node.name()).state() == 0) {
      return Optional.empty();
    }
    Step step = steps.stream().filter(each -> each.node().equals(node)).findFirst().orElseThrow();
    return Optional.of(node.layer().compile(site(step, Phase.REPETITION)));
  }

  /** Returns what a layer is compiled for: in training, statistics may be frozen. */
  Phase phase(Node node) {
    boolean has = node.signature().parameters().stream().anyMatch(each -> !each.learned());
    boolean cold =
        node.signature().parameters().stream()
            .filter(each -> !each.learned())
            .allMatch(each -> ParameterTable.isFrozen(node.name(), each.name(), frozen));
    return phase == Phase.TRAINING && has && cold ? Phase.FROZEN : phase;
  }

  /** Returns a value in the layout that a reader wants; a copy of it if need be. */
  Value inLayout(Value value, Layout wanted) {
    boolean fits = value.vector() == wanted.vector();
    boolean grows = !value.isDense() || wanted.halo().isNone();
    Value found = value;
    if (!fits || !grows) {
      String key = value.name() + "@" + wanted.vector();
      found = copies.get(key);
      if (found == null) {
        found = copy(value, new Value(key, value.shape(), wanted.vector(), false));
        copies.put(key, found);
      }
    }
    found.wantHalo(wanted.halo());
    return found;
  }

  /** Returns a copy of a layer's result that the host can read. */
  Value dense(String name) {
    Value value = values.get(name);
    return copy(value, new Value(name, value.shape(), 1, true));
  }

  private Value copy(Value from, Value to) {
    tasks.add(
        Task.plain(
            "copy " + from.name(),
            List.of(from),
            List.of(to),
            Task.Sharing.NONE,
            TrainingBinding::copy));
    return to;
  }

  /** Returns the values that the host writes. */
  Map<String, Value> inputs() {
    return inputs;
  }

  /** Returns the result of a layer, or an input. */
  Value value(String name) {
    return values.get(name);
  }

  /** Returns what a layer keeps for the way back. */
  Storage state(Node node) {
    return states.get(node.name());
  }

  /** Returns the steps that were added, in order. */
  List<Step> steps() {
    return steps;
  }
}
