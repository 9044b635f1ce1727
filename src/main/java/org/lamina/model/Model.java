package org.lamina.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.lamina.engine.DeviceMeasurements;
import org.lamina.engine.Families;
import org.lamina.engine.Plan;
import org.lamina.engine.Profile;
import org.lamina.engine.Schedule;
import org.lamina.engine.Trace;
import org.lamina.formats.TensorFiles;
import org.lamina.layer.Choices;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;

/**
 * A network with weights on a device, ready to run on tensors.
 *
 * <pre>{@code
 * try (Model model = Model.open("alexnet", Path.of("alexnet.safetensors"))) {
 *   Map<String, Tensor> results = model.run(Map.of("data", pixels)); // [N, 3, 227, 227]
 * }
 * }</pre>
 *
 * <p>A model is used by one thread at a time.
 */
public final class Model implements AutoCloseable {

  private final Network network;
  private final Session session;
  private final Plan plan;

  private Model(Network network, Session session, Plan plan) {
    this.network = network;
    this.session = session;
    this.plan = plan;
  }

  /**
   * Opens a network on the best device, one image at a time.
   *
   * @param network the name of a shipped network or the path of a network file
   * @param weights a file of any known format, see {@link TensorFiles}
   * @throws org.lamina.yaml.NetworkFileException if there is no such network, or its file is wrong
   * @throws org.lamina.weights.WeightsException if the weights cannot be read, or are not those of
   *     the network
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.opencl.ClException if there is no device, or it fails
   */
  public static Model open(String network, Path weights) {
    return open(network, weights, ModelOptions.defaults());
  }

  /**
   * Opens a network.
   *
   * @param network the name of a shipped network or the path of a network file
   * @param weights a file of any known format, see {@link TensorFiles}
   * @throws org.lamina.yaml.NetworkFileException if there is no such network, or its file is wrong
   * @throws org.lamina.weights.WeightsException if the weights cannot be read, or are not those of
   *     the network
   * @throws org.lamina.network.NetworkException if a layer that is to be kept does not exist
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.opencl.ClException if there is no device, or it fails
   */
  public static Model open(String network, Path weights, ModelOptions options) {
    Network found = NetworkFile.find(network);
    try (TensorFile file = TensorFiles.open(weights, found)) {
      return open(found, file, options);
    }
  }

  /**
   * Opens a network with weights from anywhere; the source is not used after this.
   *
   * @throws org.lamina.weights.WeightsException if the weights are not those of the network
   * @throws org.lamina.network.NetworkException if a layer that is to be kept does not exist
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.opencl.ClException if there is no device, or it fails
   */
  public static Model open(Network network, WeightSource weights, ModelOptions options) {
    Weights.check(network, weights);
    options.keep().forEach(network::node);
    Device device = options.device().orElseGet(Device::best);
    Session session = Session.open(device, options.session());
    try {
      Schedule schedule =
          Schedule.of(
              network,
              Families.of(device),
              options.batch(),
              options.keep(),
              device.maxAllocation(),
              choices(options, device));
      WeightReader reader = new WeightReader(weights);
      Plan plan = Plan.of(schedule, session, reader);
      reader.collect();
      return new Model(network, session, plan);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /** Returns what the options choose, with what is known about the device if they know nothing. */
  private static Choices choices(ModelOptions options, Device device) {
    Choices choices = options.choices();
    return choices.measurements().isPresent()
        ? choices
        : choices.measurements(DeviceMeasurements.of(device));
  }

  /** Returns the network. */
  public Network network() {
    return network;
  }

  /** Returns the device it runs on. */
  public Device device() {
    return session.device();
  }

  /** Returns what was decided about memory and kernels. */
  public Schedule schedule() {
    return plan.schedule();
  }

  /**
   * Runs the network on any number of images.
   *
   * @param inputs a tensor for every input of the network, by name: [N, C, H, W], the same N ≥ 1
   *     for all, or [C, H, W] for one image
   * @return the results of the network's outputs and of the layers that were to be kept, by name,
   *     in the order of the network: [N, C, H, W]
   * @throws InputException if the tensors do not fit the inputs; names all that do not
   * @throws IllegalStateException if the model is closed
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    int images = Inputs.images(network, inputs);
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (String name : resultNames()) {
      Chw shape = network.shape(name);
      Inputs.requireArray(name, shape, images);
      results.put(name, Tensor.zeros(shape.batch(images)));
    }
    int batch = schedule().batch();
    for (int done = 0; done < images; done += batch) {
      int count = Math.min(batch, images - done);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        int volume = volume(input.getKey());
        plan.input(input.getKey()).put(input.getValue().values(), done * volume, count * volume);
      }
      plan.run(count);
      for (Map.Entry<String, Tensor> result : results.entrySet()) {
        int volume = volume(result.getKey());
        plan.output(result.getKey()).get(result.getValue().values(), done * volume, count * volume);
      }
    }
    return results;
  }

  /**
   * Takes the times of runs on whatever the inputs hold. The session must have been opened with
   * profiling.
   *
   * @param images the images of each run, at most the batch
   * @param warmUps runs that are not counted
   * @param runs runs that are counted, at least 1
   * @throws IllegalStateException if the session does not profile
   */
  public Profile profile(int images, int warmUps, int runs) {
    return Profile.of(plan, images, warmUps, runs);
  }

  /**
   * Makes every run from now on add to a trace what it does and when; the session must have been
   * opened with profiling. No times can be taken meanwhile.
   *
   * @throws IllegalStateException if the session does not profile
   */
  public void record(Trace trace) {
    plan.record(trace);
  }

  /**
   * Runs the network on whatever the inputs hold.
   *
   * @param images at most the batch
   */
  public void repeat(int images) {
    plan.run(images);
  }

  private Iterable<String> resultNames() {
    Set<String> read = schedule().outputs().keySet();
    return network.nodes().stream().map(node -> node.name()).filter(read::contains).toList();
  }

  private int volume(String name) {
    return (int) network.shape(name).volume();
  }

  /** Releases the device; does nothing the second time. */
  @Override
  public void close() {
    plan.close();
    session.close();
  }
}
