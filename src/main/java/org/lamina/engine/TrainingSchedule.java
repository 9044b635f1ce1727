package org.lamina.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Family;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Phase;
import org.lamina.layer.Softmax;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;

/**
 * Everything about training a network that can be decided without a device: the tasks of a step and
 * of an evaluation, the layout of every tensor and its place in memory.
 *
 * <p>Activations, gradients and working memory are placed together by when they are alive; an
 * evaluation takes the memory of the step that it does not run with.
 */
public final class TrainingSchedule {

  // Into how many segments the way forward may be cut; the best is found by trying.
  private static final int[] SEGMENTS = {2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 26, 32};

  private final Network network;
  private final Family family;
  private final TrainingOptions options;
  private final ParameterTable trained;
  private final ParameterTable frozen;
  private final ParameterTable statistics;
  private final List<Task> tasks = new ArrayList<>();
  private final int stepEnd;
  private final ForwardPass training;
  private final ForwardPass evaluation;
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final Placement placement;

  private TrainingSchedule(
      Network network, Family family, TrainingOptions options, long largestArena, int segments) {
    this.network = network;
    this.family = family;
    this.options = options;
    Set<String> cold = options.frozen();
    trained =
        ParameterTable.of(
            network, s -> s.parameter().learned() && !ParameterTable.isFrozen(s, cold));
    frozen =
        ParameterTable.of(
            network, s -> s.parameter().learned() && ParameterTable.isFrozen(s, cold));
    statistics = ParameterTable.of(network, s -> !s.parameter().learned());
    options.losses().forEach(loss -> LossMemory.check(network, loss));
    training = step(segments);
    stepEnd = tasks.size();
    evaluation = evaluation();
    List<Value> inputs = new ArrayList<>(training.inputs().values());
    training.inputs().values().forEach(value -> value.touch(-1));
    evaluation.inputs().values().forEach(value -> value.touch(stepEnd));
    outputs.values().forEach(value -> value.touch(tasks.size()));
    inputs.addAll(evaluation.inputs().values());
    TaskSharing.apply(tasks, inputs);
    placement =
        new Placement(
            TrainingMemory.blocks(tasks, inputs, options.batch()), largestArena / Float.BYTES);
  }

  /**
   * Makes the schedule of training a network.
   *
   * @param largestArena bytes that may be allocated at once
   * @throws org.lamina.network.NetworkException if a loss names a layer that does not exist
   * @throws IllegalArgumentException if the losses or frozen names do not fit the network
   * @throws UnsupportedOperationException if a layer cannot be trained
   */
  public static TrainingSchedule of(
      Network network, Family family, TrainingOptions options, long largestArena) {
    TrainingSchedule best = new TrainingSchedule(network, family, options, largestArena, 1);
    int steps = best.training.steps().size();
    for (int segments : options.recompute() ? SEGMENTS : new int[0]) {
      if (segments <= steps) {
        TrainingSchedule other =
            new TrainingSchedule(network, family, options, largestArena, segments);
        best = other.activationBytes() < best.activationBytes() ? other : best;
      }
    }
    return best;
  }

  /** Makes the schedule with the way forward in so many segments; 1 keeps everything. */
  static TrainingSchedule inSegments(
      Network network, Family family, TrainingOptions options, int segments) {
    return new TrainingSchedule(network, family, options, Long.MAX_VALUE, segments);
  }

  /** Returns the value that a loss compares: what goes into a softmax, else the layer's result. */
  static String compared(Network network, Loss loss) {
    Node node = network.node(loss.layer());
    boolean crossEntropy = loss.kind() == Loss.Kind.CROSS_ENTROPY;
    boolean normalises = node.layer() instanceof Softmax || node.layer() instanceof LogSoftmax;
    return crossEntropy && normalises ? node.from().get(0) : node.name();
  }

  private Set<String> compared() {
    Set<String> names = new LinkedHashSet<>();
    options.losses().forEach(loss -> names.add(compared(network, loss)));
    return names;
  }

