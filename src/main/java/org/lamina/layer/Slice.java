package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Some of the channels, rows or columns: every {@code step}-th one from {@code start} to before
 * {@code end}.
 *
 * <pre>
 *   y[n,c,h,w] = x[n, start + c*step, h, w]    for the axis channel; the others likewise
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is smaller along one axis. As in Python, a negative start or end counts
 * from the end of the axis, and what lies beyond the axis is cut off; with a negative step the
 * order is reversed: {@code {axis: width, start: -1, end: -2147483647, step: -1}} is a mirror.
 * Several slices of one layer, side by side, split it.
 *
 * @param axis what is counted
 * @param start the first one taken, counted from 0
 * @param end before which to stop; the default is the end of the axis
 * @param step how far to go from one to the next; not 0
 */
@Key("slice")
public record Slice(
    @Default("channel") Axis axis,
    @Default("0") int start,
    @Default("2147483647") int end,
    @Default("1") int step)
    implements Layer {

  /** What a slice counts. */
  public enum Axis {
    /** Channels. */
    CHANNEL,
    /** Rows. */
    HEIGHT,
    /** Columns. */
    WIDTH
  }

  /**
   * @throws InvalidParameterException if step is 0
   */
  public Slice {
    Check.that(step != 0, "step", "step must not be 0");
  }

  /** Returns the channels from {@code start} to before {@code end}. */
  public static Slice channels(int start, int end) {
    return new Slice(Axis.CHANNEL, start, end, 1);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    int count = Math.toIntExact(count(x));
    return Signature.of(
        inputs,
        switch (axis) {
          case CHANNEL -> new Chw(count, x.h(), x.w());
          case HEIGHT -> new Chw(x.c(), count, x.w());
          case WIDTH -> new Chw(x.c(), x.h(), count);
        });
  }

  private long count(Chw x) {
    long first = first(x);
    long last = bound(end, extent(x));
    long count =
        step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -(long) step;
    Check.that(
        count > 0,
        "end",
        "from %d to before %d in steps of %d there is nothing in an axis of %d",
        start,
        end,
        step,
        extent(x));
    return count;
  }

  private int extent(Chw x) {
    return switch (axis) {
      case CHANNEL -> x.c();
      case HEIGHT -> x.h();
      case WIDTH -> x.w();
    };
  }

  /** Returns the index of the first channel, row or column that is taken of an input. */
  public int first(Chw x) {
    return (int) bound(start, extent(x));
  }

  /** Counts negative numbers from the end and cuts off what lies beyond. */
  private long bound(int index, int extent) {
    long at = index < 0 ? (long) index + extent : index;
    return step > 0 ? Math.min(Math.max(at, 0), extent) : Math.min(Math.max(at, -1), extent - 1L);
  }

  @Override
  public LayerProgram compile(Site site) {
    return MovePrograms.slice(this, site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return MoveGradients.slice(this, site);
  }
}
