package org.lamina.network;

import java.util.Map;
import java.util.Optional;

/**
 * How a network is meant to be trained, as its file says it; nothing here carries it out.
 *
 * @param loss the name of the loss, if the file says one
 * @param recipe everything under {@code training}, by key; empty if there is nothing
 * @param augmentation what {@code augment} in the recipe says
 */
public record Training(Optional<String> loss, Setting.Fields recipe, Augmentation augmentation) {

  /** Nothing is said. */
  public static final Training NONE =
      new Training(
          Optional.empty(),
          new Setting.Fields(Map.of(), Setting.Written.NOWHERE),
          Augmentation.NONE);
}
