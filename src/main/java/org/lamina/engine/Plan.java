package org.lamina.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.lamina.layer.Choices;
import org.lamina.layer.Launch;
import org.lamina.layer.View;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/**
 * A network ready to run on one device: memory allocated, weights in place, every kernel built and
 * every argument bound.
 *
 * <pre>{@code
 * try (Plan plan = Plan.of(network, session, 16, weights)) {
 *   plan.input().put(pixels);      // 16 images at most, [n, C, H, W]
 *   plan.run(n);                   // any n up to 16
 *   plan.output().get(results);    // [n, C, H, W] of the network's output
 * }
 * }</pre>
 *
 * <p>Running allocates no memory and waits only at its end. A plan is used by one thread at a time,
 * like its session.
 */
public final class Plan implements AutoCloseable {

  private final Schedule schedule;
  private final Session session;
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final List<Stage> stages;
  private final Map<String, Port> inputs = new LinkedHashMap<>();
  private final Map<String, Port> outputs = new LinkedHashMap<>();
  private Optional<Trace> trace = Optional.empty();
  private boolean open = true;

  /**
   * The launches of one operation.
   *
   * @param operation what they do
   * @param launches in order
   */
  record Stage(Operation operation, List<Launch> launches) {}

  /**
   * A tensor that the host writes or reads.
   *
   * @param buffer where it lies on the device
   * @param offset floats from the start of that buffer
   * @param image floats of one image
   * @param host a copy in host memory, for the largest batch, or that memory itself
   * @param shared whether it is that memory
   */
  private record Port(
      DeviceBuffer buffer, long offset, int image, FloatBuffer host, boolean shared) {
    FloatBuffer images(int count) {
      return host.duplicate().position(0).limit(count * image);
    }

    void send(int count) {
      if (shared) {
        buffer.toDevice();
      } else {
        buffer.write(offset, images(count));
      }
    }

    void takeBack() {
      if (shared) {
        buffer.toHost();
      }
    }
  }

