package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;

/**
 * Reads networks of one foreign format.
 *
 * <p>What an importer owes, whoever wrote the files:
 *
 * <ul>
 *   <li>Everything that Lamina has no form for is found before anything else is done, and comes in
 *       one {@link FormatException}, by node and operator.
 *   <li>Whatever a file holds, only {@link FormatException} and {@link
 *       org.lamina.weights.WeightsException} leave an importer; what it allocates is bounded by the
 *       size of its files plus a few megabytes, and it takes a time proportional to that.
 *   <li>Tensors stay in their files until they are read, one by one.
 * </ul>
 */
public interface Importer {

  /** Returns what people call the format: {@code Caffe}. */
  String format();

  /**
   * Returns what to name on the command line, for messages: {@code NET.prototxt [W.caffemodel]}.
   */
  String files();

  /**
   * Returns whether these files are, all of them, of this format; goes by their names and first
   * bytes.
   *
   * @param files at least one, each a readable regular file
   */
  boolean accepts(List<Path> files);

  /**
   * Reads a network.
   *
   * @param files those that were accepted, in any order
   * @return the network with its open weights; to be closed
   * @throws FormatException if a file is wrong, or says something that Lamina has no form for
   * @throws org.lamina.weights.WeightsException if tensors are wrong, or do not fit the network
   */
  Imported read(List<Path> files, ImportOptions options);
}
