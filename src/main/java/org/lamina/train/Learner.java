package org.lamina.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.load.Batch;
import org.lamina.data.load.Loader;
import org.lamina.engine.Loss;
import org.lamina.engine.ParameterTable.Segment;
import org.lamina.engine.StepKey;
import org.lamina.engine.StepResult;
import org.lamina.engine.TrainingPlan;
import org.lamina.engine.TrainingSchedule;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Weights;

/** A network that learns on a device: weights, gradients and the optimiser together. */
final class Learner implements AutoCloseable {

  private final LearningSetup setup;
  private final Session session;
  private final TrainingPlan plan;
  private final Optimization optimization;
  private int latest;

  /**
   * What a step found.
   *
   * @param loss weighted sum of all losses, averaged over the samples
   * @param right samples whose most probable class is right
   * @param isFinite whether all losses are numbers
   */
  record Found(double loss, int right, boolean isFinite) {}

  /**
   * Puts a network on a device.
   *
   * @param weights gives every parameter by its name
   * @throws org.lamina.opencl.ClException if the device fails
   */
  Learner(LearningSetup setup, Session session, Function<String, Tensor> weights) {
    this.setup = setup;
    this.session = session;
    plan = TrainingPlan.of(setup.schedule(), session, weights);
    optimization =
        new Optimization(
            session,
            setup.schedule().family(),
            setup.recipe().optimizer(),
            setup.targets(),
            plan.parameterMemory(),
            plan.gradientMemory(),
            setup.recipe().clip());
  }

  TrainingSchedule schedule() {
    return plan.schedule();
  }

  /**
   * Makes one step with a batch.
   *
   * @param rate the learning rate
   * @param number how many steps there are with this one, from 1
   * @param epoch of the first sample
   */
  Found step(Batch batch, double rate, long number, int epoch) {
    int count = batch.count();
    int[] labels = batch.labels();
    int[] samples = batch.samples();
    double loss = 0;
    int right = 0;
    boolean isFinite = true;
    for (int first = 0; first < count; first += setup.microBatch()) {
      int images = Math.min(setup.microBatch(), count - first);
      fill(batch.images(), labels, first, images);
      int[] own = new int[images];
      System.arraycopy(samples, first, own, 0, images);
      StepKey key = new StepKey(setup.recipe().seed(), epoch, own);
      StepResult result = plan.forwardBackward(images, key, count, first > 0);
      loss += result.loss() * images;
      right += result.top1();
      latest = images;
      isFinite &= result.isFinite();
      if (!isFinite) {
        break;
      }
    }
    if (isFinite) {
      optimization.step(rate, number);
      plan.parametersChanged();
    }
    return new Found(loss / count, right, isFinite);
  }

  private void fill(FloatBuffer images, int[] labels, int first, int count) {
    int volume = Math.toIntExact(setup.shape().volume());
    plan.input().put(images.slice(first * volume, count * volume));
    IntBuffer classes = plan.labels();
    for (int i = 0; i < count; i++) {
      classes.put(i, labels[first + i]);
    }
    for (Loss loss : setup.schedule().options().losses()) {
      if (loss.kind() == Loss.Kind.MEAN_SQUARES) {
        FloatBuffer targets = plan.targets(loss.layer());
        for (int i = 0; i < count; i++) {
          for (int c = 0; c < setup.classes(); c++) {
            targets.put(c == labels[first + i] ? 1 : 0);
          }
        }
      }
    }
  }

