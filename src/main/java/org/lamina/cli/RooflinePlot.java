package org.lamina.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.lamina.engine.Profile;
import org.lamina.engine.Roofline;

/** The axes, the roof and the layers of a {@link RooflinePicture}. */
final class RooflinePlot {

  static final int LEFT = 76;
  static final int TOP = 92;
  static final int WIDTH = 600;
  static final int HEIGHT = 500;

  private static final double LARGEST_RADIUS = 24;
  private static final double SMALLEST_RADIUS = 5;
  private static final double TAG = 15;
  private static final int MOST_TAGS = 20;

  private final SvgText svg;
  private final Roofline roofline;
  private final List<Profile.Stage> stages;
  private final double total;
  private final double lowX;
  private final double highX;
  private final double lowY;
  private final double highY;

  /** A circle or a number that stands somewhere. */
  private record Spot(double x, double y, double radius) {

    private boolean meets(Spot other) {
      return Math.hypot(x - other.x, y - other.y) < radius + other.radius;
    }
  }

  RooflinePlot(SvgText svg, Profile profile, Roofline roofline) {
    this.svg = svg;
    this.roofline = roofline;
    stages = profile.stages();
    total = Math.max(1, stages.stream().mapToDouble(Profile.Stage::median).sum());
    lowX = Math.min(least(RooflinePlot::intensity) / 2, roofline.ridge() / 5);
    highX = Math.max(most(RooflinePlot::intensity) * 2, roofline.ridge() * 12);
    lowY = Math.min(least(RooflinePlot::rate) / 2, lowX * roofline.bandwidth());
    highY = Math.max(most(RooflinePlot::rate) * 1.3, roofline.gflops() * 2);
  }

  private static boolean isShown(Profile.Stage stage) {
    return stage.macs() > 0 && stage.median() > 0;
  }

  private double least(ToDoubleFunction<Profile.Stage> value) {
    return stages.stream().filter(RooflinePlot::isShown).mapToDouble(value).min().orElse(1);
  }

  private double most(ToDoubleFunction<Profile.Stage> value) {
    return stages.stream().filter(RooflinePlot::isShown).mapToDouble(value).max().orElse(1);
  }

  private static double intensity(Profile.Stage stage) {
    return 2.0 * stage.macs() / stage.bytes();
  }

  private static double rate(Profile.Stage stage) {
    return 2.0 * stage.macs() / stage.median();
  }

  private double x(double intensity) {
    return LEFT + WIDTH * Math.log(intensity / lowX) / Math.log(highX / lowX);
  }

  private double y(double gflops) {
    return TOP + HEIGHT * (1 - Math.log(gflops / lowY) / Math.log(highY / lowY));
  }

  void draw() {
    grid();
    roof();
    points();
  }

  private void grid() {
    for (double value : ticks(lowX, highX)) {
      svg.line(
          "<path class=\"grid\" d=\"M%.1f %dv%d\"/><text class=\"dim\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(value), TOP, HEIGHT, x(value), TOP + HEIGHT + 18, label(value));
    }
    for (double value : ticks(lowY, highY)) {
      svg.line(
          "<path class=\"grid\" d=\"M%d %.1fh%d\"/><text class=\"dim number\" x=\"%d\" y=\"%.1f\">%s</text>",
          LEFT, y(value), WIDTH, LEFT - 8, y(value) + 4, label(value));
    }
    svg.line(
        "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
        LEFT, TOP, WIDTH, HEIGHT);
    svg.line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">operations for each byte</text>",
        LEFT + WIDTH / 2, TOP + HEIGHT + 40);
    svg.line(
        "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>",
        LEFT - 48, TOP + HEIGHT / 2);
  }

