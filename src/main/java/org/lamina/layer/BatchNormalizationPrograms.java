package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/** The program of {@link BatchNormalization} in inference: {@code y = scale[c]*x + shift[c]}. */
final class BatchNormalizationPrograms {

  private BatchNormalizationPrograms() {}

  static LayerProgram compile(BatchNormalization layer, Site site) {
    Chw shape = site.signature().output();
    long floats = (long) Layout.of(site.vector()).blocks(shape.c()) * site.vector();
    return new LayerProgram(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        List.of(
            new PackedBuffer("scale", floats, (tensors, out) -> pack(layer, tensors, out, false)),
            new PackedBuffer("shift", floats, (tensors, out) -> pack(layer, tensors, out, true))),
        0,
        bindings -> {
          Kernel kernel =
              bindings.program("batch_normalization.cl").kernel("batch_normalization_forward");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          kernel.set("scale", bindings.parameters().get(0));
          kernel.set("shift", bindings.parameters().get(1));
          Activations.code(site.fused()).bind(kernel);
          int blocks = bindings.output().blocks();
          kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
        });
  }

  /** Writes scale or shift of every channel, and zeros for the lanes beyond the last one. */
  private static void pack(
      BatchNormalization layer, List<Tensor> tensors, FloatBuffer out, boolean shift) {
    int channels = tensors.get(0).values().length;
    for (int c = 0; c < channels; c++) {
      out.put(
          (float) (shift ? Folding.shift(layer, tensors, c) : Folding.scale(layer, tensors, c)));
    }
    while (out.hasRemaining()) {
      out.put(0);
    }
  }
}
