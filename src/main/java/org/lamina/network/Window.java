package org.lamina.network;

import java.util.Optional;
import org.lamina.layer.Extent;
import org.lamina.layer.Layer;
import org.lamina.layer.Padding;
import org.lamina.layer.TransposedConvolution;

/**
 * What slides over an image, of a convolution or a pooling.
 *
 * @param kernel its pixels
 * @param stride its step in pixels
 * @param pad rows and columns added around the image
 * @param dilation the distance between neighbouring pixels of it
 */
public record Window(Extent kernel, Extent stride, Padding pad, Extent dilation) {

  /** Returns the window of a layer that has a field {@code kernel}. */
  public static Optional<Window> of(Layer layer) {
    return LayerFields.value(layer, "kernel", Extent.class)
        .map(
            kernel ->
                new Window(
                    kernel,
                    LayerFields.value(layer, "stride", Extent.class).orElse(Extent.of(1)),
                    LayerFields.value(layer, "pad", Padding.class).orElse(Padding.NONE),
                    LayerFields.value(layer, "dilation", Extent.class).orElse(Extent.of(1))));
  }

  /** Returns the same for a layer whose output has a pixel for every place of the window. */
  public static Optional<Window> sliding(Layer layer) {
    return layer instanceof TransposedConvolution ? Optional.empty() : of(layer);
  }

  /** Returns how many rows it spans: {@code dilation * (kernel - 1) + 1}. */
  public long spanHeight() {
    return (long) dilation.h() * (kernel.h() - 1) + 1;
  }

  /** Returns how many columns it spans. */
  public long spanWidth() {
    return (long) dilation.w() * (kernel.w() - 1) + 1;
  }
}
