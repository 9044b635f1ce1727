package org.lamina.layer;

/** The programs of {@link Convolution}. */
final class ConvolutionPrograms {

  private ConvolutionPrograms() {}

  static LayerProgram compile(Convolution layer, Site site) {
    throw new AssertionError(layer + " has no kernels yet for " + site.family());
  }
}
