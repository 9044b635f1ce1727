package org.lamina.layer;

import org.lamina.tensor.Chw;

/**
 * How a batch of images lies in device memory: [N, CB, top + H + bottom, left + W + right, vector]
 * with CB = ceil(C / vector) blocks of channels.
 *
 * <p>With {@code vector = 1} this is NCHW. Lanes beyond C in the last block hold finite values that
 * nobody may use. The halo around each plane lets a convolution read its padding from memory
 * instead of testing for it: whoever asks for a halo finds zeros there.
 *
 * @param vector channels in a block
 * @param halo rows and columns of zeros around every plane
 */
public record Layout(int vector, Padding halo) {

  /** Returns a layout without a halo. */
  public static Layout of(int vector) {
    return new Layout(vector, Padding.NONE);
  }

  /** Returns the blocks of channels that {@code channels} need. */
  public int blocks(int channels) {
    return (channels + vector - 1) / vector;
  }

  /** Returns the number of floats from one row to the next. */
  public int row(Chw shape) {
    return Math.multiplyExact(halo.left() + shape.w() + halo.right(), vector);
  }

  /** Returns the number of floats from one block of channels to the next. */
  public int plane(Chw shape) {
    return Math.multiplyExact(halo.top() + shape.h() + halo.bottom(), row(shape));
  }

  /** Returns the number of floats from one image to the next. */
  public int image(Chw shape) {
    return Math.multiplyExact(blocks(shape.c()), plane(shape));
  }

  /** Returns the number of floats that {@code batch} images occupy. */
  public long volume(Chw shape, int batch) {
    return (long) batch * image(shape);
  }
}
