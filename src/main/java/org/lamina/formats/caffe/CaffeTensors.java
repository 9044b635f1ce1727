package org.lamina.formats.caffe;

import java.nio.file.Path;
import org.lamina.weights.TensorFile;

/** Opens Caffe's files of tensors by themselves, without a network. */
public final class CaffeTensors {

  private CaffeTensors() {}

  /**
   * Opens a .caffemodel. Tensors are called {@code <layer>.weight} and {@code <layer>.bias}, as
   * Lamina would, where the layer's type says which is which, and {@code <layer>.0} where not.
   *
   * @throws org.lamina.weights.WeightsException if it is missing, unreadable or no such file
   */
  public static TensorFile model(Path path) {
    return BlobTensors.model(path);
  }

  /**
   * Opens a .binaryproto, which holds one tensor, {@code mean}.
   *
   * @throws org.lamina.weights.WeightsException if it is missing, unreadable or no such file
   */
  public static TensorFile mean(Path path) {
    return BlobTensors.mean(path);
  }

  /**
   * Opens a .solverstate. What the optimiser remembers of each parameter is called {@code
   * history.0} and so on, in the order of the layers and of their tensors; {@link
   * TensorFile#format} says after which iteration.
   *
   * @throws org.lamina.weights.WeightsException if it is missing, unreadable or no such file
   */
  public static TensorFile state(Path path) {
    return BlobTensors.state(path);
  }
}
