package org.lamina.formats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.network.Network;
import org.lamina.weights.TensorFile;

/**
 * A network that came in from another format, with its weights still in their files.
 *
 * @param format where it came from
 * @param network the network, with preprocessing and training as far as the files say; built as one
 *     would write it: layers named as in the file, inputs called {@code input} where there is one
 *     and its name says nothing
 * @param weights the parameters under the network's names ({@code <layer>.<parameter>}) in the
 *     network's shapes: exactly those that {@link org.lamina.weights.Weights#check} wants; empty if
 *     the files hold a description alone
 * @param origins where each parameter comes from, by the network's name of it
 * @param remarks what a person should know, a sentence each without a full stop: what was left out
 *     (loss layers, counters, training state), folded, or assumed
 */
public record Imported(
    String format,
    Network network,
    Optional<TensorFile> weights,
    Map<String, TensorOrigin> origins,
    List<String> remarks)
    implements AutoCloseable {

  /** Copies the collections, keeping their order. */
  public Imported {
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
    remarks = List.copyOf(remarks);
  }

  /** Closes the files. */
  @Override
  public void close() {
    weights.ifPresent(TensorFile::close);
  }
}
