package org.lamina.train;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Thrown when a loss is infinite or not a number: nothing good can come of going on. */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NonFiniteLossException(long step, Optional<String> where, long checkpoint, Path folder) {
    super(
        String.format(
            Locale.ROOT,
            "%s: the loss of step %d is not a finite number%s; %s; use a smaller learning rate, warm_up or clip",
            folder,
            step,
            where.map(name -> ": the first value that is not one is in '" + name + "'").orElse(""),
            checkpoint == 0
                ? "there is no checkpoint before it"
                : "the checkpoint of step " + checkpoint + " is good"));
  }
}
