package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * Transforms filters on the device, {@code opencl/winograd_weights.cl}; {@link WinogradWeights}
 * does it on the host.
 *
 * @param layer the convolution that is computed
 * @param geometry its numbers
 * @param channels channels of a group before a stride was turned into channels
 * @param vector floats in a vector
 * @param filters neighbouring filters that stand side by side
 * @param span such parts that a work-item makes
 * @param turned whether the weights are those of the layer whose way back this is: outputs and
 *     inputs exchanged, windows turned round
 */
record WinogradPacking(
    Convolution layer,
    WinogradGeometry geometry,
    int channels,
    int vector,
    int filters,
    int span,
    boolean turned) {

  private int outs() {
    return layer.filters() / layer.groups();
  }

  private int window() {
    return layer.kernel().h() * layer.kernel().w();
  }

  private int parts() {
    return (outs() + filters - 1) / filters;
  }

  /** Returns the floats of the packed weights. */
  long floats() {
    return (long) layer.groups() * parts() * geometry.points() * geometry.depth() * filters;
  }

  /** Returns the packed weights, by the host or by the device. */
  PackedBuffer buffer() {
    WinogradWeights onHost = new WinogradWeights(layer, geometry, channels);
    return new PackedBuffer(
        "weight",
        floats(),
        (parameters, out) -> {
          List<Tensor> own = turned ? turned(parameters) : parameters;
          onHost.pack(own.get(0).values(), filters, span, out);
        },
        Optional.of(this::bind));
  }

  /** Returns the launch that fills the packed weights. */
  Launch bind(Session session, List<Floats> parameters, DeviceBuffer packed) {
    Kernel kernel =
        session
            .program(
                "winograd_weights.cl",
                Macros.none().define("ALPHA", geometry.alpha()).define("VECTOR", vector))
            .kernel("winograd_weights");
    parameters.get(0).bind(kernel, "source");
    kernel
        .set("packed", packed)
        .set("parts", parts())
        .set("span", span)
        .set("depth", geometry.depth())
        .set("outs", outs())
        .set("filters", filters)
        .set("taps", geometry.taps())
        .set("apart", geometry.step())
        .set("side", layer.kernel().h())
        .set("base", turned ? window() - 1 : 0)
        .set("group_step", outs() * channels * window())
        .set("out_step", turned ? window() : channels * window())
        .set("in_step", turned ? outs() * window() : window())
        .set("tap_step", turned ? -1 : 1);
    return new Launch(
        kernel, n -> Range.cover(layer.groups() * parts(), geometry.depth(), 1, 1, 1, 1));
  }

  /** Returns the weights of the other layer as this one would have them. */
  private List<Tensor> turned(List<Tensor> parameters) {
    float[] from = parameters.get(0).values();
    Tensor to =
        Tensor.zeros(Shape.of(layer.filters(), channels, layer.kernel().h(), layer.kernel().w()));
    for (int o = 0; o < layer.filters(); o++) {
      int group = o / outs();
      for (int i = 0; i < channels; i++) {
        int source = ((group * channels + i) * outs() + o % outs()) * window();
        for (int tap = 0; tap < window(); tap++) {
          to.values()[(o * channels + i) * window() + tap] = from[source + window() - 1 - tap];
        }
      }
    }
    return List.of(to);
  }
}
