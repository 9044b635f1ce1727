package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * A layer, and inputs to try it on.
 *
 * @param layer the layer
 * @param inputs the shape of one image of every input
 * @param values what the inputs hold
 */
record LayerCase(Layer layer, List<Chw> inputs, Values values) {

  /** What inputs hold. */
  enum Values {
    /** Floats between -2 and 2. */
    RANDOM,
    /** Few different whole numbers, so that windows have ties, and zeros. */
    TIED,
    /** Floats up to 1000 in size, for what saturates. */
    LARGE,
    /** Floats between 98 and 102: what is left of their sums is far smaller than they are. */
    BIASED,
    /** Floats between -2 and 2, and up to e^5 times as large or small. */
    WIDE,
    /** Floats near 1, whose plain sum loses digits. */
    NEAR_ONE,
    /** Floats between -2 and 2 and now and then a NaN. */
    WITH_NAN,
    /** Floats between -2 and 2 and now and then an infinity. */
    WITH_INFINITY
  }

  static LayerCase of(Layer layer, Chw... inputs) {
    return new LayerCase(layer, List.of(inputs), Values.RANDOM);
  }

  LayerCase with(Values other) {
    return new LayerCase(layer, inputs, other);
  }

  Signature signature() {
    return layer.infer(inputs);
  }

  @Override
  public String toString() {
    String kind = values == Values.RANDOM ? "" : " " + values;
    return layer + " on " + inputs + kind;
  }
}
