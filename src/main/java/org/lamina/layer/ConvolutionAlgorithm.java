package org.lamina.layer;

import java.util.List;

/**
 * One way to compute a convolution: where it can be used, what it is expected to cost, and its
 * kernels. All can add another tensor to their result, see {@link Site#adds}.
 *
 * <p>{@link #ALL} is the catalogue. What a layer gets is decided by {@link ConvolutionPrograms}:
 * the {@link Choices} of the site if they name an algorithm, the cheapest by {@link #cost}
 * otherwise.
 */
interface ConvolutionAlgorithm {

  /** Every algorithm; of equal costs the first is taken. */
  List<ConvolutionAlgorithm> ALL =
      List.of(
          new DepthwiseConvolution.Algorithm(),
          new DirectConvolution.Algorithm(false),
          new DirectConvolution.Algorithm(true),
          GemmConvolution.Algorithm.of(GemmTile.LARGE),
          GemmConvolution.Algorithm.of(GemmTile.MEDIUM),
          GemmConvolution.Algorithm.of(GemmTile.SMALL),
          new GemmConvolution.Algorithm(GemmTile.MEDIUM, true, Precision.SINGLE),
          new GemmConvolution.Algorithm(GemmTile.MATRIX, false, Precision.TF32),
          new GemmConvolution.Algorithm(GemmTile.MATRIX, true, Precision.TF32),
          new GemmConvolution.Algorithm(GemmTile.MATRIX, false, Precision.HALF),
          new GemmConvolution.Algorithm(GemmTile.MATRIX, true, Precision.HALF),
          new WinogradGpuConvolution.Algorithm(6),
          new WinogradGpuConvolution.Algorithm(4),
          new WinogradConvolution.Algorithm(6),
          new WinogradConvolution.Algorithm(4),
          new PlainConvolution.Algorithm());

  /** Returns the name in reports and {@link Choices}: lower case, words joined by underscores. */
  String name();

  /** Returns whether the kernels are right for this layer at this place. */
  boolean applies(Convolution layer, Site site);

  /**
   * Estimates the time of one run of {@code site.batch()} images, in vector multiply-adds of one
   * core on the CPU family and in multiply-adds of a whole device on the GPU family; only compared
   * with other algorithms at the same place. Asked only where {@link #applies}.
   */
  double cost(Convolution layer, Site site);

  /** Returns the program; asked only where {@link #applies}. */
  LayerProgram compile(Convolution layer, Site site);
}
