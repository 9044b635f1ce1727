package org.lamina.engine;

import java.util.Collection;
import java.util.List;
import org.lamina.layer.Padding;
import org.lamina.tensor.Chw;

/** Decides which values of a training graph share memory; {@link Sharing} does it for plans. */
final class TaskSharing {

  private TaskSharing() {}

  /** Notes when every value and storage is alive, then joins values where it is safe. */
  static void apply(List<Task> tasks, Collection<Value> inputs) {
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      int at = i;
      task.reads().forEach(value -> value.touch(at));
      task.writes().forEach(value -> value.touch(at));
      task.storage().forEach(storage -> storage.touch(at));
    }
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      switch (task.sharing()) {
        case IN_PLACE -> inPlace(task, i, inputs);
        case READS_ARE_SLICES -> slices(task.reads(), task.writes().get(0), inputs);
        case WRITES_ARE_SLICES -> slices(task.writes(), task.reads().get(0), inputs);
        case NONE -> {}
      }
    }
  }

  private static void inPlace(Task task, int at, Collection<Value> inputs) {
    Value x = task.reads().get(0);
    Value y = task.writes().get(0);
    boolean last = x.last() == at; // nobody in the group's memory is read later
    if (last && joinable(x, y, inputs) && x.shape().equals(y.shape())) {
      x.joinTo(y, 0);
    }
  }

  private static void slices(List<Value> slices, Value whole, Collection<Value> inputs) {
    int channel = 0;
    for (Value slice : slices) {
      Chw shape = slice.shape();
      if (channel % whole.vector() == 0 && joinable(slice, whole, inputs)) {
        slice.joinTo(whole, channel);
      }
      channel += shape.c();
    }
  }

  private static boolean joinable(Value x, Value y, Collection<Value> inputs) {
    return x.coversRoot()
        && x.root() != y.root()
        && x.vector() == y.vector()
        && !x.root().isDense()
        && !inputs.contains(y.root())
        && (!y.root().isDense() || x.layout().halo().equals(Padding.NONE));
  }
}
