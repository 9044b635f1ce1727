package org.lamina.train;

import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.load.Batch;
import org.lamina.data.load.Loader;
import org.lamina.data.load.LoaderOptions;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** Finds out how fast a training would be. */
final class PaceMaker {

  private PaceMaker() {}

  static Run.Pace measure(
      TrainingJob job, Session session, Function<String, Tensor> weights, int steps) {
    LoaderOptions options = LoaderOptions.of(job.batch()).withThreads(job.threads());
    try (Learner learner = new Learner(job.setup(), session, weights)) {
      double fastest = Double.MAX_VALUE;
      try (Loader loader =
          Loader.training(
              job.training(), job.trainingPipeline(), options, job.recipe().seed(), 0)) {
        for (int i = 1; i <= steps; i++) {
          long begin = System.nanoTime();
          try (Batch batch = loader.next().orElseThrow()) {
            learner.step(batch, 0, i, 0);
          }
          session.finish();
          fastest = Math.min(fastest, (System.nanoTime() - begin) / 1e9);
        }
      }
      return new Run.Pace(fastest, evaluation(job, learner));
    }
  }

  /** Measures one batch of the validation set and multiplies. */
  private static double evaluation(TrainingJob job, Learner learner) {
    if (job.validation().isEmpty()) {
      return 0;
    }
    int views = job.evaluationPipeline().views();
    int samples = Math.max(1, job.setup().microBatch() / views);
    LoaderOptions options = LoaderOptions.of(samples).withThreads(job.threads());
    try (Loader loader = Loader.pass(job.validation().get(), job.evaluationPipeline(), options)) {
      long begin = System.nanoTime();
      Optional<Batch> batch = loader.next();
      batch.ifPresent(found -> learner.measure(found, views, (sample, label, p) -> {}));
      batch.ifPresent(Batch::close);
      double seconds = (System.nanoTime() - begin) / 1e9;
      return seconds * job.validation().get().size() / samples;
    }
  }
}
