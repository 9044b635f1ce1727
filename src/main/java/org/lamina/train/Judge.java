package org.lamina.train;

import org.lamina.data.load.Batch;

/** Told what a network says about every sample of an evaluation. */
@FunctionalInterface
interface Judge {

  /**
   * Takes a sample.
   *
   * @param sample its index in the data set
   * @param label its class
   * @param probabilities of every class; read only, and only during the call
   */
  void take(int sample, int label, float[] probabilities);

  /**
   * Tells what was said about a batch. Where a sample has several views, their probabilities are
   * averaged; samples that could not be read are left out.
   *
   * @param all probabilities, [samples, views, classes]
   */
  static void tell(Judge judge, Batch batch, int views, int classes, float... all) {
    int[] labels = batch.labels();
    int[] samples = batch.samples();
    float[] mean = new float[classes];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == Batch.NONE) {
        continue;
      }
      for (int c = 0; c < classes; c++) {
        double sum = 0;
        for (int view = 0; view < views; view++) {
          sum += all[(i * views + view) * classes + c];
        }
        mean[c] = (float) (sum / views);
      }
      judge.take(samples[i], labels[i], mean);
    }
  }
}
