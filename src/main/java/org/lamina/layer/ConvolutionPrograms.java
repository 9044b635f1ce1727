package org.lamina.layer;

import java.util.Comparator;
import java.util.List;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.tensor.Chw;

/** Chooses the kernels of a convolution, and holds what they share. */
final class ConvolutionPrograms {

  private ConvolutionPrograms() {}

  /**
   * Returns the program for a convolution at one place.
   *
   * @throws org.lamina.opencl.ClException if every algorithm is known to be wrong on the device
   */
  static LayerProgram compile(Convolution layer, Site site) {
    List<ConvolutionAlgorithm> candidates = algorithms(layer, site);
    List<String> names = candidates.stream().map(ConvolutionAlgorithm::name).toList();
    Selection selected = Selection.of(layer, site, names);
    return candidates
        .get(names.indexOf(selected.algorithm()))
        .compile(layer, site)
        .selected(selected);
  }

  /** Returns the algorithms that apply, the cheapest first; never none. */
  static List<ConvolutionAlgorithm> algorithms(Convolution layer, Site site) {
    return ConvolutionAlgorithm.ALL.stream()
        .filter(algorithm -> algorithm.applies(layer, site))
        .sorted(Comparator.comparingDouble(algorithm -> algorithm.cost(layer, site)))
        .toList();
  }

  /** Returns how the weights of convolutions are stored: integers are for matrices only. */
  static Precision precision(Site site) {
    return site.choices().precision().stored() == Precision.SINGLE
        ? Precision.SINGLE
        : Precision.HALF;
  }

  /** Returns the layouts of a program's inputs: what is added to the result is the last one. */
  static List<Layout> inputs(Layout x, Site site) {
    return site.adds() ? List.of(x, Layout.of(site.vector())) : List.of(x);
  }

  /** Returns macros for a place: whether something is added is structure. */
  static Macros macros(Site site) {
    return site.adds() ? Macros.none().define("ADDS", 1) : Macros.none();
  }

  /** Binds what is added to the result, if anything. */
  static void bindSummand(Kernel kernel, LayerProgram.Bindings bindings, Site site) {
    if (site.adds()) {
      bindings.inputs().get(1).bind(kernel, "summand");
    }
  }

  /** What starting a kernel takes, in multiply-adds of vectors: some 10 microseconds. */
  static final double LAUNCH = 1e5;

  /**
   * Returns what reading weights from memory takes, in multiply-adds of vectors: 35 GB/s where two
   * cores make 12 thousand million of those in a second.
   */
  static double stream(double floats) {
    return 1.3 * floats;
  }

  /** Returns the multiply-adds of vectors of one run. */
  static double products(Site site) {
    return (double) site.batch() * site.signature().macs() / site.vector();
  }

  /**
   * Returns the pixels around the image that windows really touch: with a stride, the last ones may
   * not reach the whole padding.
   */
  static Padding halo(Convolution layer, Chw x, Chw y) {
    return new Padding(
        layer.pad().top(),
        layer.pad().left(),
        beyond(
            x.h(),
            y.h(),
            layer.kernel().h(),
            layer.dilation().h(),
            layer.stride().h(),
            layer.pad().top()),
        beyond(
            x.w(),
            y.w(),
            layer.kernel().w(),
            layer.dilation().w(),
            layer.stride().w(),
            layer.pad().left()));
  }

  private static int beyond(int in, int out, int kernel, int dilation, int stride, int before) {
    return Math.max(0, (out - 1) * stride - before + (kernel - 1) * dilation + 1 - in);
  }

  /** Binds the window's arguments, which all convolution kernels have by the same names. */
  static void bindWindow(Kernel kernel, Convolution layer) {
    kernel
        .set("kernel_height", layer.kernel().h())
        .set("kernel_width", layer.kernel().w())
        .set("stride_h", layer.stride().h())
        .set("dilation_h", layer.dilation().h())
        .set("dilation_w", layer.dilation().w())
        .set("pad_h", layer.pad().top())
        .set("pad_w", layer.pad().left());
  }

  /** Binds the extents of the images, and the horizontal stride where it is an argument. */
  static void bindImages(Kernel kernel, Convolution layer, Signature signature) {
    Chw x = signature.input();
    Chw y = signature.output();
    kernel
        .set("stride_w", layer.stride().w())
        .set("in_height", x.h())
        .set("in_width", x.w())
        .set("out_height", y.h())
        .set("out_width", y.w());
  }

  /** Returns the layer's biases as a device buffer, padded with zeros to {@code length}. */
  static PackedBuffer bias(boolean present, int channels, int length) {
    return (present ? Repacking.run(1, channels, length) : Repacking.run(0, 0, length))
        .buffer("bias");
  }

  /** Returns the biases of every group, padded with zeros to {@code length} for each. */
  static PackedBuffer bias(Convolution layer, int length) {
    int filters = layer.bias() ? layer.filters() / layer.groups() : 0;
    List<Repacking.Digit> digits =
        List.of(
            new Repacking.Digit(layer.groups(), 0, 0, filters),
            new Repacking.Digit(length, 1, 0, 1));
    return new Repacking(layer.bias() ? 1 : 0, digits, filters, 1, 0).buffer("bias");
  }
}
