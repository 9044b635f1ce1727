package org.lamina.train;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.Augmenter;
import org.lamina.data.Pipeline;
import org.lamina.data.PixelStatistics;
import org.lamina.data.Preprocessor;
import org.lamina.data.TenCrop;
import org.lamina.data.load.Pipelines;
import org.lamina.data.load.Statistics;
import org.lamina.data.source.Dataset;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Splits;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/**
 * A training on one device: a network, its recipe, data, and maybe a folder that remembers it.
 *
 * <pre>{@code
 * Network network = NetworkFile.find("lenet");
 * try (Session session = Session.open(Device.best());
 *     Run run = Run.of(network, "mnist", new Run.Options(2), session.device());
 *     RunFolder folder = run.begin(Path.of("runs/lenet"), "seed 1");
 *     Trainer trainer = run.trainer(session, folder, weights, TrainingListener.SILENT)) {
 *   trainer.run();
 * }
 * }</pre>
 */
public final class Run implements AutoCloseable {

  private static final int LARGEST_AUTOMATIC_BATCH = 256;
  private static final double SHARE_OF_MEMORY = 0.8;

  private final String place;
  private final Splits data;
  private final TrainingJob job;
  private final Device device;

  /**
   * What a run may be told besides its recipe.
   *
   * @param threads that decode pictures; how many does not change a bit of the result
   * @param batch samples in a step, instead of what the recipe says
   */
  public record Options(int threads, Optional<Integer> batch) {
    /** Decodes with so many threads. */
    public Options(int threads) {
      this(threads, Optional.empty());
    }
  }

  private Run(String place, Splits data, TrainingJob job, Device device) {
    this.place = place;
    this.data = data;
    this.job = job;
    this.device = device;
  }

