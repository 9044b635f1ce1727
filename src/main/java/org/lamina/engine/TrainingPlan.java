package org.lamina.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.layer.Launch;
import org.lamina.layer.View;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/**
 * A network ready to be trained on one device: what turns images and labels into losses and the
 * gradients of all parameters. What is done with the gradients is up to the caller.
 *
 * <pre>{@code
 * TrainingOptions options = TrainingOptions.of(network, 64);
 * try (TrainingPlan plan = TrainingPlan.of(network, session, options, weights)) {
 *   plan.input().put(pixels);
 *   plan.labels().put(classes);
 *   StepResult result = plan.forwardBackward(64, StepKey.of(seed, epoch, 0, 64));
 *   // change plan.parameterMemory() by plan.gradientMemory(), both laid out as plan.trained() says
 *   plan.parametersChanged();
 * }
 * }</pre>
 *
 * <p>The same weights, images and key give the same bits on the same device. Running allocates no
 * memory. A plan is used by one thread at a time, like its session.
 */
// Longer than 300 lines because half of them say what the methods of a public class do.
public final class TrainingPlan implements AutoCloseable {

  private final TrainingSchedule schedule;
  private final Session session;
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final ParameterMemory parameters;
  private final Packings packings;
  private final LossMemory losses;
  private final TrainingBinding binding;
  private final List<List<Launch>> launches;
  private final Map<String, FloatBuffer> inputs = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> outputs = new LinkedHashMap<>();
  private boolean open = true;

