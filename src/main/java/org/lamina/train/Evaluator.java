package org.lamina.train;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.lamina.data.Pipeline;
import org.lamina.data.Preprocessor;
import org.lamina.data.TenCrop;
import org.lamina.data.load.Batch;
import org.lamina.data.load.Loader;
import org.lamina.data.load.LoaderOptions;
import org.lamina.data.source.Dataset;
import org.lamina.engine.Plan;
import org.lamina.network.Network;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** Measures how well a network with weights tells the classes of a data set apart. */
public final class Evaluator implements AutoCloseable {

  private final Network network;
  private final Plan plan;
  private final Pipeline pipeline;
  private final int threads;

  /**
   * What an evaluation found.
   *
   * @param scores what was counted
   * @param mistakes the worst of them
   * @param unreadable samples that could not be read, which are left out
   */
  public record Result(Scoreboard scores, Mistakes mistakes, long unreadable) {}

  /**
   * Puts a network on a device.
   *
   * @param weights gives every parameter by its name
   * @param batch images that pass through the network at once
   * @param tenCrop whether the probabilities of ten views of every picture are averaged:
   *     Krizhevsky, Sutskever and Hinton (2012), section 4.1
   * @param threads that decode
   * @throws RecipeException if the network's result is not one probability for each class
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public Evaluator(
      Network network,
      Session session,
      Function<String, Tensor> weights,
      int batch,
      boolean tenCrop,
      int threads) {
    this.network = network;
    this.threads = threads;
    pipeline = tenCrop ? TenCrop.of(network) : Preprocessor.of(network);
    plan = Plan.of(network, session, batch, weights);
  }

  /** Returns how many classes the network tells apart. */
  public int classes() {
    return Math.toIntExact(network.node(network.outputs().get(0)).signature().output().volume());
  }

  /**
   * Measures a data set.
   *
   * @param worst how many mistakes are remembered
   * @param progress told the number of samples that are done
   * @param warning told of samples that cannot be read
   */
  public Result measure(
      Dataset dataset, int worst, Consumer<Long> progress, Consumer<String> warning) {
    int views = pipeline.views();
    Scoreboard scores = new Scoreboard(classes());
    Mistakes mistakes = new Mistakes(worst);
    Judge judge =
        (sample, label, probabilities) -> {
          int said = scores.add(probabilities, 0, label);
          mistakes.add(sample, label, said, probabilities);
        };
    int samples = Math.max(1, plan.schedule().batch() / views);
    LoaderOptions options = LoaderOptions.of(samples).withThreads(threads);
    try (Loader loader = Loader.pass(dataset, pipeline, options)) {
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        try (Batch batch = next.get()) {
          float[] all = run(batch.images(), batch.count() * views);
          Judge.tell(judge, batch, views, classes(), all);
          progress.accept(batch.first() + batch.count());
        }
      }
      loader.unreadable().forEach(bad -> warning.accept(bad.sample() + ": " + bad.problem()));
      return new Result(scores, mistakes, loader.unreadableCount());
    }
  }

  private float[] run(FloatBuffer images, int count) {
    int volume = Math.toIntExact(pipeline.shape().volume());
    int classes = classes();
    float[] all = new float[count * classes];
    for (int first = 0; first < count; first += plan.schedule().batch()) {
      int some = Math.min(plan.schedule().batch(), count - first);
      plan.input().put(images.slice(first * volume, some * volume));
      plan.run(some);
      plan.output(network.outputs().get(0)).get(all, first * classes, some * classes);
    }
    return all;
  }

  /** Releases the device memory. */
  @Override
  public void close() {
    plan.close();
  }
}