  /**
   * Opens the data and applies the network's recipe to both. Writes nothing.
   *
   * @param place where the data is, see {@link Datasets#open}
   * @throws RecipeException if the recipe has mistakes, or does not fit the network or the data
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.data.DataException if there is no data
   */
  public static Run of(Network network, String place, Options options, Device device) {
    Recipe recipe = Recipe.of(network.training());
    Splits opened = Datasets.open(place);
    try {
      Splits splits = opened;
      if (opened.unseen().isEmpty() && recipe.evaluation().share() > 0) {
        splits = opened.holdOut(recipe.evaluation().share(), recipe.seed());
      }
      Network resolved = Pipelines.resolved(network, splits.train(), options.threads());
      return new Run(place, splits, job(resolved, recipe, splits, options, device), device);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static TrainingJob job(
      Network network, Recipe recipe, Splits splits, Options options, Device device) {
    int batch =
        options.batch().or(recipe::batch).orElseGet(() -> fitting(network, recipe, splits, device));
    LearningSetup setup = LearningSetup.of(network, recipe, device, batch);
    requireClasses(setup, splits.train());
    setup.requireFits(device);
    Optional<PixelStatistics> colors =
        Augmenter.needsColors(network)
            ? Optional.of(Statistics.of(splits.train(), network, options.threads()))
            : Optional.empty();
    Pipeline evaluation =
        recipe.evaluation().crops() == 1 ? Preprocessor.of(network) : TenCrop.of(network);
    return new TrainingJob(
        setup,
        batch,
        splits.train(),
        splits.unseen(),
        Augmenter.of(network, colors),
        evaluation,
        options.threads());
  }

  /**
   * Returns the largest power of two, at most 256 and at most a tenth of the samples, whose plan
   * takes no more than four fifths of the device's memory.
   */
  private static int fitting(Network network, Recipe recipe, Splits splits, Device device) {
    int batch = recipe.accumulate();
    for (int next = batch; next <= LARGEST_AUTOMATIC_BATCH * recipe.accumulate(); next *= 2) {
      if (next > batch && next > splits.train().size() / 10) {
        break;
      }
      LearningSetup setup =
          LearningSetup.of(
              network, recipe, device, next, recipe.recompute() == Recipe.Recompute.ON);
      if (setup.bytes() > SHARE_OF_MEMORY * device.globalMemory()) {
        break;
      }
      batch = next;
    }
    return batch;
  }

  private static void requireClasses(LearningSetup setup, Dataset data) {
    if (setup.classes() != data.classes().size()) {
      throw new RecipeException(
          List.of(
              "layer '%s' of %s tells %d classes apart, but %s has %d"
                  .formatted(
                      setup.output(),
                      setup.network().name(),
                      setup.classes(),
                      data.name(),
                      data.classes().size())));
    }
  }

  /**
   * Opens a run that is to go on: its network, and its data.
   *
   * @param place where the data is now; empty if it is where it was
   * @throws RunException if the data is not what it was
   * @throws RecipeException if the folder's network has been spoiled
   * @throws org.lamina.data.DataException if the data is gone
   */
  public static Run resume(RunFolder folder, Optional<String> place, int threads, Device device) {
    Map<String, Object> facts = folder.facts();
    Network network = NetworkFile.read(folder.network());
    String from = place.orElseGet(() -> String.valueOf(facts.get("data")));
    int batch = ((Number) facts.getOrDefault("batch", 0)).intValue();
    Run run = of(network, from, new Options(threads, Optional.of(batch)), device);
    String print = Long.toHexString(run.data.train().fingerprint());
    if (!print.equals(facts.get("fingerprint"))) {
      run.close();
      throw new RunException(
          "%s: was trained on other data than %s holds now: the names, labels or number of samples differ"
              .formatted(folder.path(), from));
    }
    return run;
  }

  /**
   * Makes the run's folder and writes what is known before the first step.
   *
   * @param weights where the first weights come from, for the record
   * @throws RunException if there is a run already, or the folder cannot be written
   */
  public RunFolder begin(Path path, String weights) {
    RunFolder folder = RunFolder.create(path);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("network", network().name());
    facts.put("data", place);
    facts.put("kind", data.kind());
    facts.put("fingerprint", Long.toHexString(data.train().fingerprint()));
    facts.put("training_samples", job.training().size());
    facts.put("validation_samples", job.validation().map(Dataset::size).orElse(0));
    facts.put("batch", job.batch());
    facts.put("steps", steps());
    facts.put("seed", recipe().seed());
    facts.put("weights", weights);
    facts.put("device", device.name());
    facts.put("driver", device.platform() + " " + device.driverVersion());
    facts.put("kernels", job.setup().schedule().family().toString());
    facts.put("lamina", version());
    facts.put("java", System.getProperty("java.runtime.version", ""));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    folder.begin(NetworkWriter.print(network()), facts, data.classes());
    return folder;
  }

  /** The version stands in the jar's manifest; classes that are not in a jar have none. */
  private static String version() {
    return Optional.ofNullable(Run.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }

  /**
   * Puts the network on a device, ready to train.
   *
   * @param weights gives every parameter by its name, where the folder has no checkpoint
   * @throws RunException if the folder's files do not fit together, or cannot be written
   */
  public Trainer trainer(
      Session session,
      RunFolder folder,
      Function<String, Tensor> weights,
      TrainingListener listener) {
    return new Trainer(job, session, folder, weights, listener);
  }

  /** Returns the network. */
  public Network network() {
    return job.setup().network();
  }

  /** Returns the recipe. */
  public Recipe recipe() {
    return job.recipe();
  }

  /** Returns the data. */
  public Splits data() {
    return data;
  }

  /** Returns what is done with the samples that are learned from. */
  public Pipeline trainingPipeline() {
    return job.trainingPipeline();
  }

  /** Returns the samples in a step. */
  public int batch() {
    return job.batch();
  }

  /** Returns the steps of the whole training. */
  public long steps() {
    return recipe().length().steps((double) job.training().size() / job.batch());
  }

  /** Returns the bytes of device memory that the training takes. */
  public long bytes() {
    return job.setup().bytes();
  }

  /** Returns whether results of layers are worked out again on the way back. */
  public boolean recomputes() {
    return job.setup().recomputes();
  }

  /** Returns the bytes of device memory that the training would take with recomputation or not. */
  public long bytes(boolean recompute) {
    return LearningSetup.of(network(), recipe(), device, job.batch(), recompute).bytes();
  }

  /** Returns the steps that one pass over the data takes, with a fraction. */
  public double stepsPerEpoch() {
    return (double) job.training().size() / job.batch();
  }

  /**
   * How fast a training is.
   *
   * @param secondsPerStep of the fastest step that was tried
   * @param secondsToEvaluate the validation set
   */
  public record Pace(double secondsPerStep, double secondsToEvaluate) {}

  /** Makes a few steps and an evaluation's share, and forgets them. */
  public Pace pace(Session session, Function<String, Tensor> weights, int steps) {
    return PaceMaker.measure(job, session, weights, steps);
  }

  TrainingJob job() {
    return job;
  }

  /** Closes the data. */
  @Override
  public void close() {
    data.close();
  }
}
