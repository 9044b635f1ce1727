package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.lamina.formats.pytorch.Torch;
import org.lamina.weights.InputFile;
import org.lamina.weights.NumpyFile;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;
import org.lamina.weights.ZipArchive;

/** Opens files of tensors of every known format, by what they hold before what they are called. */
public final class TensorFiles {

  private static final int START = 64;

  private static final TensorFormat SAFETENSORS =
      new TensorFormat(
          "safetensors",
          List.of(".safetensors"),
          start -> start.length > 8 && start[8] == '{' && start[7] == 0 && start[6] == 0,
          Safetensors::open);

  private static final List<TensorFormat> FORMATS =
      List.of(
          SAFETENSORS,
          new TensorFormat(
              "NumPy array",
              List.of(".npy"),
              start -> start.length > 1 && start[0] == (byte) 0x93 && start[1] == 'N',
              NumpyFile::open),
          new TensorFormat(
              "PyTorch", List.of(".pt", ".pth", ".th", ".bin"), Torch::isLegacy, Torch::open),
          new TensorFormat(
              "NumPy archive or PyTorch",
              List.of(".npz"),
              start -> start.length > 1 && start[0] == 'P' && start[1] == 'K',
              TensorFiles::archive));

  private TensorFiles() {}

  /** Returns the known formats. */
  public static List<TensorFormat> formats() {
    return FORMATS;
  }

  /**
   * Opens a file of tensors.
   *
   * @throws WeightsException if it is missing, of no known format, or not what its format allows
   */
  public static TensorFile open(Path path) {
    byte[] start;
    try (InputFile file = InputFile.open(path)) {
      start = file.bytes(0, (int) Math.min(START, file.size()));
    }
    for (TensorFormat format : FORMATS) {
      if (format.begins().test(start)) {
        return format.open().apply(path);
      }
    }
    for (TensorFormat format : FORMATS) {
      if (format.endings().stream().anyMatch(ending -> Formats.endsWith(path, ending))) {
        return format.open().apply(path);
      }
    }
    throw new WeightsException(
        path
            + ": is of no known format; files of tensors are "
            + FORMATS.stream()
                .map(format -> format.name() + " (" + String.join(", ", format.endings()) + ")")
                .collect(Collectors.joining(", ")));
  }

  /** Archives are written by NumPy and by PyTorch. */
  private static TensorFile archive(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (!Torch.wrote(ZipArchive.open(file))) {
        return NumpyFile.open(path);
      }
    }
    return Torch.open(path);
  }
}
