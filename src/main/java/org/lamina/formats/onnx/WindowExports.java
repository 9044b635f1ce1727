package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.GlobalMaxPooling;
import org.lamina.layer.LocallyConnected;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.tensor.Chw;

/** Layers with windows as operators. */
final class WindowExports {

  private WindowExports() {}

  static void addTo(Map<Class<?>, Exports.Rule> rules) {
    Exports.put(rules, Convolution.class, WindowExports::conv);
    Exports.put(rules, FullyConnected.class, WindowExports::fullyConnected);
    Exports.put(rules, LocallyConnected.class, LocalExport::local);
    Exports.put(rules, MaxPooling.class, WindowExports::maxPool);
    Exports.put(rules, AveragePooling.class, WindowExports::averagePool);
    Exports.put(
        rules,
        GlobalAveragePooling.class,
        (layer, out) -> out.last("GlobalAveragePool", out.images()));
    Exports.put(
        rules, GlobalMaxPooling.class, (layer, out) -> out.last("GlobalMaxPool", out.images()));
  }

  private static List<String> withParameters(Outgoing out, String x) {
    List<String> from = new ArrayList<>(List.of(x, out.parameter("weight")));
    if (out.has("bias")) {
      from.add(out.parameter("bias"));
    }
    return from;
  }

  private static Result conv(Convolution layer, Outgoing out) {
    return out.last(
        "Conv",
        withParameters(out, out.image(0)),
        Outgoing.pair("kernel_shape", layer.kernel()),
        Outgoing.pair("strides", layer.stride()),
        Outgoing.pads(layer.pad()),
        Outgoing.pair("dilations", layer.dilation()),
        Sheet.integer("group", layer.groups()));
  }

  private static Result fullyConnected(FullyConnected layer, Outgoing out) {
    List<String> from = withParameters(out, out.flat(0));
    String y =
        out.sheet()
            .node("Gemm", out.sheet().unique(out.node().name()), from, Sheet.integer("transB", 1));
    return new Result(y, true, out.shape());
  }

  /**
   * Returns the padding with which windows rounded down are as many as those of a layer: a last
   * window that hangs over the image hangs over padding.
   */
  private static Padding whole(Chw x, Chw y, Extent kernel, Extent stride, Padding pad) {
    return new Padding(
        pad.top(),
        pad.left(),
        Math.max(pad.bottom(), (y.h() - 1) * stride.h() + kernel.h() - x.h() - pad.top()),
        Math.max(pad.right(), (y.w() - 1) * stride.w() + kernel.w() - x.w() - pad.left()));
  }

  private static Result maxPool(MaxPooling layer, Outgoing out) {
    Padding pad = whole(out.shape(0), out.shape(), layer.kernel(), layer.stride(), layer.pad());
    return out.last(
        "MaxPool",
        out.images(),
        Outgoing.pair("kernel_shape", layer.kernel()),
        Outgoing.pair("strides", layer.stride()),
        Outgoing.pads(pad));
  }

  private static Result averagePool(AveragePooling layer, Outgoing out) {
    Padding pad = whole(out.shape(0), out.shape(), layer.kernel(), layer.stride(), layer.pad());
    boolean counted = layer.countPadding() && !layer.pad().isNone();
    String x = out.image(0);
    if (counted && !pad.equals(layer.pad())) {
      // What hangs over does not count, the padding does: that becomes part of the image.
      Padding p = layer.pad();
      x =
          out.padded(
              x,
              out.name("pad"),
              new int[] {0, p.top(), p.left()},
              new int[] {0, p.bottom(), p.right()},
              0);
      pad = new Padding(0, 0, pad.bottom() - p.bottom(), pad.right() - p.right());
      counted = false;
    }
    AttributeProto include = Sheet.integer("count_include_pad", counted ? 1 : 0);
    return out.last(
        "AveragePool",
        List.of(x),
        Outgoing.pair("kernel_shape", layer.kernel()),
        Outgoing.pair("strides", layer.stride()),
        Outgoing.pads(pad),
        include);
  }
}