  /** Returns 1, 2 and 5 times the powers of ten between two values. */
  static List<Double> ticks(double low, double high) {
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (int digit : new int[] {1, 2, 5}) {
        double value = digit * Math.pow(10, power);
        if (value >= low && value <= high) {
          ticks.add(value);
        }
      }
    }
    return ticks;
  }

  private static String label(double value) {
    return value >= 1 ? Units.count(Math.round(value)) : String.format(Locale.ROOT, "%.1g", value);
  }

  private void roof() {
    double ridge = roofline.ridge();
    double bandwidth = roofline.bandwidth();
    double start = Math.max(lowX, lowY / bandwidth);
    String corners =
        String.format(
            Locale.ROOT,
            "%.1f,%.1f %.1f,%.1f %.1f,%.1f",
            x(start),
            y(start * bandwidth),
            x(ridge),
            y(roofline.gflops()),
            x(highX),
            y(roofline.gflops()));
    svg.line(
        "<polygon class=\"under\" points=\"%s %d,%d %.1f,%d\"/>",
        corners, LEFT + WIDTH, TOP + HEIGHT, x(start), TOP + HEIGHT);
    double readStart = Math.max(lowX, lowY / roofline.readBandwidth());
    svg.line(
        "<path class=\"read\" d=\"M%.1f %.1fL%.1f %.1f\"/>",
        x(readStart),
        y(readStart * roofline.readBandwidth()),
        x(roofline.gflops() / roofline.readBandwidth()),
        y(roofline.gflops()));
    svg.line("<polyline class=\"roof\" points=\"%s\"/>", corners);
    svg.line(
        "<text class=\"number strong\" x=\"%d\" y=\"%.1f\">%s GFLOP/s, multiply-adds in registers</text>",
        LEFT + WIDTH - 8, y(roofline.gflops()) - 9, Units.significant(roofline.gflops()));
    double middle = Math.sqrt(start * ridge);
    double fall = y(start * bandwidth) - y(roofline.gflops());
    svg.line(
        "<text transform=\"translate(%.1f %.1f) rotate(%.1f) translate(0 -12)\" class=\"strong\" text-anchor=\"middle\">%s GB/s copied, %s read</text>",
        x(middle),
        y(middle * Math.max(bandwidth, roofline.readBandwidth())),
        -Math.toDegrees(Math.atan2(fall, x(ridge) - x(start))),
        Units.significant(roofline.copyBandwidth()),
        Units.significant(roofline.readBandwidth()));
  }

  private void points() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      if (isShown(stages.get(i))) {
        order.add(i);
      }
    }
    order.sort(Comparator.comparing((Integer i) -> stages.get(i).median()).reversed());
    List<Spot> circles = order.stream().map(i -> spot(stages.get(i))).toList();
    for (int k = 0; k < circles.size(); k++) {
      Profile.Stage stage = stages.get(order.get(k));
      Spot at = circles.get(k);
      svg.line(
          "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"><title>%s: %s ms, %s GFLOP/s</title></circle>",
          at.x(),
          at.y(),
          at.radius(),
          RooflinePicture.colour(stage.type()),
          SvgText.escape(stage.label()),
          Units.milliseconds(stage.median()),
          Units.significant(rate(stage)));
    }
    List<Spot> taken = new ArrayList<>(circles);
    for (int k = 0; k < Math.min(MOST_TAGS, circles.size()); k++) {
      tag(order.get(k), circles.get(k), taken);
    }
  }

  private Spot spot(Profile.Stage stage) {
    double radius = Math.max(SMALLEST_RADIUS, LARGEST_RADIUS * Math.sqrt(stage.median() / total));
    return new Spot(x(intensity(stage)), y(rate(stage)), radius);
  }

  /** Writes a number near its circle, where nothing else stands; nowhere if there is no room. */
  private void tag(int stage, Spot circle, List<Spot> taken) {
    for (double distance = circle.radius() + TAG / 2; distance < 70; distance += 6) {
      for (int turn = 0; turn < 12; turn++) {
        double angle = Math.PI / 2 + turn % 2 * Math.PI + turn / 2 * Math.PI / 6;
        double x = circle.x() + distance * Math.cos(angle);
        double y = circle.y() + distance * Math.sin(angle);
        Spot spot = new Spot(x, y, TAG / 2);
        if (taken.stream().noneMatch(spot::meets)) {
          if (distance > circle.radius() + TAG) {
            svg.line(
                "<path class=\"lead\" d=\"M%.1f %.1fL%.1f %.1f\"/>", circle.x(), circle.y(), x, y);
          }
          svg.line(
              "<text class=\"tag\" x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%d</text>",
              x, y + 4, RooflinePicture.colour(stages.get(stage).type()), stage + 1);
          taken.add(spot);
          return;
        }
      }
    }
  }
}
