package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The way back through a convolution on GPUs: {@code opencl/convolution_gradient_gemm.cl}. */
final class GemmConvolutionGradient {

  private static final String FILE = "convolution_gradient_gemm.cl";
  // The work-group is SIDE × SIDE; see the kernels.
  private static final int SIDE = 16;
  private static final int LARGE = 64;
  // Groups with fewer channels or filters leave most of a tile empty.
  private static final int FEWEST = 4;
  // Enough work-groups for a large GPU, if the parts are not too short or too large together.
  private static final int WORK_GROUPS = 512;
  private static final int SHORTEST_PART = 256;
  private static final long PART_FLOATS = 16L << 20;

  private final Convolution layer;
  private final GradientSite site;
  private final Chw x;
  private final Chw y;
  private final int groupIn;
  private final int groupOut;
  private final int elements;
  private final int part;
  private final int parts;

  private GemmConvolutionGradient(Convolution layer, GradientSite site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    y = site.signature().output();
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    elements = groupIn * layer.kernel().h() * layer.kernel().w();
    long pixels = (long) site.batch() * y.h() * y.w();
    int tiles = tiles(elements) * tiles(groupOut) * layer.groups();
    long most = Math.min(pixels / SHORTEST_PART, PART_FLOATS / ((long) layer.filters() * elements));
    long wanted = Math.max(1, Math.min((WORK_GROUPS + tiles - 1) / tiles, most));
    part = Math.toIntExact((pixels + wanted - 1) / wanted);
    parts = Math.toIntExact((pixels + part - 1) / part);
  }

  /** Returns whether these kernels are meant for a layer at a place. */
  static boolean applies(Convolution layer, GradientSite site) {
    int in = site.signature().input().c() / layer.groups();
    int out = layer.filters() / layer.groups();
    return !site.family().isCpu() && (layer.groups() == 1 || Math.min(in, out) >= FEWEST);
  }

  static GradientProgram compile(Convolution layer, GradientSite site) {
    Layout layout = Layout.of(1);
    GemmConvolutionGradient made = new GemmConvolutionGradient(layer, site);
    boolean weighs = site.wantsParameter(0);
    return new GradientProgram(
        List.of(weighs ? Optional.of(layout) : Optional.empty()),
        Optional.empty(),
        layout,
        1,
        Aliasing.NONE,
        List.of(),
        weighs ? (long) made.parts * layer.filters() * made.elements : 0,
        made::bind);
  }

  private static int tile(long extent) {
    return extent > LARGE / 2 ? LARGE : SIDE;
  }

  private static int tiles(long extent) {
    return Math.toIntExact((extent + tile(extent) - 1) / tile(extent));
  }

  private List<Launch> bind(Bindings bindings) {
    List<Launch> launches = new ArrayList<>();
    if (site.wantsInput()) {
      View dx = bindings.inputGradient();
      if (coversImage() && isDense(dx)) {
        launches.add(flat(bindings, dx));
      } else {
        for (int h = 0; h < Math.min(layer.stride().h(), x.h()); h++) {
          for (int w = 0; w < Math.min(layer.stride().w(), x.w()); w++) {
            launches.add(phase(bindings, h, w));
          }
        }
      }
    }
    if (site.wantsParameter(0)) {
      launches.add(weights(bindings));
      launches.add(sum(bindings));
    }
    if (site.wantsParameter(1)) {
      launches.add(ChannelSums.bias(bindings));
    }
    return launches;
  }

  /** Returns whether every pixel is met by one tap alone, as in a fully connected layer. */
  private boolean coversImage() {
    return y.h() * y.w() == 1
        && layer.kernel().equals(new Extent(x.h(), x.w()))
        && layer.dilation().equals(Extent.of(1))
        && layer.pad().isNone();
  }

  private static boolean isDense(View view) {
    Chw shape = view.shape();
    return view.row() == shape.w() && view.plane() == shape.h() * shape.w();
  }

  /** Returns the launch for an image whose pixels are channels of one pixel. */
  private Launch flat(Bindings bindings, View dx) {
    Chw shape = new Chw(Math.toIntExact(x.volume()), 1, 1);
    View one = new View(dx.buffer(), dx.offset(), shape, 1, dx.image(), 1, 1);
    TapPhase only = new TapPhase(0, 1, 0, 1);
    Axis axis = new Axis(only, 0, 1, 1, 1);
    return input(bindings, one, axis, axis, groupIn * x.h() * x.w());
  }

