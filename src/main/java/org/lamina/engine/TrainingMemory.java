package org.lamina.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.layer.PackedBuffer;
import org.lamina.network.Node;

/** Counts what the tasks of a training schedule take of a device's memory. */
final class TrainingMemory {

  private TrainingMemory() {}

  /** Returns the blocks that have to be placed: values that share memory are one. */
  static List<Placement.Block> blocks(List<Task> tasks, Collection<Value> inputs, int batch) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Placement.Block> blocks = new ArrayList<>();
    List<Value> values = new ArrayList<>(inputs);
    for (Task task : tasks) {
      values.addAll(task.writes());
      for (Storage storage : task.storage()) {
        if (storage.floats() > 0 && seen.add(storage)) {
          blocks.add(
              new Placement.Block(storage, storage.floats(), storage.first(), storage.last()));
        }
      }
    }
    for (Value value : values) {
      Value root = value.root();
      if (seen.add(root)) {
        long floats = root.layout().volume(root.shape(), batch);
        blocks.add(new Placement.Block(root, floats, root.first(), root.last()));
      }
    }
    return blocks;
  }

  /** Returns the floats of parameters in the forms that kernels want them in. */
  static long packedFloats(List<Task> tasks) {
    Set<PackedBuffer> packed = Collections.newSetFromMap(new IdentityHashMap<>());
    tasks.forEach(task -> packed.addAll(task.packed()));
    return packed.stream().mapToLong(PackedBuffer::floats).sum();
  }

  /** Returns the bytes of the largest single allocation. */
  static long largestAllocation(TrainingSchedule schedule) {
    long floats = Math.max(schedule.trained().floats(), schedule.frozen().floats());
    for (Task task : schedule.tasks()) {
      for (PackedBuffer packed : task.packed()) {
        floats = Math.max(floats, packed.floats());
      }
    }
    for (long arena : schedule.placement().arenas()) {
      floats = Math.max(floats, arena);
    }
    return floats * Float.BYTES;
  }

  /**
   * Returns the bytes that every layer adds to a step, its result, gradients and weights in the
   * forms that kernels want them in, by the layer's name; for telling where memory goes.
   */
  static Map<String, Long> bytesByLayer(TrainingSchedule schedule) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Task task : schedule.tasks().subList(0, schedule.stepEnd())) {
      long floats = task.packed().stream().mapToLong(PackedBuffer::floats).sum();
      floats += task.storage().stream().mapToLong(Storage::floats).sum();
      for (Value value : task.writes()) {
        floats += value.layout().volume(value.shape(), schedule.options().batch());
      }
      String name = task.node().map(Node::name).orElse(task.label());
      bytes.merge(name, floats * Float.BYTES, Long::sum);
    }
    return bytes;
  }
}
