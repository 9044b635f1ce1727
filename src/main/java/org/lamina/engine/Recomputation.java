package org.lamina.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Phase;

/**
 * Trades time for memory: the way forward is cut into segments, and of each but the last only what
 * others read is kept. What its way back reads besides is worked out once more, right before, from
 * what was kept; with the same kernels and random numbers, so with the same bits.
 *
 * <p>Source: Chen, Xu, Zhang and Guestrin (2016), "Training deep nets with sublinear memory cost",
 * section 4. The cuts are where little is alive.
 */
final class Recomputation {

  private final ForwardPass forward;
  private final List<Task> tasks;
  private final int forwardEnd;
  private final int[] segments;
  private final int last;
  private final Map<Value, Integer> writers = new IdentityHashMap<>();
  private final Map<String, Integer> segmentOf = new HashMap<>();
  private final Set<Value> kept = Collections.newSetFromMap(new IdentityHashMap<>());

  private Recomputation(
      ForwardPass forward, List<Task> tasks, int forwardEnd, int count, int batch) {
    this.forward = forward;
    this.tasks = tasks;
    this.forwardEnd = forwardEnd;
    for (int i = 0; i < forwardEnd; i++) {
      for (Value value : tasks.get(i).writes()) {
        writers.put(value, i);
      }
    }
    segments = new Cuts(tasks.subList(0, forwardEnd), writers, batch).segments(count);
    last = segments[forwardEnd - 1];
    for (int i = 0; i < forwardEnd; i++) {
      int segment = segments[i];
      tasks.get(i).node().ifPresent(node -> segmentOf.put(node.name(), segment));
    }
    for (Step step : forward.steps()) {
      step.fused().ifPresent(node -> segmentOf.put(node.name(), segmentOf.get(step.node().name())));
    }
    keep();
  }

  /**
   * Returns the tasks of a step with recomputation.
   *
   * @param tasks of the way forward, the losses and the way back
   * @param forwardEnd how many of them are the way forward
   * @param count how many segments there are
   */
  static List<Task> of(
      ForwardPass forward, List<Task> tasks, int forwardEnd, int count, int batch) {
    return new Recomputation(forward, tasks, forwardEnd, count, batch).tasks();
  }

  /** Finds what other segments read, forward or back: that stays. */
  private void keep() {
    boolean back = false;
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      back |= i >= forwardEnd && task.node().isPresent();
      Optional<Integer> reader =
          i < forwardEnd
              ? Optional.of(segments[i])
              : task.node().map(node -> segmentOf.get(node.name()));
      boolean loss = !back && i >= forwardEnd;
      for (Value value : task.reads()) {
        Integer writer = writers.get(value);
        boolean elsewhere =
            writer != null && reader.isPresent() && reader.get() != segments[writer];
        if (writer != null && (loss || elsewhere || segments[writer] == last)) {
          kept.add(value);
        }
      }
    }
  }

  private List<Task> tasks() {
    Map<Integer, List<Task>> again = again();
    Map<Value, Value> copies = new IdentityHashMap<>();
    List<Task> all = new ArrayList<>(tasks.subList(0, forwardEnd));
    for (Task task : tasks.subList(forwardEnd, tasks.size())) {
      for (Value value : task.reads()) {
        Integer writer = writers.get(value);
        if (writer != null && !kept.contains(value) && !copies.containsKey(value)) {
          again.get(segments[writer]).forEach(each -> all.add(repeated(each, copies)));
        }
      }
      all.add(task.reading(task.reads().stream().map(v -> copies.getOrDefault(v, v)).toList()));
    }
    return all;
  }

  /** Returns the tasks of every segment that have to run again, in order. */
  private Map<Integer, List<Task>> again() {
    Set<Value> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Task task : tasks.subList(forwardEnd, tasks.size())) {
      wanted.addAll(task.reads());
    }
    wanted.removeAll(kept);
    Map<Integer, List<Task>> again = new TreeMap<>();
    for (int i = forwardEnd - 1; i >= 0; i--) {
      Task task = tasks.get(i);
      if (task.writes().stream().anyMatch(wanted::contains)) {
        again.computeIfAbsent(segments[i], key -> new ArrayList<>()).add(0, task);
        task.reads().stream().filter(value -> !kept.contains(value)).forEach(wanted::add);
      }
    }
    return again;
  }

  private Task repeated(Task task, Map<Value, Value> copies) {
    List<Value> writes = new ArrayList<>();
    for (Value value : task.writes()) {
      Value copy = new Value(value.name(), value.shape(), value.vector(), value.isDense());
      copy.wantHalo(value.layout().halo());
      copies.put(value, copy);
      writes.add(copy);
    }
    List<Value> reads = task.reads().stream().map(v -> copies.getOrDefault(v, v)).toList();
    Optional<LayerProgram> other = task.node().flatMap(forward::again);
    List<Storage> storage = new ArrayList<>(task.storage());
    if (!storage.isEmpty()) { // what the layer keeps for its way back, behind, is there already
      storage.set(0, new Storage(other.map(LayerProgram::scratch).orElse(storage.get(0).floats())));
    }
    Task.Maker maker =
        other.isPresent()
            ? (places, made) -> places.forward(made, other.get(), Phase.REPETITION)
            : task.maker();
    return new Task(
        task.label() + ", again",
        task.node(),
        reads,
        writes,
        task.sharing(),
        storage,
        other.map(LayerProgram::parameters).orElse(task.packed()),
        maker);
  }

  /** Cuts the way forward into segments that write about as much, where little is alive. */
  private static final class Cuts {

    private final List<Task> tasks;
    private final long[] written;
    private final long[] crossing;

    Cuts(List<Task> tasks, Map<Value, Integer> writers, int batch) {
      this.tasks = tasks;
      written = new long[tasks.size() + 1];
      crossing = new long[tasks.size() + 1];
      Map<Value, Integer> lastReader = new IdentityHashMap<>();
      for (int i = 0; i < tasks.size(); i++) {
        for (Value value : tasks.get(i).reads()) {
          lastReader.put(value, i);
        }
      }
      for (int i = 0; i < tasks.size(); i++) {
        written[i + 1] = written[i];
        for (Value value : tasks.get(i).writes()) {
          long floats = value.layout().volume(value.shape(), batch);
          written[i + 1] += floats;
          for (int cut = i + 1; cut <= lastReader.getOrDefault(value, i); cut++) {
            crossing[cut] += floats;
          }
        }
      }
    }

    /** Returns the segment of every task. */
    int[] segments(int count) {
      int[] segments = new int[tasks.size()];
      int begin = 0;
      for (int k = 1; k < count; k++) {
        int cut = best(written[tasks.size()] * k / count, written[tasks.size()] / count / 3, begin);
        for (int i = cut; i < segments.length && cut > begin; i++) {
          segments[i]++;
        }
        begin = Math.max(begin, cut);
      }
      return segments;
    }

    /** Returns the cut near a place, after another one, over which the least is carried. */
    private int best(long place, long reach, int after) {
      int best = after;
      long least = Long.MAX_VALUE;
      for (int cut = after + 1; cut < tasks.size(); cut++) {
        if (Math.abs(written[cut] - place) <= reach && crossing[cut] < least) {
          least = crossing[cut];
          best = cut;
        }
      }
      return best;
    }
  }
}
