package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import org.lamina.network.Network;
import org.lamina.weights.WeightSource;

/** Writes networks in one foreign format. */
public interface Exporter {

  /** Returns what people call the format: {@code ONNX}. */
  String format();

  /** Returns the endings of the files that it writes, all of them: {@code .onnx}. */
  List<String> endings();

  /**
   * Writes a network with its weights. The files appear whole or not at all ({@link
   * org.lamina.weights.AtomicFile}); tensors are read and written one by one.
   *
   * @param network the network
   * @param weights its parameters; {@link org.lamina.weights.Weights#check} has passed
   * @param files where to write: one for each ending, in the order of {@link #endings}
   * @return what each tensor became, in the order it was written
   * @throws FormatException if the format has no form for something in the network; lists all of
   *     it, by layer and type, and has written nothing
   * @throws org.lamina.weights.WeightsException if the weights cannot be read or a file not written
   */
  List<Exported> write(Network network, WeightSource weights, List<Path> files);
}
