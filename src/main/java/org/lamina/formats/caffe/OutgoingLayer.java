package org.lamina.formats.caffe;

import java.util.List;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.tensor.Shape;

/**
 * A layer that is written for Caffe.
 *
 * @param definition everything but its tensors
 * @param tensors its tensors, in Caffe's order
 */
record OutgoingLayer(LayerParameter definition, List<Stored> tensors) {

  /**
   * A tensor.
   *
   * @param from the parameter of the network; empty for a single 1
   * @param shape its extents
   */
  record Stored(String from, Shape shape) {

    /** What the sums of a BatchNorm are to be divided by. */
    static final Stored ONE = new Stored("", Shape.of(1));
  }
}
