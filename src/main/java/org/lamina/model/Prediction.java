package org.lamina.model;

import java.util.Locale;

/**
 * A class that a photo may show.
 *
 * @param index the place of the class among the network's outputs, from 0
 * @param label its name; {@code class 967} if nobody gave one
 * @param probability how sure the network is, 0 to 1
 */
public record Prediction(int index, String label, double probability) {

  /** Returns {@code espresso 0.9925}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.4f", label, probability);
  }
}
