package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.lamina.weights.TensorFile;

/**
 * A kind of file that holds tensors, with names or without.
 *
 * @param name what people call it: {@code safetensors}
 * @param endings of its files, lower case with the dot; asked only if no format knows a file by its
 *     first bytes
 * @param begins whether a file is of this kind, by its first 64 bytes (or all, if it has fewer);
 *     must not be true of other kinds
 * @param open opens a file of this kind; throws {@link org.lamina.weights.WeightsException}
 */
public record TensorFormat(
    String name, List<String> endings, Predicate<byte[]> begins, Function<Path, TensorFile> open) {

  /** Copies the list. */
  public TensorFormat {
    endings = List.copyOf(endings);
  }
}
