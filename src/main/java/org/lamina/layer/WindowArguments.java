package org.lamina.layer;

import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * What kernels of layers with windows are told by the same names: where the windows stand, and the
 * extents that they connect.
 *
 * @param in the images under the windows
 * @param out the positions of the windows, and their channels
 * @param groups parts that do not see each other
 * @param kernel extents of a window
 * @param stride from one window to the next
 * @param dilation from one pixel of a window to the next
 * @param pad around the images
 */
record WindowArguments(
    Chw in, Chw out, int groups, Extent kernel, Extent stride, Extent dilation, Padding pad) {

  static WindowArguments of(Convolution layer, Signature signature) {
    return new WindowArguments(
        signature.input(),
        signature.output(),
        layer.groups(),
        layer.kernel(),
        layer.stride(),
        layer.dilation(),
        layer.pad());
  }

  static WindowArguments of(LocallyConnected layer, Signature signature) {
    return new WindowArguments(
        signature.input(),
        signature.output(),
        layer.groups(),
        layer.kernel(),
        layer.stride(),
        Extent.of(1),
        layer.pad());
  }

  /** Returns those of a transposed convolution as it is, or of the convolution that it undoes. */
  static WindowArguments of(TransposedConvolution layer, Signature signature, boolean undone) {
    return new WindowArguments(
        undone ? signature.output() : signature.input(),
        undone ? signature.input() : signature.output(),
        layer.groups(),
        layer.kernel(),
        layer.stride(),
        layer.dilation(),
        layer.pad());
  }

  /** Binds those that a kernel has. */
  void bind(Kernel to) {
    set(to, "group_in", in.c() / groups);
    set(to, "group_out", out.c() / groups);
    set(to, "in_height", in.h());
    set(to, "in_width", in.w());
    set(to, "out_height", out.h());
    set(to, "out_width", out.w());
    set(to, "kernel_height", kernel.h());
    set(to, "kernel_width", kernel.w());
    set(to, "stride_h", stride.h());
    set(to, "stride_w", stride.w());
    set(to, "dilation_h", dilation.h());
    set(to, "dilation_w", dilation.w());
    set(to, "pad_h", pad.top());
    set(to, "pad_w", pad.left());
  }

  private static void set(Kernel kernel, String argument, int value) {
    if (kernel.hasArgument(argument)) {
      kernel.set(argument, value);
    }
  }
}