  private TrainingPlan(
      TrainingSchedule schedule, Session session, Function<String, Tensor> weights) {
    this.schedule = schedule;
    this.session = session;
    try {
      parameters = new ParameterMemory(schedule, session, buffers);
      parameters.load(weights);
      packings = new Packings(session, parameters, buffers);
      losses = new LossMemory(schedule, session, buffers);
      binding = new TrainingBinding(schedule, session, parameters, packings, losses, buffers);
      launches = binding.launches();
      schedule.trainingInputs().forEach((name, value) -> inputs.put(name, host(value)));
      schedule.outputs().forEach((name, value) -> outputs.put(name, host(value)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private FloatBuffer host(Value value) {
    int floats = Math.toIntExact(value.shape().volume() * schedule.options().batch());
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /**
   * Carries out a schedule.
   *
   * @param weights gives every parameter and running statistic by its name; asked once for each
   * @throws InsufficientMemoryException if the schedule needs more memory than the device has
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static TrainingPlan of(
      TrainingSchedule schedule, Session session, Function<String, Tensor> weights) {
    schedule.requireFits(session.device(), 0);
    return new TrainingPlan(schedule, session, weights);
  }

  /**
   * Schedules the training of a network for the session's device and carries that out.
   *
   * @param weights gives every parameter and running statistic by its name
   * @throws IllegalArgumentException if the options do not fit the network
   * @throws UnsupportedOperationException if a layer cannot be trained
   * @throws InsufficientMemoryException if the plan needs more memory than the device has
   * @throws UnsuitableDeviceException if a driver's bug would spoil the results
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static TrainingPlan of(
      Network network, Session session, TrainingOptions options, Function<String, Tensor> weights) {
    UnsuitableDeviceException.checkTraining(session.device());
    return of(
        TrainingSchedule.of(
            network, Families.of(session.device()), options, session.device().maxAllocation()),
        session,
        weights);
  }

  /** Returns the schedule. */
  public TrainingSchedule schedule() {
    return schedule;
  }

  /**
   * Returns the host memory of a network input, [batch, C, H, W], positioned at 0; the next step or
   * evaluation takes it from there.
   *
   * @throws IllegalArgumentException if the network has no such input
   */
  public FloatBuffer input(String name) {
    return find("input", name, inputs).duplicate().clear();
  }

  /**
   * Returns the host memory of the only input.
   *
   * @throws IllegalStateException if the network has several inputs
   */
  public FloatBuffer input() {
    if (inputs.size() != 1) {
      throw new IllegalStateException("name one of the inputs " + inputs.keySet());
    }
    return input(inputs.keySet().iterator().next());
  }

  /** Returns the host memory of the images' classes, counted from 0. */
  public IntBuffer labels() {
    return losses.labels();
  }

  /**
   * Returns the host memory of what a layer's result is compared with, [batch, C, H, W].
   *
   * @throws IllegalArgumentException if no loss compares that layer by mean squares
   */
  public FloatBuffer targets(String layer) {
    return losses.targets(layer);
  }

  /**
   * Returns a result of the last evaluation, [batch, C, H, W]: of the network's outputs and of the
   * layers that have losses.
   *
   * @throws IllegalArgumentException if there is no such result
   */
  public FloatBuffer output(String name) {
    return find("output", name, outputs).asReadOnlyBuffer().clear();
  }

  /** Works out the losses of a batch and overwrites all gradients with those of the mean loss. */
  public StepResult forwardBackward(int images, StepKey key) {
    return forwardBackward(images, key, images, false);
  }

  /**
   * Works out the losses of some images and their share of the gradients.
   *
   * @param images how many, at most the batch of the options
   * @param key what random numbers depend on
   * @param total the images whose mean loss is meant: those of this call and of all others that the
   *     gradients are to hold
   * @param accumulate whether gradients are added to those of calls before, or overwritten
   * @return the losses of these images alone
   * @throws IllegalArgumentException if a number does not fit, or a label is no class
   * @throws IllegalStateException if the plan is closed
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public StepResult forwardBackward(int images, StepKey key, int total, boolean accumulate) {
    begin(images, schedule.trainingInputs());
    int[] samples = key.samples();
    if (samples.length < images) {
      throw new IllegalArgumentException(
          "the key names %d samples for %d images".formatted(samples.length, images));
    }
    binding.samples().write(0, bits(samples, images));
    losses.setTotal(total);
    for (int i = 0; i < schedule.stepEnd(); i++) {
      for (Launch launch : launches.get(i)) {
        prepare(launch, key, accumulate);
        launch.enqueue(images);
      }
    }
    return losses.result(images);
  }

  /**
   * Repeats a step, waiting after each of its tasks, until a value is NaN or infinite: for saying
   * where a loss went wrong. Inputs, labels and parameters must be those of the step; running
   * statistics stay as they are, gradients do not.
   *
   * @return which layer's result or gradient is not finite first, and where; empty if all is finite
   * @throws IllegalArgumentException if a number does not fit, or a label is no class
   * @throws IllegalStateException if the plan is closed
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public Optional<String> diagnose(int images, StepKey key) {
    begin(images, schedule.trainingInputs());
    binding.samples().write(0, bits(key.samples(), images));
    losses.setTotal(images);
    Diagnosis diagnosis = new Diagnosis(schedule, binding, parameters);
    Optional<String> found = diagnosis.before(images);
    float[] statistics = parameters.statistics().read();
    for (int i = 0; i < schedule.stepEnd() && found.isEmpty(); i++) {
      for (Launch launch : launches.get(i)) {
        prepare(launch, key, false);
        launch.enqueue(images);
      }
      found = diagnosis.after(schedule.tasks().get(i), images);
    }
    parameters.statistics().write(statistics);
    return found.isPresent() ? found : diagnosis.gradients();
  }

  private static FloatBuffer bits(int[] values, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asIntBuffer().put(values, 0, count);
    return bytes.asFloatBuffer();
  }

  private static void prepare(Launch launch, StepKey key, boolean accumulate) {
    if (launch.kernel().hasArgument("accumulate")) {
      launch.kernel().set("accumulate", accumulate ? 1 : 0);
    }
    if (launch.kernel().hasArgument("epoch")) {
      launch.kernel().set("seed", key.seed()).set("epoch", key.epoch());
    }
  }

  /**
   * Runs the network as it is used, without dropout and with running statistics: gives its outputs
   * and, by the labels or targets, its losses.
   *
   * @throws IllegalArgumentException if {@code images} does not fit, or a label is no class
   * @throws IllegalStateException if the plan is closed
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public StepResult evaluate(int images) {
    begin(images, schedule.evaluationInputs());
    for (int i = schedule.stepEnd(); i < launches.size(); i++) {
      launches.get(i).forEach(launch -> launch.enqueue(images));
    }
    schedule
        .outputs()
        .forEach(
            (name, value) -> {
              View view = binding.view(value);
              int floats = Math.toIntExact(images * value.shape().volume());
              view.buffer()
                  .read(view.offset(), outputs.get(name).duplicate().clear().limit(floats));
            });
    return losses.result(images);
  }

  private void begin(int images, Map<String, Value> values) {
    requireOpen();
    int batch = schedule.options().batch();
    if (images < 1 || images > batch) {
      throw new IllegalArgumentException(
          "a step takes 1 to %d images, but was given %d".formatted(batch, images));
    }
    packings.refresh();
    losses.upload(images);
    values.forEach(
        (name, value) -> {
          View view = binding.view(value);
          int floats = Math.toIntExact(images * value.shape().volume());
          view.buffer().write(view.offset(), input(name).limit(floats));
        });
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the plan is closed");
    }
  }

  /** Returns where every trained parameter lies in the memory of parameters and of gradients. */
  public ParameterTable trained() {
    return schedule.trained();
  }

  /** Returns the trained parameters, laid out as {@link #trained} says. */
  public DeviceBuffer parameterMemory() {
    return parameters.trained();
  }

  /** Returns the gradients of the mean loss, laid out as {@link #trained} says. */
  public DeviceBuffer gradientMemory() {
    return parameters.gradients();
  }

  /** Returns the running statistics, laid out as {@link TrainingSchedule#statistics} says. */
  public DeviceBuffer statisticsMemory() {
    return parameters.statistics();
  }

  /** Returns the memory of activations, gradients and workspaces. */
  List<DeviceBuffer> arenas() {
    return binding.arenas();
  }

  /** Says that the memory of parameters or statistics has been written to. */
  public void parametersChanged() {
    packings.invalidate();
  }

  /**
   * Returns a parameter or running statistic as it is now; waits for it.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor read(String name) {
    requireOpen();
    return parameters.read(name);
  }

  /**
   * Overwrites a parameter or running statistic.
   *
   * @throws IllegalArgumentException if there is none of that name, or its shape differs
   */
  public void write(String name, Tensor tensor) {
    requireOpen();
    parameters.write(name, tensor);
    packings.invalidate();
  }

  /**
   * Returns the gradient of a trained parameter; waits for it.
   *
   * @throws IllegalArgumentException if there is no trained parameter of that name
   */
  public Tensor gradient(String name) {
    requireOpen();
    return parameters.readGradient(name);
  }

  private static <T> T find(String what, String name, Map<String, T> ports) {
    T port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException(
          "the plan has no %s '%s'%s; it has %s"
              .formatted(what, name, Names.suggest(name, ports.keySet()), ports.keySet()));
    }
    return port;
  }

  /** Releases the plan's device memory; does nothing the second time. */
  @Override
  public void close() {
    if (open) {
      open = false;
      buffers.forEach(DeviceBuffer::close);
    }
  }
}
