package org.lamina.layer;

/** The programs of {@link FullyConnected}. */
final class FullyConnectedPrograms {

  private FullyConnectedPrograms() {}

  static LayerProgram compile(FullyConnected layer, Site site) {
    throw new AssertionError(layer + " has no kernels yet for " + site.family());
  }
}
