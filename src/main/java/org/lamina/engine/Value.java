package org.lamina.engine;

import org.lamina.layer.Layout;
import org.lamina.layer.Padding;
import org.lamina.tensor.Chw;

/**
 * A tensor of a schedule: written by one operation, read by others; mutable while the schedule is
 * made.
 *
 * <p>Values that share memory form a group: each knows its root and the channel of the root at
 * which it begins. Halo and lifetime are those of the group and kept at the root.
 */
final class Value {

  private final String name;
  private final Chw shape;
  private final int vector;
  private final boolean dense;
  private Value root = this;
  private int channel;
  private Padding halo = Padding.NONE;
  private int first = Integer.MAX_VALUE;
  private int last = Integer.MIN_VALUE;

  /**
   * Makes a value.
   *
   * @param dense whether the host reads or writes it: it must be planar and without a halo
   */
  Value(String name, Chw shape, int vector, boolean dense) {
    this.name = name;
    this.shape = shape;
    this.vector = vector;
    this.dense = dense;
  }

  String name() {
    return name;
  }

  Chw shape() {
    return shape;
  }

  int vector() {
    return vector;
  }

  boolean isDense() {
    return dense;
  }

  Value root() {
    return root == this ? this : root.root();
  }

  /** Returns the channel of the root at which this value begins. */
  int channel() {
    return root == this ? 0 : root.channel() + channel;
  }

  /** Returns whether this value is all of its group's memory. */
  boolean coversRoot() {
    return channel() == 0 && shape.equals(root().shape);
  }

  /** Returns how the group's memory is laid out. */
  Layout layout() {
    return new Layout(vector, root().halo);
  }

  /** Returns the first operation that touches the group's memory. */
  int first() {
    return root().first;
  }

  /** Returns the last operation that touches the group's memory. */
  int last() {
    return root().last;
  }

  void wantHalo(Padding wanted) {
    root().halo = root().halo.union(wanted);
  }

  void touch(int operation) {
    Value r = root();
    r.first = Math.min(r.first, operation);
    r.last = Math.max(r.last, operation);
  }

  /** Puts this value's whole group into another value's memory, from a channel on. */
  void joinTo(Value host, int at) {
    Value r = root();
    Value target = host.root();
    r.root = host;
    r.channel = at;
    target.halo = target.halo.union(r.halo);
    target.first = Math.min(target.first, r.first);
    target.last = Math.max(target.last, r.last);
  }
}