  private ForwardPass step(int segments) {
    ForwardPass forward =
        new ForwardPass(
            network,
            family,
            options.batch(),
            Phase.TRAINING,
            options.frozen(),
            compared(),
            tasks,
            Optional.empty());
    int forwardEnd = tasks.size();
    BackwardPass backward = new BackwardPass(forward, family, options.batch(), trained, tasks);
    for (int i = 0; i < options.losses().size(); i++) {
      String name = compared(network, options.losses().get(i));
      if (!backward.needs(name)) {
        throw new IllegalArgumentException(
            "loss '%s' depends on nothing that is trained"
                .formatted(options.losses().get(i).layer()));
      }
      Value value = forward.inLayout(forward.value(name), family.layout());
      Value gradient = new Value("gradient of " + name, value.shape(), family.vector(), false);
      tasks.add(lossTask(i, value, Optional.of(gradient)));
      backward.add(name, gradient);
    }
    backward.finish();
    if (segments > 1) {
      List<Task> all = List.copyOf(tasks);
      tasks.clear();
      tasks.addAll(Recomputation.of(forward, all, forwardEnd, segments, options.batch()));
    }
    return forward;
  }

  private ForwardPass evaluation() {
    Set<String> wanted = new LinkedHashSet<>(compared());
    wanted.addAll(network.outputs());
    options.losses().forEach(loss -> wanted.add(loss.layer()));
    ForwardPass forward =
        new ForwardPass(
            network,
            family,
            options.batch(),
            Phase.EVALUATION,
            Set.of(),
            wanted,
            tasks,
            Optional.of(training));
    for (int i = 0; i < options.losses().size(); i++) {
      String name = compared(network, options.losses().get(i));
      tasks.add(
          lossTask(i, forward.inLayout(forward.value(name), family.layout()), Optional.empty()));
    }
    Set<String> read = new LinkedHashSet<>(network.outputs());
    options.losses().forEach(loss -> read.add(loss.layer()));
    read.forEach(name -> outputs.put(name, forward.dense(name)));
    return forward;
  }

  private Task lossTask(int index, Value compared, Optional<Value> gradient) {
    return Task.plain(
        "loss of " + options.losses().get(index).layer(),
        List.of(compared),
        gradient.stream().toList(),
        Task.Sharing.NONE,
        (places, task) -> places.loss(task, index));
  }

  /** Returns the network. */
  public Network network() {
    return network;
  }

  /** Returns the kernel family. */
  public Family family() {
    return family;
  }

  /** Returns the options. */
  public TrainingOptions options() {
    return options;
  }

  /** Returns where the parameters that are trained lie in their memory, and their gradients. */
  public ParameterTable trained() {
    return trained;
  }

  /** Returns where the parameters that keep their values lie in their memory. */
  public ParameterTable frozen() {
    return frozen;
  }

  /** Returns where what is not learned lies in its memory: running means and variances. */
  public ParameterTable statistics() {
    return statistics;
  }

  /** Returns the bytes of activations, their gradients, and working memory. */
  public long activationBytes() {
    return placement.arenas().stream().mapToLong(floats -> floats * Float.BYTES).sum();
  }

  /** Returns the bytes of parameters, their gradients, and of what kernels derive from them. */
  public long parameterBytes() {
    long floats = TrainingMemory.packedFloats(tasks);
    return Float.BYTES
        * (floats
            + 2 * Math.max(1, trained.floats())
            + Math.max(1, frozen.floats())
            + Math.max(1, statistics.floats()));
  }

  /** Returns all bytes of device memory that the plan takes. */
  public long bytes() {
    return activationBytes()
        + parameterBytes()
        + LossMemory.bytes(this)
        + (long) Float.BYTES * options.batch();
  }

  /**
   * Throws unless the training fits a device.
   *
   * @param more bytes that it takes besides the plan, for the optimiser
   * @throws InsufficientMemoryException if it does not
   */
  public void requireFits(Device device, long more) {
    InsufficientMemoryException.check(this, more, device);
  }

  List<Task> tasks() {
    return tasks;
  }

  /** Returns the number of tasks of a step; what follows evaluates. */
  int stepEnd() {
    return stepEnd;
  }

  Map<String, Value> trainingInputs() {
    return training.inputs();
  }

  Map<String, Value> evaluationInputs() {
    return evaluation.inputs();
  }

  Map<String, Value> outputs() {
    return outputs;
  }

  Placement placement() {
    return placement;
  }
}
