package org.lamina.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.onnx.RandomSketches.Maker;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;

/** Every operator with random extents and attributes, against what ONNX Runtime makes of it. */
final class OnnxOperatorsTest {

  private static final int[] OPSETS = {7, 9, 11, 13, 17, 19, 22};

  /** HardSwish is that old. */
  private static final int HARD_SWISH = 14;

  @TempDir private Path folder;

  @Test
  void aFewModelsOfEveryOperator() {
    check(OPSETS.length);
  }

  @Test
  @Tag("long")
  void manyModelsOfEveryOperator() {
    check(300);
  }

  private void check(int models) {
    List<String> wrong = new ArrayList<>();
    try (Session session = Session.open(Device.best())) {
      for (Map.Entry<String, Maker> operator : RandomSketches.all().entrySet()) {
        int compared = 0;
        for (int seed = 0; seed < models; seed++) {
          compared += compared(operator.getKey(), operator.getValue(), seed, session, wrong);
        }
        assertTrue(compared > models / 2, operator.getKey() + ": " + compared + " of " + models);
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Returns 1 if ONNX Runtime accepts the model; some random ones make no sense. */
  private int compared(
      String operator, Maker maker, int seed, Session session, List<String> wrong) {
    int opset = OPSETS[seed % OPSETS.length];
    ModelSketch sketch =
        new ModelSketch(
            operator.equals("HardSwish") ? Math.max(opset, HARD_SWISH) : opset,
            seed * 1000L + operator.hashCode());
    List<String> outputs = maker.apply(sketch);
    sketch.outputs(outputs);
    try {
      String difference =
          SketchRun.compare(sketch, outputs, folder, session, ImportOptions.DEFAULTS);
      if (!difference.isEmpty()) {
        wrong.add(difference + " of " + sketch.build());
      }
      return 1;
    } catch (FormatException e) {
      wrong.add(e.getMessage() + " of " + sketch.build());
      return 1;
    } catch (OrtException e) {
      return 0;
    }
  }
}
