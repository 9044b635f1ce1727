package org.lamina.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Curves over epochs as SVG. Elements have classes, by which a page may give them its own colours.
 * Text is set by whoever shows it, so that no fonts are needed to draw.
 */
final class Chart {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 300;
  private static final int LEFT = 56;
  private static final int RIGHT = 16;
  private static final int TOP = 34;
  private static final int BOTTOM = 36;
  private static final int MOST_TICKS = 6;

  private final String title;
  private final String unit;
  private final boolean logarithmic;
  private final List<Curve> curves = new ArrayList<>();

  /** A point of a curve. */
  record Point(double x, double y) {}

  /**
   * A curve.
   *
   * @param name in the legend
   * @param color its CSS class: {@code a} or {@code b}
   * @param points in the order of x
   * @param dots whether points are marked
   */
  record Curve(String name, String color, List<Point> points, boolean dots) {}

  /**
   * Makes an empty chart.
   *
   * @param unit what follows the numbers of the vertical axis: {@code " %"}
   * @param logarithmic whether the vertical axis is
   */
  Chart(String title, String unit, boolean logarithmic) {
    this.title = title;
    this.unit = unit;
    this.logarithmic = logarithmic;
  }

  /** Adds a curve; points that are not finite are left out, and so is a curve without any. */
  void add(Curve curve) {
    List<Point> finite =
        curve.points().stream()
            .filter(p -> Double.isFinite(p.y()) && !(logarithmic && p.y() <= 0))
            .toList();
    if (!finite.isEmpty()) {
      curves.add(new Curve(curve.name(), curve.color(), finite, curve.dots()));
    }
  }

  /** Returns the SVG element. */
  String svg() {
    StringBuilder out = new StringBuilder();
    append(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
            + " font-family=\"system-ui, sans-serif\" font-size=\"12\">\n",
        WIDTH,
        HEIGHT,
        Html.escape(title));
    append(
        out,
        "<text x=\"%d\" y=\"20\" font-size=\"14\" font-weight=\"600\" class=\"ink\" fill=\"#1f2933\">%s</text>\n",
        LEFT,
        Html.escape(title));
    if (curves.isEmpty()) {
      append(
          out,
          "<text x=\"%d\" y=\"%d\" class=\"soft\" fill=\"#7b8794\">nothing was measured</text>\n",
          LEFT,
          HEIGHT / 2);
    } else {
      draw(out);
    }
    return out.append("</svg>\n").toString();
  }

  private void draw(StringBuilder out) {
    double lowX =
        curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::x).min().orElse(0);
    double highX =
        curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::x).max().orElse(1);
    double low = all().min().orElse(0);
    double high = all().max().orElse(1);
    Axis x = Axis.of(Math.min(0, lowX), Math.max(highX, lowX + 1e-9), LEFT, WIDTH - RIGHT, false);
    Axis y = Axis.of(low, high, HEIGHT - BOTTOM, TOP, true);
    grid(out, x, y);
    int at = WIDTH - RIGHT;
    for (Curve curve : curves) {
      curve(out, curve, x, y);
    }
    for (int i = curves.size() - 1; i >= 0; i--) {
      Curve curve = curves.get(i);
      append(
          out,
          "<text class=\"dot-%s\" x=\"%d\" y=\"20\" text-anchor=\"end\" fill=\"%s\">%s</text>\n",
          curve.color(),
          at,
          color(curve),
          Html.escape(curve.name()));
      at -= 8 * curve.name().length() + 12;
    }
  }

  private DoubleStream all() {
    return curves.stream().flatMap(c -> c.points().stream()).mapToDouble(p -> scaled(p.y()));
  }

  private double scaled(double y) {
    return logarithmic ? Math.log10(y) : y;
  }

  private static String color(Curve curve) {
    return curve.color().equals("a") ? "#2563eb" : "#d9480f";
  }

  private void grid(StringBuilder out, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      append(
          out,
          "<path d=\"M%d %.1fH%d\" class=\"line\" stroke=\"#e4e7eb\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\" class=\"soft\" fill=\"#7b8794\">%s</text>\n",
          LEFT,
          y.at(tick),
          WIDTH - RIGHT,
          LEFT - 8,
          y.at(tick) + 4,
          number(logarithmic ? Math.pow(10, tick) : tick) + unit);
    }
    for (double tick : x.ticks()) {
      append(
          out,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" class=\"soft\" fill=\"#7b8794\">%s</text>\n",
          x.at(tick),
          HEIGHT - BOTTOM + 18,
          number(tick));
    }
    append(
        out,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"soft\" fill=\"#7b8794\">epoch</text>\n",
        WIDTH - RIGHT,
        HEIGHT - 4);
  }

  private void curve(StringBuilder out, Curve curve, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (Point point : curve.points()) {
      append(
          path,
          "%s%.1f %.1f",
          path.isEmpty() ? "M" : "L",
          x.at(point.x()),
          y.at(scaled(point.y())));
    }
    append(
        out,
        "<path class=\"curve-%s\" d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\"/>\n",
        curve.color(),
        path,
        color(curve));
    if (curve.dots()) {
      for (Point point : curve.points()) {
        append(
            out,
            "<circle class=\"dot-%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"><title>epoch %s: %s%s</title></circle>\n",
            curve.color(),
            x.at(point.x()),
            y.at(scaled(point.y())),
            color(curve),
            number(point.x()),
            number(point.y()),
            unit);
      }
    }
  }

  private static String number(double value) {
    double rounded = Math.abs(value) < 1e-12 ? 0 : value;
    String text = String.format(Locale.ROOT, Math.abs(rounded) >= 100 ? "%.0f" : "%.3g", rounded);
    if (text.contains("e")) {
      text = String.format(Locale.ROOT, "%.6f", rounded);
    }
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }

  /** A straight scale from values to pixels, with round numbers on it. */
  private record Axis(double low, double high, double from, double to, double step) {

    static Axis of(double least, double most, double from, double to, boolean rounds) {
      double span = most - least > 1e-9 ? most - least : Math.max(1e-3, Math.abs(most));
      double rough = span / MOST_TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step = power;
      for (double factor : new double[] {1, 2, 5, 10}) {
        step = power * factor;
        if (step >= rough) {
          break;
        }
      }
      double low = rounds ? Math.floor(least / step) * step : least;
      double high = rounds ? Math.ceil((least + span) / step) * step : least + span;
      return new Axis(low, high, from, to, step);
    }

    double at(double value) {
      return from + (value - low) / (high - low) * (to - from);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      for (double n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
        ticks.add(n * step);
      }
      return ticks;
    }
  }
}
