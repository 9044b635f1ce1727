package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Relu;
import org.lamina.layer.Softmax;

/** From the results of a last layer to probabilities. */
final class ScoresTest {

  private static final double[] EXPECTED = {0.25, 0.25, 0.5};

  @Test
  void theLastLayerSaysWhatItsResultsAre() {
    assertEquals(Scores.PROBABILITIES, Scores.of(new Softmax()));
    assertEquals(Scores.LOGARITHMS, Scores.of(new LogSoftmax()));
    assertEquals(Scores.RAW, Scores.of(new Relu()));
  }

  @Test
  void allKindsGiveProbabilitiesOfTheirOwnImage() {
    float log2 = (float) Math.log(2);
    check(Scores.PROBABILITIES, 9, 9, 0.25f, 0.25f, 0.5f, 9);
    check(Scores.LOGARITHMS, 9, 9, -2 * log2, -2 * log2, -log2, 9);
    check(Scores.RAW, 9, 9, 1, 1, 1 + log2, 9);
    check(Scores.RAW, 9, 9, 1000, 1000, 1000 + log2, 9);
    check(Scores.RAW, 9, 9, -1000, -1000, -1000 + log2, 9);
  }

  private static void check(Scores scores, float... values) {
    assertArrayEquals(EXPECTED, scores.probabilities(values, 2, 3), 2e-5);
  }

  @Test
  void theLargestComeFirstAndOfEqualOnesTheFirst() {
    double[] values = {0.1, 0.4, 0.1, 0.4, Double.NaN};
    assertEquals(List.of(1, 3, 0), Scores.largest(values, 3));
    assertEquals(List.of(1, 3, 0, 2, 4), Scores.largest(values, 99));
  }
}
