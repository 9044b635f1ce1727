package org.lamina.layer;

/** Chooses the kernels of the way back through a convolution. */
final class ConvolutionGradients {

  private ConvolutionGradients() {}

  static GradientProgram compile(Convolution layer, GradientSite site) {
    if (GemmConvolutionGradient.applies(layer, site)) {
      return GemmConvolutionGradient.compile(layer, site);
    }
    return DirectConvolutionGradient.applies(layer, site)
        ? DirectConvolutionGradient.compile(layer, site)
        : PlainConvolutionGradient.compile(layer, site);
  }
}
