package org.lamina.engine;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.Basis;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.PackedBuffer;
import org.lamina.opencl.Timing;
import org.lamina.tensor.Chw;

/**
 * How long a plan takes, as a whole and stage by stage.
 *
 * @param images the images of each run
 * @param runs nanoseconds of each run from input to result, transfers included, on the host's clock
 * @param stages the stages in the order they run
 */
public record Profile(int images, List<Long> runs, List<Stage> stages) {

  /** Copies the lists. */
  public Profile {
    runs = List.copyOf(runs);
    stages = List.copyOf(stages);
  }

  /**
   * One stage: a layer with what is fused into it, or a change of layout between two.
   *
   * @param label its layers, for example {@code conv1 + relu1}
   * @param type the YAML key of its layer's type; {@code copy} for a change of layout
   * @param algorithm which of the layer's algorithms it is; empty where there is only one
   * @param basis why it is that one
   * @param output the shape of one image of its result
   * @param macs multiply-accumulate operations of one run
   * @param bytes what one run must at least read and write: inputs, output and weights, once each
   * @param nanos nanoseconds that the device worked on it in each run
   */
  public record Stage(
      String label,
      String type,
      String algorithm,
      Basis basis,
      Chw output,
      long macs,
      long bytes,
      List<Long> nanos) {

    /** Copies the list. */
    public Stage {
      nanos = List.copyOf(nanos);
    }

    /** Returns the shortest time in nanoseconds. */
    public long min() {
      return nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    /** Returns the median time in nanoseconds. */
    public long median() {
      return Profile.median(nanos);
    }
  }

  /**
   * Runs a plan and takes the times. The plan's session must have been opened with profiling.
   *
   * @param images the images of each run, at most the plan's batch
   * @param warmUps runs that are not counted: the first ones build kernels and wake the cores
   * @param runs runs that are counted, at least 1
   * @throws IllegalStateException if the session does not profile
   */
  public static Profile of(Plan plan, int images, int warmUps, int runs) {
    if (!plan.session().options().profiling()) {
      throw new IllegalStateException("the plan's session was opened without profiling");
    }
    if (runs < 1) {
      throw new IllegalArgumentException("there must be at least 1 run, but there are " + runs);
    }
    for (int i = 0; i < warmUps; i++) {
      plan.run(images);
    }
    plan.session().takeTimings();
    List<Long> totals = new ArrayList<>();
    List<List<Long>> nanos = new ArrayList<>();
    plan.stages().forEach(stage -> nanos.add(new ArrayList<>()));
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      plan.run(images);
      totals.add(System.nanoTime() - start);
      List<Timing> timings = plan.session().takeTimings();
      int next = 0;
      for (int i = 0; i < nanos.size(); i++) {
        int launches =
            plan.stages().get(i).launches().stream().mapToInt(l -> l.parts(images)).sum();
        nanos.get(i).add(sum(timings.subList(next, next + launches)));
        next += launches;
      }
    }
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < nanos.size(); i++) {
      stages.add(stage(plan.stages().get(i).operation(), images, nanos.get(i)));
    }
    return new Profile(images, totals, stages);
  }

  /** Returns the shortest run in nanoseconds. */
  public long min() {
    return runs.stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  /** Returns the median run in nanoseconds. */
  public long median() {
    return median(runs);
  }

  private static long sum(List<Timing> timings) {
    return timings.stream().mapToLong(Timing::durationNanos).sum();
  }

  private static Stage stage(Operation operation, int images, List<Long> nanos) {
    long floats = operation.output().shape().volume();
    for (Value input : operation.inputs()) {
      floats += input.shape().volume();
    }
    long weights =
        operation.program().stream()
            .flatMap(program -> program.parameters().stream())
            .mapToLong(PackedBuffer::floats)
            .sum();
    return new Stage(
        operation.label(),
        operation.step().map(step -> step.node().layer().key()).orElse("copy"),
        operation.program().map(LayerProgram::algorithm).orElse(""),
        operation.program().map(LayerProgram::basis).orElse(Basis.ONLY),
        operation.output().shape(),
        operation.step().map(step -> step.node().signature().macs()).orElse(0L) * images,
        (floats * images + weights) * Float.BYTES,
        nanos);
  }

  private static long median(List<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
