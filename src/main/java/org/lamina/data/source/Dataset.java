package org.lamina.data.source;

import java.util.List;
import java.util.Optional;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.tensor.Philox;

/** Pictures with labels, by index: always the same for the same files. Safe for several threads. */
public interface Dataset extends AutoCloseable {

  /** Returns what messages call it, such as {@code photos/train}. */
  String name();

  /** Returns the names of the classes by label, at least one. */
  List<String> classes();

  /** Returns the number of samples, at least 1. */
  int size();

  /**
   * Returns a sample's label, without decoding anything.
   *
   * @param index from 0 to {@link #size} - 1
   */
  int label(int index);

  /** Returns what messages call a sample: its file, or its number in one. */
  String sample(int index);

  /**
   * Decodes a sample.
   *
   * @throws ImageException if it is no picture, or cannot be read
   */
  Picture read(int index);

  /** Returns whether reading a sample costs so little that it need not be kept in memory. */
  default boolean isCheap() {
    return false;
  }

  /**
   * Returns a sample as the bytes of a JPEG, PNG, GIF or BMP file, where it is kept as such.
   *
   * @throws ImageException if it cannot be read
   */
  default Optional<byte[]> encoded(int index) {
    return Optional.empty();
  }

  /**
   * Returns a number that changes if classes, labels or names of samples do; what pictures show is
   * not looked at.
   */
  default long fingerprint() {
    long print = Philox.stream(String.join("\n", classes())) ^ size();
    for (int i = 0; i < size(); i++) {
      print = (print ^ Philox.stream(sample(i)) ^ label(i)) * 0x100000001B3L;
    }
    return print;
  }

  /** Closes its files; it must not be read any more. */
  @Override
  default void close() {}
}
