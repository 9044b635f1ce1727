package org.lamina.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.Pipeline;
import org.lamina.data.load.Batch;
import org.lamina.data.load.Loader;
import org.lamina.data.load.LoaderOptions;
import org.lamina.data.source.Dataset;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.train.Checkpoints.Checkpoint;
import org.lamina.train.TrainingListener.Evaluated;
import org.lamina.train.TrainingListener.StepDone;
import org.lamina.weights.WeightsException;

// Longer than 300 lines because half of them say what public methods do.
/**
 * Trains a network, from where its run's folder left off.
 *
 * <p>What a step does depends on the weights, the optimiser's memories, {@link TrainingState} and
 * the number of the step, all of which a checkpoint holds. So a run that was killed at any moment
 * ends with the same bits as one that was not.
 */
public final class Trainer implements AutoCloseable {

  private static final double SPEED_MEMORY = 0.9;

  private final TrainingJob job;
  private final RunFolder folder;
  private final TrainingListener listener;
  private final Checkpoints checkpoints;
  private final Learner learner;
  private final Optional<MetricsFile> metrics;
  private final Optional<EventFile> events;
  private final Decisions decisions;
  private final Timetable timetable;
  private TrainingState state;
  private volatile boolean stopped;
  private long lastCheckpoint;

  /** Why a training came to its end. */
  public enum End {
    /** All steps are done. */
    COMPLETE,
    /** Nothing became better any more. */
    EARLY_STOP,
    /** The plateau rule had lowered the rate as often as it may. */
    PLATEAU,
    /** The time was up. */
    TIME,
    /** Somebody asked for it; it can go on. */
    STOPPED
  }

  /**
   * Loads the newest checkpoint of the folder, or the first weights, into a device.
   *
   * @param weights gives every parameter by its name where there is no checkpoint
   * @throws RunException if the folder's files do not fit together, or cannot be written
   * @throws RecipeException if the checkpoint is one of another training
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public Trainer(
      TrainingJob job,
      Session session,
      RunFolder folder,
      Function<String, Tensor> weights,
      TrainingListener listener) {
    this.job = job;
    this.folder = folder;
    this.listener = listener;
    checkpoints = new Checkpoints(folder.checkpoints());
    timetable = new Timetable(job.recipe(), (double) job.training().size() / job.batch());
    learner = new Learner(job.setup(), session, weights);
    try {
      Optional<Checkpoint> found = checkpoints.newest(listener::warning);
      state = found.map(Checkpoint::state).orElse(TrainingState.START);
      found.ifPresent(at -> learner.restore(at.weights(), at.memories()));
      decisions = new Decisions(job.recipe(), state);
      lastCheckpoint = state.step();
      metrics = Optional.of(new MetricsFile(folder.metrics(), state.metricsBytes()));
      events = Optional.of(new EventFile(folder.tensorboard(), state.step()));
    } catch (IOException e) {
      learner.close();
      throw failed(e);
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  /** Returns how many steps are done. */
  public long step() {
    return state.step();
  }

  /** Returns how many steps the whole training has. */
  public long steps() {
    return timetable.steps();
  }

  /** Ends the training after the step that is under way; from any thread. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains to the end.
   *
   * @return why it ended
   * @throws NonFiniteLossException if a loss is no number any more; the last checkpoint is good
   * @throws RunException if the folder cannot be written any more
   * @throws org.lamina.data.DataException if a sample cannot be read and that is to end the run
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public End run() {
    LoaderOptions options =
        LoaderOptions.of(job.batch()).withThreads(job.threads()).withUnreadable(job.unreadable());
    long start = Math.multiplyExact(state.step(), (long) job.batch());
    try (Loader loader =
        Loader.training(
            job.training(), job.trainingPipeline(), options, job.recipe().seed(), start)) {
      return run(loader);
    } catch (IOException | WeightsException e) {
      throw failed(e);
    }
  }

  private End run(Loader loader) throws IOException {
    long begin = System.nanoTime();
    double before = state.seconds();
    long unreadableBefore = state.unreadable();
    double speed = 0;
    while (true) {
      Optional<End> end = end(before + (System.nanoTime() - begin) / 1e9);
      if (end.isPresent()) {
        finish(end.get());
        return end.get();
      }
      final long stepBegin = System.nanoTime();
      double rate = timetable.rate(state.step(), decisions.drops());
      Learner.Found found;
      try (Batch batch = loader.next().orElseThrow()) {
        found = learner.step(batch, rate, state.step() + 1, (int) timetable.epoch(state.step()));
      }
      double now = before + (System.nanoTime() - begin) / 1e9;
      take(found, unreadableBefore + loader.unreadableCount(), now);
      double latest = job.batch() / ((System.nanoTime() - stepBegin) / 1e9);
      speed = speed == 0 ? latest : SPEED_MEMORY * speed + (1 - SPEED_MEMORY) * latest;
      listener.step(
          new StepDone(
              state.step(),
              timetable.steps(),
              timetable.epoch(state.step()),
              found.loss(),
              (double) found.right() / job.batch(),
              rate,
              speed,
              loader.waitShare()));
      record(rate);
    }
  }

  private void take(Learner.Found found, long unreadable, double seconds) {
    if (!found.isFinite()) {
      throw new NonFiniteLossException(
          state.step() + 1, learner.firstNonFinite(), lastCheckpoint, folder.path());
    }
    state =
        state.stepped(found.loss() * job.batch(), found.right(), job.batch(), unreadable, seconds);
  }

  private Optional<End> end(double seconds) {
    if (state.step() >= timetable.steps()) {
      return Optional.of(End.COMPLETE);
    }
    if (stopped) {
      return Optional.of(End.STOPPED);
    }
    if (job.recipe().budget().filter(budget -> seconds * 1000 >= budget.toMillis()).isPresent()) {
      return Optional.of(End.TIME);
    }
    return switch (decisions.end()) {
      case EARLY_STOP -> Optional.of(End.EARLY_STOP);
      case PLATEAU -> Optional.of(End.PLATEAU);
      case NONE -> Optional.empty();
    };
  }

  /** Writes what is due after a step. */
  private void record(double rate) throws IOException {
    if (timetable.evaluates(state.step())) {
      evaluate(rate);
    } else if (timetable.writesRow(state.step())) {
      row(rate, Optional.empty());
    }
    if (timetable.checkpoints(state.step())) {
      checkpoint();
    }
  }

