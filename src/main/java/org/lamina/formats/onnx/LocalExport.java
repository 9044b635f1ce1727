package org.lamina.formats.onnx;

import java.util.List;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.layer.LocallyConnected;
import org.lamina.tensor.Chw;

/**
 * A locally connected layer as operators: ONNX has none that does it. A convolution with weights of
 * 0 and 1 makes a channel of every pixel of the window; with positions and channels exchanged, each
 * position is a group of a convolution by 1×1 windows.
 */
final class LocalExport {

  private LocalExport() {}

  static Result local(LocallyConnected layer, Outgoing out) {
    Chw x = out.shape(0);
    Chw y = out.shape();
    int window = layer.kernel().h() * layer.kernel().w();
    int values = x.c() * window;
    int positions = y.h() * y.w();
    String windows =
        out.step(
            "Conv",
            "windows",
            List.of(out.image(0), oneHot(out, values, window)),
            Outgoing.pair("kernel_shape", layer.kernel()),
            Outgoing.pair("strides", layer.stride()),
            Outgoing.pads(layer.pad()),
            Sheet.integer("group", x.c()));
    String rows = reshaped(out, windows, "rows", values, positions);
    String turned = transposed(out, rows, "positions");
    String channels =
        reshaped(out, turned, "channels", Math.multiplyExact(values, positions), 1, 1);
    String sums =
        out.step(
            "Conv",
            "sums",
            List.of(channels, weights(layer, out, values / layer.groups(), positions)),
            Sheet.integer("group", Math.multiplyExact(positions, layer.groups())));
    String back = transposed(out, reshaped(out, sums, "filters", positions, y.c()), "back");
    if (!layer.bias()) {
      return new Result(out.reshaped(back, out.sheet().unique(out.node().name()), y), false, y);
    }
    String image = out.reshaped(back, out.name("image"), y);
    return out.last("Add", List.of(image, out.parameter("bias")));
  }

  /** Adds the weights of a convolution whose filter (c, kh, kw) picks just that pixel. */
  private static String oneHot(Outgoing out, int values, int window) {
    float[] weights = new float[Math.multiplyExact(values, window)];
    for (int i = 0; i < values; i++) {
      weights[i * window + i % window] = 1;
    }
    LocallyConnected layer = (LocallyConnected) out.node().layer();
    return out.sheet()
        .floats(
            out.node().name() + ".pixels",
            List.of(values, 1, layer.kernel().h(), layer.kernel().w()),
            weights);
  }

  /** Adds the weights: [filters, positions, values] become [positions * filters, values, 1, 1]. */
  private static String weights(LocallyConnected layer, Outgoing out, int values, int positions) {
    int filters = layer.filters();
    return out.parameter(
        "weight",
        List.of(Math.multiplyExact(positions, filters), values, 1, 1),
        "positions first",
        from -> {
          float[] to = new float[from.length];
          for (int o = 0; o < filters; o++) {
            for (int p = 0; p < positions; p++) {
              int source = (o * positions + p) * values;
              System.arraycopy(from, source, to, (p * filters + o) * values, values);
            }
          }
          return to;
        });
  }

  private static String reshaped(Outgoing out, String from, String step, long... extents) {
    long[] shape = new long[extents.length + 1];
    System.arraycopy(extents, 0, shape, 1, extents.length);
    String wanted = out.sheet().integers(out.node().name() + ".shape", shape);
    return out.step("Reshape", step, List.of(from, wanted));
  }

  private static String transposed(Outgoing out, String from, String step) {
    AttributeProto order = Sheet.integers("perm", List.of(0, 2, 1));
    return out.step("Transpose", step, List.of(from), order);
  }
}
