package org.lamina.engine;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.Launch;
import org.lamina.layer.PackedBuffer;
import org.lamina.network.Node;

/**
 * One thing a training plan does: run a layer forward or back, copy, add, or compare with labels.
 *
 * @param label what it is called in reports
 * @param node the layer it belongs to; none for copies and sums
 * @param reads the values it reads
 * @param writes the values it writes
 * @param sharing what may share memory
 * @param storage working memory, and what outlives the task
 * @param packed device memory derived from the layer's parameters
 * @param maker makes its launches
 */
record Task(
    String label,
    Optional<Node> node,
    List<Value> reads,
    List<Value> writes,
    Sharing sharing,
    List<Storage> storage,
    List<PackedBuffer> packed,
    Maker maker) {

  /** What may share memory. */
  enum Sharing {
    /** Nothing. */
    NONE,
    /** The first value written may lie where the first one read lies. */
    IN_PLACE,
    /** The values read may be slices of the one written, channels in order. */
    READS_ARE_SLICES,
    /** The values written may be slices of the first one read, channels in order. */
    WRITES_ARE_SLICES
  }

  /** Makes launches once memory is placed. */
  interface Maker {
    List<Launch> launches(TrainingBinding places, Task task);
  }

  /** Returns the same task, but it reads other values, of the same shapes and layouts. */
  Task reading(List<Value> others) {
    return new Task(label, node, others, writes, sharing, storage, packed, maker);
  }

  /** Returns a task that touches nothing but values. */
  static Task plain(
      String label, List<Value> reads, List<Value> writes, Sharing sharing, Maker maker) {
    return new Task(label, Optional.empty(), reads, writes, sharing, List.of(), List.of(), maker);
  }
}
