package org.lamina.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a network says about one photo.
 *
 * @param image the file
 * @param predictions the most probable classes, falling; empty if the photo could not be used
 * @param problem why the photo could not be used
 */
public record Classification(Path image, List<Prediction> predictions, Optional<String> problem) {

  /** Copies the list. */
  public Classification {
    predictions = List.copyOf(predictions);
  }
}
