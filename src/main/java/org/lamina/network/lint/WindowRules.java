package org.lamina.network.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.network.Window;

/** Rules about what slides over an image. */
final class WindowRules {

  private WindowRules() {}

  /** One axis of a window over an image. */
  private record Axis(String lines, int in, int out, long span, int stride, int before, int after) {

    /** Rows or columns at the end that no window reaches; those of the padding do not count. */
    long unread() {
      return Math.max(0, in - (covered() - before));
    }

    private long covered() {
      return (out - 1L) * stride + span;
    }

    /** How much padding at the end makes room for one more window. */
    long wanted() {
      return covered() + stride - in - before;
    }

    /** How large an input fits exactly, one window more or none. */
    String fits() {
      long small = covered() - before - after;
      return small + " or " + (small + stride);
    }

    String unreadLines() {
      return unread() + " " + lines + (unread() == 1 ? "" : "s");
    }
  }

  private static List<Axis> axes(Spot spot, Window window) {
    Padding pad = window.pad();
    return List.of(
        new Axis(
            "row",
            spot.input().h(),
            spot.output().h(),
            window.spanHeight(),
            window.stride().h(),
            pad.top(),
            pad.bottom()),
        new Axis(
            "column",
            spot.input().w(),
            spot.output().w(),
            window.spanWidth(),
            window.stride().w(),
            pad.left(),
            pad.right()));
  }

  private static boolean isPoint(Window window) {
    return window.kernel().equals(Extent.of(1));
  }

  /**
   * Pixels at the end that a stride leaves over. Where the window is a single pixel, leaving pixels
   * out is what its stride is for.
   */
  static void droppedPixels(Spot spot, Consumer<Rule.Advice> found) {
    Optional<Window> window = Window.sliding(spot.node().layer()).filter(w -> !isPoint(w));
    if (window.isEmpty()) {
      return;
    }
    List<Axis> cut = axes(spot, window.get()).stream().filter(a -> a.unread() > 0).toList();
    if (cut.isEmpty()) {
      return;
    }
    List<String> what = new ArrayList<>();
    List<String> why = new ArrayList<>();
    for (Axis axis : cut) {
      what.add(axis.unreadLines());
      why.add(
          "%d windows of %d in steps of %d cover %d of %d"
              .formatted(
                  axis.out(), axis.span(), axis.stride(), axis.in() - axis.unread(), axis.in()));
    }
    Axis first = cut.get(0);
    boolean pooling = !spot.is(List.of(Convolution.class));
    Rule.report(
        found,
        "the last %s of its input %s never read: %s"
            .formatted(
                String.join(" and ", what),
                what.equals(List.of("1 " + first.lines())) ? "is" : "are",
                String.join("; ", why.stream().distinct().toList())),
        "pad %d more at the end, make the input %s pixels%s, or keep it if that is meant"
            .formatted(
                first.wanted() - first.after(), first.fits(), pooling ? ", 'round: ceil'" : ""));
  }

  /** Pixels between windows whose stride is larger than they are. */
  static void skippedPixels(Spot spot, Consumer<Rule.Advice> found) {
    Window.sliding(spot.node().layer())
        .filter(window -> !isPoint(window))
        .filter(
            w ->
                w.stride().h() > w.spanHeight() && spot.output().h() > 1
                    || w.stride().w() > w.spanWidth() && spot.output().w() > 1)
        .ifPresent(
            window ->
                Rule.report(
                    found,
                    "a stride of %s is larger than the window of %s, so pixels between windows are never read"
                        .formatted(window.stride(), window.kernel()),
                    "make the stride at most as large as the kernel"));
  }

  /** Windows that see nothing but padding. */
  static void emptyWindow(Spot spot, Consumer<Rule.Advice> found) {
    Window.sliding(spot.node().layer())
        .filter(
            w ->
                Math.max(w.pad().top(), w.pad().bottom()) >= w.spanHeight()
                    || Math.max(w.pad().left(), w.pad().right()) >= w.spanWidth())
        .ifPresent(
            window ->
                Rule.report(
                    found,
                    "with a pad of %s whole windows of %s lie outside of the image, and their result is the bias alone"
                        .formatted(window.pad(), window.kernel()),
                    "make the pad smaller than the kernel"));
  }

  /** Groups of one channel with several filters each, which cannot mix channels. */
  static void thinGroups(Spot spot, Consumer<Rule.Advice> found) {
    if (spot.node().layer() instanceof Convolution conv
        && conv.groups() > 1
        && conv.groups() == spot.input().c()
        && conv.filters() > conv.groups()) {
      Rule.report(
          found,
          "%d groups leave one channel to each, and its %d filters see nothing else"
              .formatted(conv.groups(), conv.filters() / conv.groups()),
          "use %d filters for a depthwise convolution, or fewer groups".formatted(conv.groups()));
    }
  }

  /** Normalisation of what a pooling is about to throw away. */
  static void normBeforePool(Spot spot, Consumer<Rule.Advice> found) {
    if (!(spot.node().layer() instanceof LocalResponseNormalization norm)
        || norm.region() != LocalResponseNormalization.Region.ACROSS_CHANNELS) {
      return;
    }
    Optional<Spot> pool = spot.reader().filter(r -> r.is(List.of(MaxPooling.class)));
    long smaller = pool.map(p -> p.input().volume() / p.output().volume()).orElse(0L);
    if (smaller > 1) {
      Rule.report(
          found,
          "it normalises %d times the values that '%s' keeps"
              .formatted(smaller, pool.orElseThrow().name()),
          "pool first, as Caffe's reference network does; the 2012 paper normalises first, and results differ a little");
    }
  }
}
