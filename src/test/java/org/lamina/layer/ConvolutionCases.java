package org.lamina.layer;

import static org.lamina.layer.LayerCases.extent;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;

/** The geometries of convolutions, locally and fully connected layers. */
final class ConvolutionCases {

  private static final Padding NONE = Padding.NONE;

  private ConvolutionCases() {}

  static List<LayerCase> all() {
    List<LayerCase> cases = new ArrayList<>();
    plain(cases);
    strided(cases);
    grouped(cases);
    locallyConnected(cases);
    fullyConnected(cases);
    transposed(cases);
    return cases;
  }

  /** Returns convolutions whose result is added to another tensor. */
  static List<LayerCase> adding() {
    return List.of(
        conv(new Chw(17, 3, 29), 5, "3×3", "1×1", Padding.of(1), "1×1", 1, true),
        conv(new Chw(32, 3, 5), 32, "3×3", "1×1", Padding.of(1), "1×1", 2, false),
        conv(new Chw(6, 7, 9), 33, "1×1", "2×2", NONE, "1×1", 1, true));
  }

  private static void plain(List<LayerCase> cases) {
    for (boolean bias : new boolean[] {true, false}) {
      cases.add(conv(new Chw(5, 4, 6), 7, "1×1", "1×1", NONE, "1×1", 1, bias));
      cases.add(conv(new Chw(3, 5, 7), 17, "3×3", "1×1", Padding.of(1), "1×1", 1, bias));
    }
    cases.add(conv(new Chw(16, 4, 5), 32, "3×3", "1×1", Padding.of(1), "1×1", 1, true));
    cases.add(conv(new Chw(17, 3, 30), 33, "1×1", "1×1", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(17, 3, 29), 5, "3×3", "1×1", Padding.of(1), "1×1", 1, true));
    cases.add(conv(new Chw(4, 5, 5), 4, "5×5", "1×1", Padding.of(2), "1×1", 1, true));
    cases.add(conv(new Chw(2, 6, 9), 3, "1×7", "1×1", new Padding(0, 3, 0, 3), "1×1", 1, true));
    cases.add(conv(new Chw(2, 9, 4), 3, "7×1", "1×1", new Padding(3, 0, 3, 0), "1×1", 1, true));
    cases.add(conv(new Chw(3, 4, 5), 2, "3×2", "1×1", new Padding(2, 1, 0, 0), "1×1", 1, true));
    cases.add(conv(new Chw(1, 1, 1), 1, "1×1", "1×1", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(1, 1, 1), 2, "3×3", "1×1", Padding.of(1), "1×1", 1, true));
    cases.add(conv(new Chw(2, 2, 2), 2, "1×1", "1×1", new Padding(1, 0, 2, 3), "1×1", 1, true));
    cases.add(conv(new Chw(3, 6, 6), 4, "6×6", "1×1", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(3, 7, 8), 4, "3×3", "1×1", Padding.of(2), "2×2", 1, true));
    cases.add(conv(new Chw(2, 8, 9), 3, "3×2", "2×1", new Padding(1, 2, 0, 3), "3×2", 1, true));
  }

  private static void strided(List<LayerCase> cases) {
    cases.add(conv(new Chw(3, 15, 19), 5, "11×11", "4×4", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(3, 13, 12), 18, "11×11", "4×4", Padding.of(2), "1×1", 1, true));
    cases.add(conv(new Chw(4, 7, 8), 6, "3×3", "2×2", Padding.of(1), "1×1", 1, true));
    cases.add(conv(new Chw(17, 7, 9), 3, "3×3", "2×2", NONE, "1×1", 1, false));
    cases.add(conv(new Chw(3, 9, 11), 4, "5×5", "3×2", new Padding(2, 1, 0, 2), "1×1", 1, true));
    cases.add(conv(new Chw(6, 5, 7), 5, "1×1", "2×2", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(2, 7, 7), 3, "1×1", "3×3", NONE, "1×1", 1, true));
    cases.add(conv(new Chw(1, 7, 7), 20, "5×5", "2×2", Padding.of(2), "1×1", 1, true));
  }

  private static void grouped(List<LayerCase> cases) {
    cases.add(conv(new Chw(32, 3, 4), 32, "3×3", "1×1", Padding.of(1), "1×1", 2, true));
    cases.add(conv(new Chw(10, 4, 5), 6, "3×3", "1×1", Padding.of(1), "1×1", 2, true));
    cases.add(conv(new Chw(6, 5, 5), 10, "5×5", "1×1", Padding.of(2), "1×1", 2, false));
    cases.add(conv(new Chw(12, 3, 3), 21, "1×1", "1×1", NONE, "1×1", 3, true));
    cases.add(conv(new Chw(32, 3, 3), 6, "3×3", "2×2", Padding.of(1), "1×1", 2, true));
    cases.add(conv(new Chw(6, 3, 3), 64, "3×3", "1×1", Padding.of(1), "1×1", 2, true));
    cases.add(conv(new Chw(16, 5, 6), 16, "3×3", "1×1", Padding.of(1), "1×1", 16, true));
    cases.add(conv(new Chw(5, 5, 6), 5, "3×3", "2×2", Padding.of(1), "1×1", 5, true));
    cases.add(conv(new Chw(5, 4, 4), 10, "3×3", "1×1", Padding.of(1), "2×2", 5, false));
  }

