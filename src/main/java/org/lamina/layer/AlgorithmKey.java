package org.lamina.layer;

import java.util.List;
import java.util.Locale;
import org.lamina.tensor.Chw;

/** What measurements of algorithms are filed under. */
public final class AlgorithmKey {

  private static final List<String> CPU_FILES =
      List.of(
          "convolution_depthwise.cl",
          "convolution_direct.cl",
          "convolution_flat.cl",
          "convolution_plain.cl",
          "convolution_winograd.cl",
          "fully_connected.cl",
          "space_to_depth.cl");
  private static final List<String> GPU_FILES =
      List.of(
          "convolution_depthwise.cl",
          "convolution_gemm.cl",
          "convolution_plain.cl",
          "convolution_winograd_gpu.cl",
          "fully_connected_gemv.cl");

  private AlgorithmKey() {}

  /** Returns the kernel files of all algorithms of a family, under {@code opencl/}. */
  public static List<String> files(Family family) {
    return family.isCpu() ? CPU_FILES : GPU_FILES;
  }

  /**
   * Returns a line without tabs that is the same for two places exactly if each algorithm does the
   * same work at both: geometry, batch, precision of weights and kernel family. A bias, a fused
   * activation, what is added and initial values make no difference.
   */
  public static String of(Layer layer, Site site) {
    return String.format(
        Locale.ROOT,
        "%s batch=%d weights=%s kernels=%s",
        geometry(layer, site.signature().input()),
        site.batch(),
        site.choices().precision().key(),
        site.family());
  }

  /**
   * Returns the geometry of a layer on an input, for example {@code conv 256 of 5×5, stride 1×1,
   * pad 2 2 2 2, dilation 1×1, groups 2 on 96×27×27}.
   */
  public static String geometry(Layer layer, Chw x) {
    String on = "%d×%d×%d".formatted(x.c(), x.h(), x.w());
    if (layer instanceof Convolution c) {
      Padding pad = c.pad();
      return "conv %d of %s, stride %s, pad %d %d %d %d, dilation %s, groups %d on %s"
          .formatted(
              c.filters(),
              c.kernel(),
              c.stride(),
              pad.top(),
              pad.left(),
              pad.bottom(),
              pad.right(),
              c.dilation(),
              c.groups(),
              on);
    }
    if (layer instanceof FullyConnected f) {
      return "fc %d on %s".formatted(f.units(), on);
    }
    return layer + " on " + on;
  }
}
