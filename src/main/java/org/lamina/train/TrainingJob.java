package org.lamina.train;

import java.util.Optional;
import org.lamina.data.Pipeline;
import org.lamina.data.load.LoaderOptions;
import org.lamina.data.source.Dataset;

/**
 * What is to be trained on what.
 *
 * @param setup the network and its recipe
 * @param batch samples in a step
 * @param training the samples to learn from
 * @param validation the samples to be judged by, if there are any
 * @param trainingPipeline what is done with the first
 * @param evaluationPipeline what is done with the second
 * @param threads that decode; how many does not change a bit of the result
 */
record TrainingJob(
    LearningSetup setup,
    int batch,
    Dataset training,
    Optional<Dataset> validation,
    Pipeline trainingPipeline,
    Pipeline evaluationPipeline,
    int threads) {

  /** Returns the recipe. */
  Recipe recipe() {
    return setup.recipe();
  }

  /** Returns what happens when a sample cannot be read. */
  LoaderOptions.Unreadable unreadable() {
    return recipe().unreadable() == Recipe.Unreadable.FAIL
        ? LoaderOptions.Unreadable.FAIL
        : LoaderOptions.Unreadable.SKIP;
  }
}