  private static LayerCase conv(
      Chw x,
      int filters,
      String kernel,
      String stride,
      Padding pad,
      String dilation,
      int groups,
      boolean bias) {
    return LayerCase.of(
        new Convolution(
            filters,
            extent(kernel),
            extent(stride),
            pad,
            extent(dilation),
            groups,
            bias,
            new Initializer.Kaiming(Initializer.Mode.FAN_IN),
            new Initializer.Constant(0)),
        x);
  }

  private static void locallyConnected(List<LayerCase> cases) {
    cases.add(local(new Chw(5, 4, 6), 7, "3×3", "1×1", Padding.of(1), 1, true));
    cases.add(local(new Chw(17, 3, 4), 18, "3×2", "2×1", new Padding(1, 0, 2, 1), 1, false));
    cases.add(local(new Chw(16, 2, 2), 16, "1×1", "1×1", NONE, 1, true));
    cases.add(local(new Chw(3, 5, 5), 2, "5×5", "1×1", NONE, 1, true));
    cases.add(local(new Chw(1, 1, 1), 1, "3×3", "1×1", Padding.of(1), 1, true));
    cases.add(local(new Chw(6, 5, 3), 10, "3×3", "2×2", Padding.of(1), 2, true));
    cases.add(local(new Chw(34, 2, 3), 32, "1×3", "1×1", new Padding(0, 1, 0, 1), 2, true));
    cases.add(local(new Chw(5, 3, 2), 5, "2×2", "1×1", Padding.of(1), 5, false));
    cases.add(local(new Chw(4, 7, 70), 5, "3×3", "1×1", NONE, 1, true));
    cases.add(
        local(new Chw(6, 4, 4), 20, "2×2", "1×1", NONE, 2, true).with(LayerCase.Values.WITH_NAN));
  }

  private static LayerCase local(
      Chw x, int filters, String kernel, String stride, Padding pad, int groups, boolean bias) {
    Initializer zero = new Initializer.Constant(0);
    return LayerCase.of(
        new LocallyConnected(
            filters, extent(kernel), extent(stride), pad, groups, bias, zero, zero),
        x);
  }

  private static void transposed(List<LayerCase> cases) {
    cases.add(transposed(new Chw(5, 3, 4), 7, "3×3", "1×1", NONE, "0×0", "1×1", 1, true));
    cases.add(
        transposed(new Chw(17, 3, 7), 18, "3×3", "2×2", Padding.of(1), "1×1", "1×1", 1, true));
    cases.add(transposed(new Chw(3, 2, 9), 5, "4×4", "2×2", Padding.of(1), "0×0", "1×1", 1, false));
    cases.add(
        transposed(
            new Chw(2, 3, 4), 16, "2×3", "3×2", new Padding(0, 2, 1, 0), "2×1", "1×1", 1, true));
    cases.add(
        transposed(
            new Chw(3, 3, 3), 4, "3×2", "1×2", new Padding(1, 0, 2, 3), "0×1", "2×3", 1, true));
    cases.add(transposed(new Chw(1, 1, 1), 1, "5×5", "1×1", Padding.of(2), "0×0", "1×1", 1, true));
    cases.add(transposed(new Chw(4, 2, 3), 4, "1×1", "3×3", NONE, "2×2", "1×1", 1, true));
    cases.add(transposed(new Chw(6, 3, 4), 10, "3×3", "2×2", Padding.of(1), "0×0", "1×1", 2, true));
    cases.add(transposed(new Chw(34, 2, 3), 32, "3×1", "1×1", NONE, "0×0", "1×1", 2, true));
    cases.add(transposed(new Chw(5, 3, 3), 5, "4×4", "2×2", Padding.of(1), "0×0", "1×1", 5, false));
    cases.add(
        transposed(new Chw(4, 2, 2), 6, "2×2", "2×2", NONE, "0×0", "1×1", 2, true)
            .with(LayerCase.Values.WITH_NAN));
  }

  private static LayerCase transposed(
      Chw x,
      int filters,
      String kernel,
      String stride,
      Padding pad,
      String more,
      String dilation,
      int groups,
      boolean bias) {
    Initializer zero = new Initializer.Constant(0);
    return LayerCase.of(
        new TransposedConvolution(
            filters,
            extent(kernel),
            extent(stride),
            pad,
            extent(more),
            extent(dilation),
            groups,
            bias,
            zero,
            zero),
        x);
  }

  private static void fullyConnected(List<LayerCase> cases) {
    cases.add(fc(new Chw(5, 3, 4), 7, true));
    cases.add(fc(new Chw(5, 3, 4), 7, false));
    cases.add(fc(new Chw(1, 1, 1), 1, true));
    cases.add(fc(new Chw(17, 1, 1), 33, true));
    cases.add(fc(new Chw(33, 2, 2), 16, true));
    cases.add(fc(new Chw(16, 1, 1), 10, true));
    cases.add(fc(new Chw(3, 1, 9), 65, true));
    cases.add(fc(new Chw(64, 2, 1), 40, true));
  }

  private static LayerCase fc(Chw x, int units, boolean bias) {
    Initializer xavier = new Initializer.Xavier(Initializer.Mode.AVERAGE);
    return LayerCase.of(new FullyConnected(units, bias, xavier, new Initializer.Constant(0)), x);
  }
}
