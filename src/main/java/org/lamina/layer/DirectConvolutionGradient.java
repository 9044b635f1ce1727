package org.lamina.layer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.layer.Repacking.Digit;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/**
 * The way back through a convolution on CPUs: {@code opencl/convolution_gradient_input.cl} and
 * {@code opencl/convolution_gradient_weights.cl}. Needs one group, or groups that begin at a block
 * of channels.
 */
final class DirectConvolutionGradient {

  private final Convolution layer;
  private final GradientSite site;
  private final Chw x;
  private final Chw y;
  private final int vector;
  private final int groupIn;
  private final int groupOut;
  private final int inBlocks;
  private final int outBlocks;
  private final RegisterTile tile;
  private final int tiles;
  private final WeightsGradient weights;
  private final Optional<LayerProgram> winograd;

  private DirectConvolutionGradient(Convolution layer, GradientSite site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    y = site.signature().output();
    vector = site.vector();
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    inBlocks = Layout.of(vector).blocks(groupIn);
    outBlocks = Layout.of(vector).blocks(groupOut);
    tile = RegisterTile.forRow(Math.max(1, x.w() / layer.stride().w()), vector);
    tiles = (inBlocks + tile.blocks() - 1) / tile.blocks();
    weights = waysToWeights(layer, site).get(0);
    winograd = winograd();
  }

  /** Returns the ways to the gradient by the weights, the one expected to be the fastest first. */
  static List<WeightsGradient> waysToWeights(Convolution layer, GradientSite site) {
    List<WeightsGradient> ways = new ArrayList<>();
    ways.add(new ConvolutionWeightsGradient(layer, site));
    WinogradWeightsGradient.of(layer, site).ifPresent(ways::add);
    ways.sort(Comparator.comparingDouble(WeightsGradient::cost));
    return ways;
  }

  /** Returns whether these kernels are right for a layer. */
  static boolean applies(Convolution layer, GradientSite site) {
    int vector = site.vector();
    int in = site.signature().input().c() / layer.groups();
    int out = layer.filters() / layer.groups();
    boolean aligned = in % vector == 0 && out % vector == 0;
    Chw x = site.signature().input();
    boolean everyPhase = x.h() >= layer.stride().h() && x.w() >= layer.stride().w();
    return site.family().isCpu() && (layer.groups() == 1 || aligned) && everyPhase;
  }

  static GradientProgram compile(Convolution layer, GradientSite site) {
    return new DirectConvolutionGradient(layer, site).program();
  }

  /** Returns the convolution that makes dx of dy where there is no stride, and its place. */
  private Convolution back() {
    Extent kernel = layer.kernel();
    return new Convolution(
        x.c(),
        kernel,
        layer.stride(),
        new Padding(
            kernel.h() - 1 - layer.pad().top(),
            kernel.w() - 1 - layer.pad().left(),
            kernel.h() - 1 - layer.pad().bottom(),
            kernel.w() - 1 - layer.pad().right()),
        layer.dilation(),
        layer.groups(),
        false,
        layer.init(),
        layer.biasInit());
  }

  private Site backSite() {
    Signature turned =
        new Signature(List.of(y), x, site.signature().parameters(), site.signature().macs());
    return new Site(site.family(), turned, site.batch(), Optional.empty());
  }

  /** Returns Winograd's program for dx if it applies and is expected to be faster. */
  private Optional<LayerProgram> winograd() {
    boolean plain =
        site.wantsInput()
            && layer.stride().equals(Extent.of(1))
            && layer.dilation().equals(Extent.of(1))
            && layer.pad().top() < layer.kernel().h()
            && layer.pad().bottom() < layer.kernel().h()
            && layer.pad().left() < layer.kernel().w()
            && layer.pad().right() < layer.kernel().w();
    if (!plain) {
      return Optional.empty();
    }
    Convolution back = back();
    Site place = backSite();
    ConvolutionAlgorithm best = ConvolutionPrograms.algorithms(back, place).get(0);
    return best instanceof WinogradConvolution.Algorithm algorithm
        ? Optional.of(WinogradConvolution.turned(back, place, algorithm.alpha()))
        : Optional.empty();
  }

  private GradientProgram program() {
    boolean weighs = site.wantsParameter(0);
    if (winograd.isPresent()) {
      LayerProgram input = winograd.get();
      return new GradientProgram(
          List.of(weighs ? Optional.of(weights.inputLayout()) : Optional.empty()),
          Optional.empty(),
          input.inputs().get(0),
          vector,
          Aliasing.NONE,
          input.parameters(),
          Math.max(input.scratch(), weighs ? weights.scratch() : 0),
          this::bind);
    }
    return new GradientProgram(
        List.of(weighs ? Optional.of(weights.inputLayout()) : Optional.empty()),
        Optional.empty(),
        new Layout(vector, site.wantsInput() ? halo() : Padding.NONE),
        vector,
        Aliasing.NONE,
        site.wantsInput() ? List.of(repacking().buffer("weight for the way back")) : List.of(),
        weighs ? weights.scratch() : 0,
        this::bind);
  }

