package org.lamina.formats.onnx;

import java.util.List;
import org.lamina.tensor.Chw;

/** What an operator reads: a tensor known beforehand, or a result of the network. */
sealed interface Operand {

  /** Returns the extents as the model sees them. */
  List<Integer> dims();

  /**
   * A result of the network, or one of its inputs.
   *
   * @param name the layer or input
   * @param dims the extents as the model sees them, with the batch
   * @param view channels, height and width as the layer makes them: the same elements, in the same
   *     order, without the batch
   */
  record Activation(String name, List<Integer> dims, Chw view) implements Operand {

    /** Copies the list. */
    public Activation {
      dims = List.copyOf(dims);
    }

    /** Returns the same elements with other extents. */
    Activation withDims(List<Integer> others) {
      return new Activation(name, others, view);
    }
  }

  /**
   * A tensor whose values are known.
   *
   * @param values the values, worked out when they are asked for
   */
  record Constant(Values values) implements Operand {
    @Override
    public List<Integer> dims() {
      return values.dims();
    }
  }

  /** The result of a node that was refused: whoever reads it is passed over. */
  record Unknown() implements Operand {
    @Override
    public List<Integer> dims() {
      return List.of();
    }
  }
}
