package org.lamina.formats.caffe;

/**
 * Where a parameter of the network comes from.
 *
 * @param layer the layer of the file
 * @param blob which of its tensors, from 0
 * @param change what is done to it
 */
record ParameterSource(String layer, int blob, Change change) {

  /** What is done to a tensor on its way. */
  enum Change {
    /** Nothing. */
    NONE(""),
    /** The two axes of a matrix change places. */
    TRANSPOSED("transposed"),
    /** The sums of a BatchNorm are divided by its third tensor, what they were weighted with. */
    AVERAGED("divided by blob 2"),
    /** There is none in the file: zeros. */
    ZEROS("not in the file: zeros");

    private final String text;

    Change(String text) {
      this.text = text;
    }

    /** Returns it for a report; empty if nothing is done. */
    String text() {
      return text;
    }
  }

  /** Returns a tensor that is taken as it is. */
  static ParameterSource of(String layer, int blob) {
    return new ParameterSource(layer, blob, Change.NONE);
  }
}
