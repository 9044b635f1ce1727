package org.lamina.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.DepthToSpace;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.layer.Pad;
import org.lamina.layer.Permute;
import org.lamina.layer.Reorganize;
import org.lamina.layer.Reshape;
import org.lamina.layer.Slice;
import org.lamina.layer.SpaceToDepth;
import org.lamina.layer.TransposedConvolution;
import org.lamina.layer.Upsample;
import org.lamina.tensor.Chw;

/**
 * Which pixels of the network's input an output pixel of a layer depends on.
 *
 * <p>Along each axis, a window of span k, stride s and padding p before the image makes of a field
 * with start a, size r and jump j:
 *
 * <pre>
 *   a' = a - p*j      r' = r + (k - 1)*j      j' = j*s
 * </pre>
 *
 * <p>A transposed convolution or an enlargement divides the jump, which is rounded up to whole
 * pixels. A layer that reads several has the union of their fields. One that makes a single pixel
 * of a whole image without a window (fully connected, global pooling) sees what all its pixels saw.
 * Padding counts: a field may be larger than the image. All numbers stop at 2^31.
 *
 * @param vertical along the height
 * @param horizontal along the width
 */
public record ReceptiveField(Axis vertical, Axis horizontal) {

  private static final long LIMIT = 1L << 31;

  /** Layers whose pixels may come from anywhere in the image. */
  private static final Set<Class<? extends Layer>> MIXING =
      Set.of(Permute.class, Reorganize.class, Reshape.class);

  /**
   * One axis, in pixels of the input.
   *
   * @param start where the field of the first output pixel begins; negative in the padding
   * @param size how many pixels a field has
   * @param jump how far the fields of neighbouring output pixels lie apart
   */
  public record Axis(long start, long size, long jump) {

    /** Keeps the numbers small enough to go on with. */
    public Axis {
      start = Math.max(-LIMIT, start);
      size = Math.min(LIMIT, size);
      jump = Math.min(LIMIT, jump);
    }

    private Axis slide(long span, int stride, int before) {
      return new Axis(
          start - before * jump, size + Math.min(span - 1, LIMIT) * jump, jump * stride);
    }

    private Axis whole(int pixels) {
      return new Axis(start, size + (pixels - 1) * jump, jump);
    }

    /** Skips pixels before the first one, and between those taken; a mirror turns fields around. */
    private Axis skip(int first, int step, int count) {
      int least = step > 0 ? first : first + (count - 1) * step;
      return new Axis(start + least * jump, size, jump * Math.abs(step));
    }

    /** Enlarges the image: the fields of neighbours lie less far apart, at least a pixel. */
    private Axis enlarge(long span, int times, int before) {
      long first = -Math.floorDiv(span - 1 - before, (long) times);
      return new Axis(
          start + first * jump,
          size + (span - 1) / times * jump,
          Math.max(1, (jump + times - 1) / times));
    }

    private Axis union(Axis other) {
      long first = Math.min(start, other.start);
      long end = Math.max(start + size, other.start + other.size);
      return new Axis(first, end - first, Math.max(jump, other.jump));
    }
  }

  /** Returns the receptive fields of all layers, by name. */
  public static Map<String, ReceptiveField> of(Network network) {
    Axis pixel = new Axis(0, 1, 1);
    Map<String, ReceptiveField> fields = new LinkedHashMap<>();
    network.inputs().keySet().forEach(name -> fields.put(name, new ReceptiveField(pixel, pixel)));
    for (Node node : network.nodes()) {
      ReceptiveField read =
          node.from().stream().map(fields::get).reduce(ReceptiveField::union).orElseThrow();
      fields.put(node.name(), read.through(node));
    }
    network.inputs().keySet().forEach(fields::remove);
    return fields;
  }

  private ReceptiveField union(ReceptiveField other) {
    return new ReceptiveField(vertical.union(other.vertical), horizontal.union(other.horizontal));
  }

  private ReceptiveField through(Node node) {
    Optional<ReceptiveField> moved = moved(node);
    if (moved.isPresent()) {
      return moved.get();
    }
    Optional<Window> window = Window.of(node.layer());
    if (window.isPresent()) {
      Window w = window.get();
      return new ReceptiveField(
          vertical.slide(w.spanHeight(), w.stride().h(), w.pad().top()),
          horizontal.slide(w.spanWidth(), w.stride().w(), w.pad().left()));
    }
    if (node.layer() instanceof LocalResponseNormalization norm
        && norm.region() == Region.WITHIN_CHANNEL) {
      int before = (norm.size() - 1) / 2;
      return new ReceptiveField(
          vertical.slide(norm.size(), 1, before), horizontal.slide(norm.size(), 1, before));
    }
    Chw x = node.signature().input();
    Chw y = node.signature().output();
    return new ReceptiveField(
        y.h() == 1 ? vertical.whole(x.h()) : vertical,
        y.w() == 1 ? horizontal.whole(x.w()) : horizontal);
  }

  /** Returns the field through a layer that gives pixels another place, if it is one. */
  private Optional<ReceptiveField> moved(Node node) {
    Chw x = node.signature().input();
    Chw y = node.signature().output();
    ReceptiveField field = null;
    if (node.layer() instanceof TransposedConvolution) {
      Window w = Window.of(node.layer()).orElseThrow();
      field =
          new ReceptiveField(
              vertical.enlarge(w.spanHeight(), w.stride().h(), w.pad().top()),
              horizontal.enlarge(w.spanWidth(), w.stride().w(), w.pad().left()));
    } else if (node.layer() instanceof Upsample || node.layer() instanceof DepthToSpace) {
      field =
          new ReceptiveField(
              vertical.enlarge(1, y.h() / x.h(), 0), horizontal.enlarge(1, y.w() / x.w(), 0));
    } else if (node.layer() instanceof SpaceToDepth blocks) {
      int side = blocks.block();
      field = new ReceptiveField(vertical.slide(side, side, 0), horizontal.slide(side, side, 0));
    } else if (node.layer() instanceof Pad pad) {
      field =
          new ReceptiveField(
              vertical.slide(1, 1, pad.pad().top()), horizontal.slide(1, 1, pad.pad().left()));
    } else if (node.layer() instanceof Slice slice) {
      field =
          switch (slice.axis()) {
            case CHANNEL -> this;
            case HEIGHT ->
                new ReceptiveField(vertical.skip(slice.first(x), slice.step(), y.h()), horizontal);
            case WIDTH ->
                new ReceptiveField(vertical, horizontal.skip(slice.first(x), slice.step(), y.w()));
          };
    } else if (MIXING.contains(node.layer().getClass()) && !x.equals(y)) {
      field = new ReceptiveField(vertical.whole(x.h()), horizontal.whole(x.w()));
    }
    return Optional.ofNullable(field);
  }

  /** Returns height and width of the field. */
  public List<Long> size() {
    return List.of(vertical.size(), horizontal.size());
  }

  /** Returns how far neighbouring fields lie apart, vertically and horizontally. */
  public List<Long> jump() {
    return List.of(vertical.jump(), horizontal.jump());
  }
}
