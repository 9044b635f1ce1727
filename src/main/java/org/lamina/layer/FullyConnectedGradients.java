package org.lamina.layer;

/** Chooses the kernels of the way back through a fully connected layer. */
final class FullyConnectedGradients {

  private FullyConnectedGradients() {}

  static GradientProgram compile(FullyConnected layer, GradientSite site) {
    if (site.family().isCpu()) {
      return FullyConnectedTraining.backward(layer, site);
    }
    return GemmConvolutionGradient.compile(
        FullyConnectedPrograms.asConvolution(layer, site.signature().input()), site);
  }
}
