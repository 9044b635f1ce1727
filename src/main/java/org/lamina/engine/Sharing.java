package org.lamina.engine;

import java.util.Collection;
import java.util.List;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Padding;
import org.lamina.tensor.Chw;

/**
 * Decides which values share memory: results written over the input they are made of, and parts of
 * a concatenation written where they will stand.
 */
final class Sharing {

  private Sharing() {}

  /**
   * Joins values where it is safe.
   *
   * @param inputs values the host writes: alive before the first operation, never overwritten
   * @param outputs values the host reads: alive after the last
   */
  static void apply(
      List<Operation> operations, Collection<Value> inputs, Collection<Value> outputs) {
    inputs.forEach(value -> value.touch(-1));
    outputs.forEach(value -> value.touch(operations.size()));
    for (int i = 0; i < operations.size(); i++) {
      for (Value input : operations.get(i).inputs()) {
        input.touch(i);
      }
      operations.get(i).output().touch(i);
    }
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      LayerProgram.Aliasing aliasing =
          operation.program().map(LayerProgram::aliasing).orElse(LayerProgram.Aliasing.NONE);
      switch (aliasing) {
        case IN_PLACE -> inPlace(operation, i, inputs);
        case SLICES -> slices(operation, inputs);
        case NONE -> {}
      }
    }
  }

  private static void inPlace(Operation operation, int at, Collection<Value> inputs) {
    Value x = operation.inputs().get(0);
    Value y = operation.output();
    boolean last = x.last() == at; // nobody in the group's memory is read later
    if (last && joinable(x, y, inputs) && x.shape().equals(y.shape()) && !x.root().isDense()) {
      // The group takes the host-readable result's place, or the other way round: same shape.
      x.joinTo(y, 0);
    }
  }

  private static void slices(Operation operation, Collection<Value> inputs) {
    Value y = operation.output();
    int channel = 0;
    for (Value x : operation.inputs()) {
      Chw shape = x.shape();
      if (channel % y.vector() == 0 && joinable(x, y, inputs) && !x.root().isDense()) {
        x.joinTo(y, channel);
      }
      channel += shape.c();
    }
  }

  private static boolean joinable(Value x, Value y, Collection<Value> inputs) {
    return x.coversRoot()
        && x.root() != y.root()
        && x.vector() == y.vector()
        && !inputs.contains(x.root())
        && (!y.root().isDense() || x.layout().halo().equals(Padding.NONE));
  }
}