  /** Returns how far the windows that cover the input's edges reach beyond dy. */
  private Padding halo() {
    return new Padding(
        before(layer.kernel().h(), layer.dilation().h(), layer.stride().h(), layer.pad().top()),
        before(layer.kernel().w(), layer.dilation().w(), layer.stride().w(), layer.pad().left()),
        Math.max(0, (x.h() - 1 + layer.pad().top()) / layer.stride().h() - (y.h() - 1)),
        Math.max(0, (x.w() - 1 + layer.pad().left()) / layer.stride().w() - (y.w() - 1)));
  }

  private static int before(int kernel, int dilation, int stride, int pad) {
    return Math.max(0, ((kernel - 1) * dilation - pad + stride - 1) / stride);
  }

  /** Turns [OUT_C, IC, KH, KW] into [groups, tiles, out_blocks, KH*KW, lanes, channels]. */
  private Repacking repacking() {
    int taps = layer.kernel().h() * layer.kernel().w();
    int filter = groupIn * taps;
    int run = tile.blocks() * vector;
    return new Repacking(
        0,
        List.of(
            new Digit(layer.groups(), 0, 0, groupOut * filter),
            new Digit(tiles, 0, run, run * taps),
            new Digit(outBlocks, vector, 0, vector * filter),
            new Digit(taps, 0, 0, 1),
            new Digit(vector, 1, 0, filter),
            new Digit(run, 0, 1, taps)),
        groupOut,
        groupIn,
        0);
  }

  private List<Launch> bind(Bindings bindings) {
    List<Launch> launches = new ArrayList<>();
    if (winograd.isPresent()) {
      launches.addAll(
          winograd
              .get()
              .binder()
              .bind(
                  new LayerProgram.Bindings(
                      bindings.session(),
                      bindings.family(),
                      List.of(bindings.gradient()),
                      bindings.inputGradient(),
                      bindings.parameters(),
                      bindings.scratch().buffer(),
                      bindings.scratch().offset())));
    } else if (site.wantsInput()) {
      for (int h = 0; h < layer.stride().h(); h++) {
        for (int w = 0; w < layer.stride().w(); w++) {
          launches.add(phase(bindings, h, w));
        }
      }
    }
    if (site.wantsParameter(0)) {
      launches.addAll(weights.bind(bindings));
    }
    if (site.wantsParameter(1)) {
      launches.add(ChannelSums.bias(bindings));
    }
    return launches;
  }

  private Launch phase(Bindings bindings, int firstH, int firstW) {
    Macros macros = Macros.none().define("TILE", tile.pixels()).define("BLOCKS", tile.blocks());
    Kernel kernel =
        bindings
            .program("convolution_gradient_input.cl", macros)
            .kernel("convolution_backward_input");
    bindings.gradient().bind(kernel, "dy");
    bindings.inputGradient().bind(kernel, "dx");
    TapPhase h =
        TapPhase.of(
            firstH,
            layer.kernel().h(),
            layer.stride().h(),
            layer.dilation().h(),
            layer.pad().top());
    TapPhase w =
        TapPhase.of(
            firstW,
            layer.kernel().w(),
            layer.stride().w(),
            layer.dilation().w(),
            layer.pad().left());
    int width = (x.w() - firstW + layer.stride().w() - 1) / layer.stride().w();
    int height = (x.h() - firstH + layer.stride().h() - 1) / layer.stride().h();
    int rowTiles = (width + tile.pixels() - 1) / tile.pixels();
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("out_blocks", outBlocks)
        .set("in_blocks", inBlocks)
        .set("tiles", tiles)
        .set("row_tiles", rowTiles)
        .set("phase_width", width)
        .set("kernel_height", layer.kernel().h())
        .set("kernel_width", layer.kernel().w())
        .set("stride_h", layer.stride().h())
        .set("stride_w", layer.stride().w())
        .set("first_h", firstH)
        .set("first_w", firstW);
    kernel.set("tap_h", h.tap()).set("tap_step_h", h.step()).set("origin_h", h.origin());
    kernel.set("tap_w", w.tap()).set("tap_step_w", w.step()).set("origin_w", w.origin());
    kernel.set("back_h", h.back()).set("back_w", w.back());
    return new Launch(
        kernel, n -> Range.cover((long) height * rowTiles, layer.groups() * tiles, n, 1, 1, 1));
  }
}