  private Plan(Schedule schedule, Session session, Function<String, Tensor> weights) {
    this.schedule = schedule;
    this.session = session;
    try {
      Binding binding = new Binding(schedule, session, buffers);
      schedule.operations().inputs().forEach((name, value) -> inputs.put(name, in(binding, value)));
      stages = binding.stages(weights);
      schedule
          .operations()
          .outputs()
          .forEach((name, value) -> outputs.put(name, port(binding, value, host(value), false)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Port in(Binding binding, Value value) {
    FloatBuffer host = host(value);
    Optional<DeviceBuffer> shared = session.share(host);
    shared.ifPresent(buffer -> binding.lend(value, buffer));
    return port(binding, value, host, shared.isPresent());
  }

  private Port port(Binding binding, Value value, FloatBuffer host, boolean shared) {
    View view = binding.view(value);
    return new Port(view.buffer(), view.offset(), host.capacity() / schedule.batch(), host, shared);
  }

  private FloatBuffer host(Value value) {
    int image = Math.toIntExact(value.shape().volume());
    int bytes = Math.multiplyExact(Math.multiplyExact(image, schedule.batch()), Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /**
   * Carries out a schedule.
   *
   * @param weights gives every parameter by its name, for example {@code conv1.weight}; asked once
   *     for each
   * @throws InsufficientMemoryException if the schedule needs more memory than the device has
   * @throws UnsuitableDeviceException if a driver's bug would spoil the results
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static Plan of(Schedule schedule, Session session, Function<String, Tensor> weights) {
    InsufficientMemoryException.check(schedule, session.device());
    UnsuitableDeviceException.check(schedule.network(), session.device());
    return new Plan(schedule, session, weights);
  }

  /**
   * Schedules a network for the session's device and carries that out; only the network's outputs
   * can be read.
   *
   * @param batch the largest number of images in one run, at least 1
   * @param weights gives every parameter by its name
   * @throws InsufficientMemoryException if the plan needs more memory than the device has
   * @throws UnsuitableDeviceException if a driver's bug would spoil the results
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static Plan of(
      Network network, Session session, int batch, Function<String, Tensor> weights) {
    Schedule schedule =
        Schedule.of(
            network,
            Families.of(session.device()),
            batch,
            Set.of(),
            session.device().maxAllocation(),
            Choices.defaults().measurements(DeviceMeasurements.of(session.device())));
    return of(schedule, session, weights);
  }

  /** Returns the schedule. */
  public Schedule schedule() {
    return schedule;
  }

  /**
   * Returns the host memory of a network input, [batch, C, H, W], positioned at 0; the next run
   * takes it from there.
   *
   * @throws IllegalArgumentException if the network has no such input
   */
  public FloatBuffer input(String name) {
    return find("input", name, inputs).images(schedule.batch());
  }

  /**
   * Returns the host memory of the only input.
   *
   * @throws IllegalStateException if the network has several inputs
   */
  public FloatBuffer input() {
    return input(only("input", inputs));
  }

  /**
   * Returns the result of a layer in the last run, [batch, C, H, W], positioned at 0; what lies
   * beyond the images of that run is undefined.
   *
   * @throws IllegalArgumentException if that layer's result was not asked for
   */
  public FloatBuffer output(String name) {
    return find("output", name, outputs).images(schedule.batch()).asReadOnlyBuffer();
  }

  /**
   * Returns the result of the only output in the last run.
   *
   * @throws IllegalStateException if there are several outputs
   */
  public FloatBuffer output() {
    return output(only("output", outputs));
  }

  /**
   * Runs the network on the first {@code images} images of the inputs and waits for the results.
   *
   * @throws IllegalArgumentException if {@code images} is not between 1 and the schedule's batch
   * @throws IllegalStateException if the plan is closed
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public void run(int images) {
    requireRunnable(images);
    long start = System.nanoTime();
    for (Port port : inputs.values()) {
      port.send(images);
    }
    long written = System.nanoTime();
    for (Stage stage : stages) {
      for (Launch launch : stage.launches()) {
        launch.enqueue(images);
      }
    }
    inputs.values().forEach(Port::takeBack); // in order: done when the outputs have been read
    long enqueued = System.nanoTime();
    for (Port port : outputs.values()) {
      port.buffer().read(port.offset(), port.images(images));
    }
    if (trace.isPresent()) {
      trace.get().host("write the inputs", start, written);
      trace.get().host("enqueue", written, enqueued);
      trace.get().host("wait and read the outputs", enqueued, System.nanoTime());
      trace.get().device(stages, images, written, session.takeTimings());
    }
  }

  /**
   * Makes every run from now on add to a trace what it does and when. Nobody else may take the
   * session's timings meanwhile, so a {@link Profile} is not to be made.
   *
   * @throws IllegalStateException if the session does not profile
   */
  public void record(Trace into) {
    if (!session.options().profiling()) {
      throw new IllegalStateException("the plan's session was opened without profiling");
    }
    session.takeTimings();
    trace = Optional.of(into);
  }

  /** Returns the memory of the activations that take turns, so that tests can spoil it. */
  List<DeviceBuffer> arenas() {
    return buffers.subList(0, schedule.placement().reused());
  }

  List<Stage> stages() {
    return stages;
  }

  Session session() {
    return session;
  }

  private void requireRunnable(int images) {
    if (!open) {
      throw new IllegalStateException("the plan is closed");
    }
    if (images < 1 || images > schedule.batch()) {
      throw new IllegalArgumentException(
          "a run takes 1 to %d images, but was given %d".formatted(schedule.batch(), images));
    }
  }

  private static String only(String what, Map<String, Port> ports) {
    if (ports.size() != 1) {
      throw new IllegalStateException(
          "the network has %d %ss, so name one of %s"
              .formatted(ports.size(), what, ports.keySet()));
    }
    return ports.keySet().iterator().next();
  }

  private static Port find(String what, String name, Map<String, Port> ports) {
    Port port = ports.get(name);
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
