package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamina.formats.caffe.CaffeTensors;
import org.lamina.formats.onnx.OnnxImporter;
import org.lamina.formats.pytorch.Torch;
import org.lamina.formats.states.StateDicts;
import org.lamina.network.Network;
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

  private static final TensorFormat ARRAY =
      new TensorFormat(
          "NumPy array",
          List.of(".npy"),
          start -> start.length > 1 && start[0] == (byte) 0x93 && start[1] == 'N',
          NumpyFile::open);

  private static final TensorFormat TORCH =
      new TensorFormat(
          "PyTorch", List.of(".pt", ".pth", ".th", ".bin"), Torch::isLegacy, Torch::open);

  private static final TensorFormat ARCHIVE =
      new TensorFormat(
          "NumPy archive or PyTorch",
          List.of(".npz"),
          start -> start.length > 1 && start[0] == 'P' && start[1] == 'K',
          TensorFiles::archive);

  // Messages of protobuf begin alike, whatever they are: these go by their names.

  private static final TensorFormat CAFFE_MODEL =
      new TensorFormat("Caffe model", List.of(".caffemodel"), start -> false, CaffeTensors::model);

  private static final TensorFormat CAFFE_MEAN =
      new TensorFormat("Caffe mean", List.of(".binaryproto"), start -> false, CaffeTensors::mean);

  private static final TensorFormat CAFFE_STATE =
      new TensorFormat(
          "Caffe solver state", List.of(".solverstate"), start -> false, CaffeTensors::state);

  private static final TensorFormat ONNX =
      new TensorFormat("ONNX", List.of(".onnx"), start -> false, OnnxImporter::tensors);

  /** In the order in which they are asked. */
  private static final List<TensorFormat> FORMATS =
      List.of(SAFETENSORS, ARRAY, TORCH, ARCHIVE, CAFFE_MODEL, CAFFE_MEAN, CAFFE_STATE, ONNX);

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
    return format(path)
        .orElseThrow(
            () ->
                new WeightsException(
                    path
                        + ": is of no known format; files of tensors are "
                        + FORMATS.stream()
                            .map(f -> f.name() + " (" + String.join(", ", f.endings()) + ")")
                            .collect(Collectors.joining(", "))))
        .open()
        .apply(path);
  }

  /**
   * Opens a file of parameters of a network, whatever names they have in it: the network's own or
   * those of other software, as far as they are known.
   *
   * @throws WeightsException as {@link #open(Path)}
   * @throws FormatException if the names can be understood in several ways
   */
  public static TensorFile open(Path path, Network network) {
    TensorFile file = open(path);
    try {
      return StateDicts.fit(network, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Returns whether a file is of a format that holds tensors and says nothing of a network.
   *
   * @throws WeightsException if it cannot be read
   */
  public static boolean holdsParametersAlone(Path path) {
    return format(path).filter(List.of(SAFETENSORS, TORCH, ARCHIVE)::contains).isPresent();
  }

  private static Optional<TensorFormat> format(Path path) {
    byte[] start;
    try (InputFile file = InputFile.open(path)) {
      start = file.bytes(0, (int) Math.min(START, file.size()));
    }
    return FORMATS.stream()
        .filter(format -> format.begins().test(start))
        .findFirst()
        .or(
            () ->
                FORMATS.stream()
                    .filter(f -> f.endings().stream().anyMatch(e -> Formats.endsWith(path, e)))
                    .findFirst());
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
