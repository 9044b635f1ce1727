package org.lamina.layer;

import org.lamina.tensor.Chw;

/**
 * The numbers of a convolution as Winograd's algorithm sees it, without a stride.
 *
 * <p>A stride of s becomes s² times as many channels of a window s times smaller: pixel (h*s + p,
 * w*s + q) of channel c is pixel (h, w) of channel (c*s + p)*s + q. Some of the new window's
 * weights are zeros where s does not divide the window.
 *
 * @param alpha the side of a transformed tile, 4 or 6
 * @param taps the side of the window
 * @param step the stride that was turned into channels; 1 if there was none
 * @param depth channels of a group
 * @param tilesH tiles below each other in an image
 * @param tilesW tiles beside each other
 */
record WinogradGeometry(int alpha, int taps, int step, int depth, int tilesH, int tilesW) {

  // More taps leave tiles of one output, two need no Winograd.
  private static final int FEWEST_TAPS = 3;
  private static final int MOST_TAPS = 5;

  /** Returns the geometry of a layer; {@link #fits} tells whether there is one. */
  static WinogradGeometry of(Convolution layer, Signature signature, int alpha) {
    Chw y = signature.output();
    int step = layer.stride().h();
    int taps = (layer.kernel().h() + step - 1) / step;
    int out = Math.max(1, alpha + 1 - taps);
    return new WinogradGeometry(
        alpha,
        taps,
        step,
        signature.input().c() / layer.groups() * step * step,
        (y.h() + out - 1) / out,
        (y.w() + out - 1) / out);
  }

  /**
   * Returns whether kernels exist for the layer: a square window of three to five taps for tiles of
   * 6 × 6 and of three for tiles of 4 × 4, no dilation, groups that begin at a block of channels.
   * With a stride, one group of planar channels.
   */
  boolean fits(Convolution layer, Site site) {
    int vector = site.vector();
    int filters = layer.filters() / layer.groups();
    boolean square =
        layer.kernel().h() == layer.kernel().w() && layer.stride().h() == layer.stride().w();
    boolean whole = layer.groups() == 1 || depth % vector == 0 && filters % vector == 0;
    boolean channels =
        step == 1 ? depth >= vector : layer.groups() == 1 && depth < 4 * vector * step;
    return site.family().isCpu()
        && square
        && whole
        && channels
        && (step == 1 || site.signature().input().c() < vector)
        && layer.dilation().equals(Extent.of(1))
        && taps >= FEWEST_TAPS
        && taps <= (alpha == 6 ? MOST_TAPS : FEWEST_TAPS);
  }

  /**
   * Returns whether kernels for GPUs exist for the layer: for inference, without stride and
   * dilation, a square window of three to five taps for tiles of 6 × 6 and of three for 4 × 4.
   */
  boolean fitsGpu(Convolution layer, Site site) {
    return !site.family().isCpu()
        && site.phase() == Phase.INFERENCE
        && layer.kernel().h() == layer.kernel().w()
        && layer.stride().equals(Extent.of(1))
        && layer.dilation().equals(Extent.of(1))
        && taps >= FEWEST_TAPS
        && taps <= (alpha == 6 ? MOST_TAPS : FEWEST_TAPS);
  }

  /** Returns the side of a tile of outputs. */
  int out() {
    return alpha + 1 - taps;
  }

  /** Returns the products of a tile, a channel and a filter. */
  int points() {
    return alpha * alpha;
  }

  /** Returns the tiles of an image. */
  int tiles() {
    return Math.multiplyExact(tilesH, tilesW);
  }

  /** Returns the rows that the tiles reach, from the first of the padding on. */
  int height() {
    return tilesH * out() + taps - 1;
  }

  /** Returns the columns that the tiles reach, from the first of the padding on. */
  int width() {
    return tilesW * out() + taps - 1;
  }
}
