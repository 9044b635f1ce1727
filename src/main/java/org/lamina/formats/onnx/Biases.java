package org.lamina.formats.onnx;

import org.lamina.layer.Convolution;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.network.Layers;

/** Layers that have a bias if one wants. */
final class Biases {

  private Biases() {}

  /** Returns whether a layer could have a bias, and has none. */
  static boolean missing(Layer layer) {
    return layer instanceof Convolution conv && !conv.bias()
        || layer instanceof FullyConnected full && !full.bias();
  }

  /** Returns the layer with a bias. */
  static Layer added(Layer layer) {
    return Layers.with(layer, "bias", true);
  }
}
