package org.lamina.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lamina.formats.TensorFiles;
import org.lamina.tensor.Tensor;
import org.lamina.train.Run;
import org.lamina.train.Transfer;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightSource;

/**
 * The weights that a training begins with.
 *
 * @param source gives every parameter
 * @param file to be closed when they have been read
 * @param notes what to tell about them
 */
record Beginning(WeightSource source, Optional<TensorFile> file, List<String> notes)
    implements AutoCloseable {

  private static final int MOST_NAMED = 6;

  /** Returns weights made from the run's seed, or those of a file as far as they fit. */
  static Beginning of(Run run, Optional<Path> finetune) {
    if (finetune.isEmpty()) {
      SeededWeights seeded = new SeededWeights(run.network(), run.recipe().seed());
      return new Beginning(seeded, Optional.empty(), List.of());
    }
    TensorFile file = TensorFiles.open(finetune.get());
    try {
      Transfer transfer = new Transfer(run.network(), file, run.recipe().seed());
      return new Beginning(transfer, Optional.of(file), List.of(note(transfer)));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static String note(Transfer transfer) {
    List<String> begun = transfer.begun();
    String taken = Units.plural(transfer.taken().size(), "tensor") + " taken";
    if (begun.isEmpty()) {
      return taken + ", none begins anew";
    }
    String named = String.join(", ", begun.subList(0, Math.min(MOST_NAMED, begun.size())));
    return "%s, %d begin anew: %s%s"
        .formatted(taken, begun.size(), named, begun.size() > MOST_NAMED ? ", …" : "");
  }

  /** Returns a parameter. */
  Tensor parameter(String name) {
    return source.read(name).orElseThrow();
  }

  @Override
  public void close() {
    file.ifPresent(TensorFile::close);
  }
}