  /**
   * Runs over a data set as the network is used. Where a sample has several views, their
   * probabilities are averaged; samples that could not be read are left out.
   *
   * @param views of every sample
   */
  void evaluate(Loader loader, int views, Judge judge) {
    for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
      try (Batch batch = next.get()) {
        measure(batch, views, judge);
      }
    }
  }

  /** Does the same with one batch. */
  void measure(Batch batch, int views, Judge judge) {
    float[] all = probabilities(batch.images(), batch.count() * views);
    Judge.tell(judge, batch, views, setup.classes(), all);
  }

  private float[] probabilities(FloatBuffer images, int count) {
    int classes = setup.classes();
    float[] all = new float[count * classes];
    int[] nothing = new int[count]; // an evaluation has no use for labels
    for (int first = 0; first < count; first += setup.microBatch()) {
      int some = Math.min(setup.microBatch(), count - first);
      fill(images, nothing, first, some);
      plan.evaluate(some);
      plan.output(setup.output()).get(all, first * classes, some * classes);
      if (!setup.endsInProbabilities()) {
        softmax(all, first, some);
      }
    }
    return all;
  }

  private void softmax(float[] all, int first, int count) {
    int classes = setup.classes();
    for (int i = first; i < first + count; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, all[i * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(all[i * classes + c] - largest);
      }
      for (int c = 0; c < classes; c++) {
        all[i * classes + c] = (float) (Math.exp(all[i * classes + c] - largest) / sum);
      }
    }
  }

  /**
   * Returns where the first value is that is not a finite number, after a step that found such a
   * loss: in a parameter, or in the result of a layer.
   */
  Optional<String> firstNonFinite() {
    Map<String, Tensor> weights = weights();
    return NonFinite.tensor(weights)
        .or(
            () -> {
              int floats = Math.toIntExact(latest * setup.shape().volume());
              return NonFinite.layer(
                  setup.network(),
                  session,
                  setup.schedule().family(),
                  weights,
                  plan.input().limit(floats),
                  latest);
            });
  }

  /** Returns all parameters and running statistics as they are now, in the network's order. */
  Map<String, Tensor> weights() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : Weights.parameters(setup.network()).keySet()) {
      weights.put(name, plan.read(name));
    }
    return weights;
  }

  /** Returns what the optimiser remembers, by {@code 0.} or {@code 1.} and the parameter's name. */
  Map<String, Tensor> memories() {
    Map<String, Tensor> memories = new LinkedHashMap<>();
    List<DeviceBuffer> buffers = optimization.memories();
    for (int i = 0; i < buffers.size(); i++) {
      for (Segment segment : plan.trained().segments()) {
        FloatBuffer floats = host(segment.shape());
        buffers.get(i).read(segment.offset(), floats);
        float[] values = new float[floats.remaining()];
        floats.get(values);
        memories.put(i + "." + segment.name(), new Tensor(segment.shape(), values));
      }
    }
    return memories;
  }

  /**
   * Puts weights and memories back.
   *
   * @throws RecipeException if they are those of another network or optimiser
   */
  void restore(Map<String, Tensor> weights, Map<String, Tensor> memories) {
    require("weights", Weights.parameters(setup.network()).keySet(), weights.keySet());
    weights.forEach(plan::write);
    List<DeviceBuffer> buffers = optimization.memories();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      for (Segment segment : plan.trained().segments()) {
        names.add(i + "." + segment.name());
      }
    }
    require("the optimiser's memories", names, memories.keySet());
    for (int i = 0; i < buffers.size(); i++) {
      for (Segment segment : plan.trained().segments()) {
        FloatBuffer floats = host(segment.shape());
        floats.put(memories.get(i + "." + segment.name()).values()).flip();
        buffers.get(i).write(segment.offset(), floats);
      }
    }
  }

  private static void require(String what, Collection<String> wanted, Collection<String> found) {
    if (!found.containsAll(wanted) || found.size() != wanted.size()) {
      throw new RecipeException(
          List.of(
              "the checkpoint holds %s of another training: %d tensors where %d belong"
                  .formatted(what, found.size(), wanted.size())));
    }
  }

  private static FloatBuffer host(Shape shape) {
    return ByteBuffer.allocateDirect(Math.toIntExact(shape.volume() * Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Releases the device memory. */
  @Override
  public void close() {
    optimization.close();
    plan.close();
  }
}
