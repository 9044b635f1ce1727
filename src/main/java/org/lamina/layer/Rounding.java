package org.lamina.layer;

/**
 * How the number of pooling windows is rounded where they do not divide the padded image.
 *
 * <p>{@code floor} is what the paper, PyTorch and ONNX do; {@code ceil} is what Caffe does (and
 * PyTorch and ONNX with {@code ceil_mode}): a last window may hang over the padded border, but one
 * that would start beyond the image and its leading padding is dropped.
 */
public enum Rounding {
  /** Windows that do not fit whole are dropped. */
  FLOOR,
  /** A last window that hangs over the border is kept. */
  CEIL
}