  /**
   * One axis of a phase.
   *
   * @param first the first pixel
   * @param stride the stride
   * @param pixels how many pixels
   * @param kernel taps of the window
   */
  private record Axis(TapPhase phase, int first, int stride, int pixels, int kernel) {
    static Axis of(int first, int in, int kernel, int stride, int dilation, int pad) {
      return new Axis(
          TapPhase.of(first, kernel, stride, dilation, pad),
          first,
          stride,
          (in - first + stride - 1) / stride,
          kernel);
    }

    void bind(Kernel kernel, String which, String extent) {
      kernel
          .set("phase_" + extent, pixels)
          .set("kernel_" + extent, this.kernel)
          .set("stride_" + which, stride)
          .set("first_" + which, first)
          .set("tap_" + which, phase.tap())
          .set("tap_step_" + which, phase.step())
          .set("taps_" + which, phase.taps(this.kernel))
          .set("origin_" + which, phase.origin())
          .set("back_" + which, phase.back());
    }
  }

  private Launch phase(Bindings bindings, int firstH, int firstW) {
    Axis h =
        Axis.of(
            firstH,
            x.h(),
            layer.kernel().h(),
            layer.stride().h(),
            layer.dilation().h(),
            layer.pad().top());
    Axis w =
        Axis.of(
            firstW,
            x.w(),
            layer.kernel().w(),
            layer.stride().w(),
            layer.dilation().w(),
            layer.pad().left());
    return input(bindings, bindings.inputGradient(), h, w, groupIn);
  }

  private Launch input(Bindings bindings, View dx, Axis h, Axis w, int channels) {
    int area = h.pixels() * w.pixels();
    int tileN = tile((long) site.batch() * area);
    int tileM = tile(channels);
    Kernel kernel =
        bindings.program(FILE, macros(tileN, tileM)).kernel("convolution_backward_input_gemm");
    bindings.gradient().bind(kernel, "dy");
    dx.bind(kernel, "dx");
    bindings.learning().values().get(0).bind(kernel, "weights");
    h.bind(kernel, "h", "height");
    w.bind(kernel, "w", "width");
    kernel
        .set("group_in", channels)
        .set("group_out", groupOut)
        .set("out_height", y.h())
        .set("out_width", y.w());
    return new Launch(
        kernel,
        n ->
            range(
                (n * (long) area + tileN - 1) / tileN,
                (channels + tileM - 1) / tileM,
                layer.groups()));
  }

  private Launch weights(Bindings bindings) {
    int tileN = tile(elements);
    int tileM = tile(groupOut);
    Kernel kernel =
        bindings.program(FILE, macros(tileN, tileM)).kernel("convolution_backward_weights_gemm");
    bindings.input().bind(kernel, "x");
    bindings.gradient().bind(kernel, "dy");
    bindings.scratch().bind(kernel, "parts");
    ConvolutionPrograms.bindWindow(kernel, layer);
    ConvolutionPrograms.bindImages(kernel, layer, site.signature());
    kernel
        .set("part", part)
        .set("groups", layer.groups())
        .set("group_in", groupIn)
        .set("group_out", groupOut);
    return new Launch(
        kernel, n -> range(tiles(elements), tiles(groupOut), (long) layer.groups() * parts));
  }

  private Launch sum(Bindings bindings) {
    int all = Math.multiplyExact(layer.filters(), elements);
    Kernel kernel =
        bindings
            .program(FILE, macros(tile(elements), tile(groupOut)))
            .kernel("convolution_backward_weights_parts");
    bindings.scratch().bind(kernel, "parts");
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
    kernel.set("elements", all).set("count", parts);
    return new Launch(kernel, n -> Ranges.elements(bindings.session(), bindings.family(), all, 1));
  }

  private static Macros macros(int tileN, int tileM) {
    return Macros.none().define("TILE_N", tileN).define("TILE_M", tileM);
  }

  private static Range range(long columns, long rows, long groups) {
    return Range.cover(SIDE * columns, SIDE * rows, groups, SIDE, SIDE, 1);
  }
}
