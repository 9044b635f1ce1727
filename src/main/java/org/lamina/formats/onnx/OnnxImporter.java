package org.lamina.formats.onnx;

import java.nio.file.Path;
import java.util.List;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Importer;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

/**
 * Reads ONNX models with operators of versions 1 to 22.
 *
 * <p>Source: the operator reference of ONNX 1.17, https://onnx.ai/onnx/operators/.
 */
public final class OnnxImporter implements Importer {

  private static final String ENDING = ".onnx";

  @Override
  public String format() {
    return "ONNX";
  }

  @Override
  public String files() {
    return "MODEL.onnx";
  }

  @Override
  public boolean accepts(List<Path> files) {
    return files.size() == 1 && Formats.endsWith(files.get(0), ENDING);
  }

  @Override
  public Imported read(List<Path> files, ImportOptions options) {
    return OnnxGraph.read(files.get(0), options).imported();
  }

  /**
   * Opens the tensors that a model stores, by its own names.
   *
   * @throws WeightsException if the file is no model, or a tensor in it is wrong
   */
  public static TensorFile tensors(Path path) {
    try {
      OnnxFile file = OnnxFile.open(path);
      try {
        return OnnxWeights.stored(file);
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (FormatException e) {
      throw new WeightsException(e.getMessage(), e);
    }
  }
}
