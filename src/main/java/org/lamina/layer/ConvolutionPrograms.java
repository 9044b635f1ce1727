package org.lamina.layer;

import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** Chooses the kernels of a convolution, and holds what they share. */
final class ConvolutionPrograms {

  private ConvolutionPrograms() {}

  /**
   * Returns the program for a convolution at one place.
   *
   * <p>Depthwise layers have a kernel of their own in both families. On GPUs everything else is an
   * implicit matrix product. On CPUs it is the direct kernel, unless there are groups that do not
   * begin at a block of channels: then the plain one, which is right and slow.
   */
  static LayerProgram compile(Convolution layer, Site site) {
    int in = site.signature().input().c() / layer.groups();
    int out = layer.filters() / layer.groups();
    if (in == 1 && out == 1 && layer.groups() > 1) {
      return DepthwiseConvolution.compile(layer, site);
    }
    if (!site.family().isCpu()) {
      return GemmConvolution.compile(layer, site);
    }
    boolean aligned = in % site.vector() == 0 && out % site.vector() == 0;
    if (layer.groups() == 1 || aligned) {
      return DirectConvolution.compile(layer, site);
    }
    return PlainConvolution.compile(layer, site);
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
  static PackedBuffer bias(boolean present, int length) {
    return new PackedBuffer(
        "bias",
        length,
        (parameters, out) -> {
          int filled = 0;
          if (present) {
            float[] bias = parameters.get(1).values();
            out.put(bias);
            filled = bias.length;
          }
          while (filled++ < length) {
            out.put(0);
          }
        });
  }
}
