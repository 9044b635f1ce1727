package org.lamina.data;

import org.lamina.tensor.Chw;

/**
 * Makes the input of a network of a picture, once or in several views. Has no state that changes:
 * safe for several threads.
 */
public interface Pipeline {

  /** Returns the shape of one view: the network's input. */
  Chw shape();

  /** Returns how many views there are of every picture; 1 unless an evaluation takes crops. */
  default int views() {
    return 1;
  }

  /**
   * Makes the views of a picture, which stays as it is. The same picture and key give the same
   * bits, whenever and on whichever thread.
   *
   * @param key what random numbers depend on, where there are any
   * @param to receives the views, [views, C, H, W]
   * @param at where in {@code to} the first begins
   * @throws ImageException if the picture does not fit what is to be done with it
   */
  void apply(Picture picture, SampleKey key, float[] to, int at);
}