  private void evaluate(double rate) throws IOException {
    Scoreboard scores = new Scoreboard(job.setup().classes());
    if (job.validation().isPresent()) {
      scores = score(job.validation().get(), job.evaluationPipeline());
    }
    double loss = state.epochLossSum() / state.epochSamples();
    boolean best =
        decisions.take(
            state.step(), new Decisions.Measured(scores.accuracy(), scores.loss(), loss));
    row(rate, Optional.of(scores));
    state = state.evaluated(decisions);
    if (best) {
      RunFolder.writeWeights(folder.best(), learner.weights(), about());
    }
    listener.evaluated(new Evaluated(state.step(), timetable.epoch(state.step()), scores, best));
  }

  /** Measures a data set with the weights as they are now. */
  public Scoreboard score(Dataset dataset, Pipeline pipeline) {
    Scoreboard scores = new Scoreboard(job.setup().classes());
    int samples = Math.max(1, job.setup().microBatch() / pipeline.views());
    LoaderOptions options =
        LoaderOptions.of(samples).withThreads(job.threads()).withUnreadable(job.unreadable());
    try (Loader loader = Loader.pass(dataset, pipeline, options)) {
      learner.evaluate(loader, pipeline.views(), (sample, label, p) -> scores.add(p, 0, label));
      loader.unreadable().forEach(bad -> listener.warning(bad.sample() + ": " + bad.problem()));
    }
    return scores;
  }

  private void row(double rate, Optional<Scoreboard> scores) throws IOException {
    MetricsFile.Row row =
        new MetricsFile.Row(
            state.step(),
            timetable.epoch(state.step()),
            rate,
            state.lossSum() / state.samples(),
            (double) state.correct() / state.samples(),
            scores.map(Scoreboard::loss).orElse(Double.NaN),
            scores.map(Scoreboard::accuracy).orElse(Double.NaN),
            scores.map(Scoreboard::top5).orElse(Double.NaN));
    metrics.orElseThrow().add(row);
    events.orElseThrow().add(row);
    state = state.rowWritten();
  }

  private void checkpoint() throws IOException {
    state = state.withMetricsBytes(metrics.orElseThrow().flush());
    Map<String, Tensor> weights = learner.weights();
    Optional<String> bad = NonFinite.tensor(weights);
    if (bad.isPresent()) {
      throw new NonFiniteLossException(state.step(), bad, lastCheckpoint, folder.path());
    }
    checkpoints.write(new Checkpoint(state, weights, learner.memories()));
    lastCheckpoint = state.step();
    listener.checkpoint(folder.path(), state.step());
  }

  private void finish(End end) throws IOException {
    if (lastCheckpoint < state.step()) {
      checkpoint();
    }
    RunFolder.writeWeights(folder.last(), learner.weights(), about());
  }

  private Map<String, String> about() {
    Map<String, String> about = new LinkedHashMap<>(); // the order counts: files have equal bytes
    about.put("network", job.setup().network().name());
    about.put("step", String.valueOf(state.step()));
    return about;
  }

  private RunException failed(Exception e) {
    return new RunException(
        String.format(
            Locale.ROOT,
            "%s: cannot be written: %s; the checkpoint of step %d is whole: make room and go on with --resume %s",
            folder.path(),
            e.getMessage(),
            lastCheckpoint,
            folder.path()),
        e);
  }

  /** Returns the folder of the run. */
  public Path path() {
    return folder.path();
  }

  /** Releases the device memory and closes the files. */
  @Override
  public void close() {
    learner.close();
    try {
      metrics.orElseThrow().close();
      events.orElseThrow().close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
