package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.Npy;
import org.lamina.weights.NumpyFile;
import org.lamina.weights.Printable;
import org.lamina.weights.Safetensors;
import org.lamina.weights.WeightSource;
import org.lamina.weights.WeightsException;

/** Writes files that hold tensors alone, in the format that their name says. */
public final class TensorWriters {

  /** The endings of the files that can be written. */
  public static final List<String> ENDINGS = List.of(".safetensors", ".npz", ".npy");

  private TensorWriters() {}

  /** Returns whether a file of this name can be written. */
  public static boolean writes(Path file) {
    return ENDINGS.stream().anyMatch(ending -> Formats.endsWith(file, ending));
  }

  /**
   * Writes tensors, each as it is read. The file appears whole or not at all.
   *
   * @param file {@code .safetensors}; {@code .npz}; or {@code .npy}, for a single tensor
   * @param type how the elements are stored: F32, F16 or BF16; NumPy's files hold F32
   * @throws WeightsException if the file cannot be written, a tensor cannot be read, or the format
   *     has no form for them
   */
  public static void write(Path file, WeightSource source, ElementType type) {
    if (Formats.endsWith(file, ".safetensors")) {
      Safetensors.write(file, source, type, Map.of());
      return;
    }
    if (!writes(file)) {
      throw new WeightsException(
          file + ": tensors are written as " + String.join(", ", ENDINGS) + "; name such a file");
    }
    if (type != ElementType.F32) {
      throw new WeightsException(
          file + ": NumPy's files are written as F32 alone; " + type + " needs .safetensors");
    }
    if (Formats.endsWith(file, ".npz")) {
      NumpyFile.write(file, source);
      return;
    }
    if (source.shapes().size() != 1) {
      throw new WeightsException(
          "%s: an .npy file holds one tensor, but there are %d; write an .npz file"
              .formatted(file, source.shapes().size()));
    }
    String name = source.shapes().keySet().iterator().next();
    Tensor tensor =
        source
            .read(name)
            .orElseThrow(
                () -> new WeightsException(source.origin() + ": no " + Printable.text(name)));
    Npy.write(file, tensor);
  }
}
