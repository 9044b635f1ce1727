package org.lamina.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.Numbers;
import org.lamina.data.Picture;
import org.lamina.data.SampleKey;
import org.lamina.network.Names;
import org.lamina.tensor.Philox;

/**
 * Drawn figures: ten classes, any size, as many as are wanted, without any file. Colours, place,
 * extent, rotation, shading, background and clutter of a picture are drawn at random under the
 * seed, the part of the set and the index; so the parts have nothing in common, and a set that is
 * twice as large begins with the same pictures. Equal on all machines.
 */
public final class Shapes implements Dataset {

  private static final String NAME = "shapes";
  private static final double NOISE = 0.03;
  private static final double[] WHITE = {1, 1, 1};
  private static final double[] BLACK = {0, 0, 0};

  private final String part;
  private final long stream;
  private final int side;
  private final int size;
  private final long seed;

  private Shapes(String part, int side, int size, long seed) {
    this.part = part;
    this.side = side;
    this.size = size;
    this.seed = seed;
    stream = Philox.stream(NAME + " " + part);
  }

  /** Returns whether a place means this set. */
  static boolean isMeant(String place) {
    return place.equals(NAME) || place.startsWith(NAME + ":");
  }

  /**
   * Returns a set to train on and another to test with.
   *
   * @param side of the pictures in pixels, 8 to 1024
   * @param train pictures to train on, at least 1
   * @param test pictures to test with, at least 1
   * @throws DataException if a number is out of range
   */
  public static Splits of(int side, int train, int test, long seed) {
    require("size", side, 8, 1024);
    require("train", train, 1, Integer.MAX_VALUE);
    require("test", test, 1, Integer.MAX_VALUE);
    return new Splits(
        "drawn figures",
        new Shapes("train", side, train, seed),
        Optional.empty(),
        Optional.of(new Shapes("test", side, test, seed)));
  }

  /** Opens what {@code shapes:size=48,train=20000,test=2000,seed=7} says; all may be left out. */
  static Splits open(String place) {
    Map<String, Long> options = new LinkedHashMap<>();
    options.put("size", 32L);
    options.put("train", 10_000L);
    options.put("test", 2_000L);
    options.put("seed", 1L);
    String given = place.substring(Math.min(place.length(), NAME.length() + 1));
    for (String option : given.isEmpty() ? new String[0] : given.split(",", -1)) {
      String[] pair = option.split("=", 2);
      if (!options.containsKey(pair[0])) {
        throw new DataException(
            "%s: there is no option '%s'%s"
                .formatted(place, pair[0], Names.suggestOrList(pair[0], options.keySet())));
      }
      options.put(pair[0], number(place, option, pair));
    }
    return of(
        require("size", options.get("size"), 8, 1024),
        require("train", options.get("train"), 1, Integer.MAX_VALUE),
        require("test", options.get("test"), 1, Integer.MAX_VALUE),
        options.get("seed"));
  }

  private static long number(String place, String option, String... pair) {
    try {
      return Long.parseLong(pair.length < 2 ? "" : pair[1]);
    } catch (NumberFormatException e) {
      throw new DataException(
          "%s: '%s' is no option with a whole number, such as size=48".formatted(place, option), e);
    }
  }

  private static int require(String what, long value, int least, int most) {
    if (value < least || value > most) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "shapes: %s must be from %d to %d, but is %d",
              what,
              least,
              most,
              value));
    }
    return (int) value;
  }

  @Override
  public String name() {
    return NAME + " (" + part + ")";
  }

  @Override
  public List<String> classes() {
    return Figure.names();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int label(int index) {
    return index % Figure.values().length;
  }

  @Override
  public String sample(int index) {
    return NAME + "/" + part + " #" + index;
  }

  @Override
  public long fingerprint() {
    return Philox.stream(String.join(" ", NAME, part, side + "", size + "", seed + ""));
  }

  @Override
  public Picture read(int index) {
    Numbers numbers = Numbers.of(new SampleKey(seed, 0, index), stream);
    Canvas canvas = new Canvas(side);
    double[] back = color(numbers, 0.1, 0.9, 0.6);
    background(canvas, back, numbers);
    clutter(canvas, numbers);
    figure(canvas, Figure.values()[label(index)], back, numbers);
    return canvas.picture(NOISE, numbers);
  }

  /** Fades from one colour to another across the picture. */
  private void background(Canvas canvas, double[] from, Numbers numbers) {
    double[] to = blend(from, color(numbers, 0, 1, 0.8), 0.3);
    double angle = 2 * Math.PI * numbers.uniform();
    double right = StrictMath.cos(angle) / side;
    double down = StrictMath.sin(angle) / side;
    double middle = side / 2.0;
    canvas.fill(
        middle,
        middle,
        side,
        (x, y) -> -1,
        (x, y) -> blend(from, to, 0.5 + (x - middle) * right + (y - middle) * down),
        1);
  }

  /** Puts thin lines and dots behind the figure. */
  private void clutter(Canvas canvas, Numbers numbers) {
    int pieces = 2 + numbers.below(4);
    for (int i = 0; i < pieces; i++) {
      double x = side * numbers.uniform();
      double y = side * numbers.uniform();
      double[] color = color(numbers, 0, 1, 1);
      double opacity = numbers.uniform(0.4, 0.9);
      boolean line = numbers.uniform() < 0.6;
      double length = line ? side * numbers.uniform(0.1, 0.3) : 0;
      double thick = side * (line ? numbers.uniform(0.008, 0.025) : numbers.uniform(0.02, 0.05));
      double angle = Math.PI * numbers.uniform();
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      canvas.fill(
          x,
          y,
          length + thick + 1,
          (px, py) -> {
            double along = cos * (px - x) + sin * (py - y);
            double across = cos * (py - y) - sin * (px - x);
            double beyond = Math.max(0, Math.abs(along) - length);
            return Math.sqrt(beyond * beyond + across * across) - thick;
          },
          (px, py) -> color,
          opacity);
    }
  }

  private void figure(Canvas canvas, Figure figure, double[] back, Numbers numbers) {
    double radius = side * numbers.uniform(0.24, 0.4);
    double margin = radius * 1.1;
    double x = numbers.uniform(margin, side - margin);
    double y = numbers.uniform(margin, side - margin);
    double angle = 2 * Math.PI * numbers.uniform();
    double narrow = numbers.uniform(0.85, 1);
    double cos = StrictMath.cos(angle) / radius;
    double sin = StrictMath.sin(angle) / radius;
    Canvas.Outline outline =
        (px, py) -> {
          double right = cos * (px - x) + sin * (py - y);
          double down = cos * (py - y) - sin * (px - x);
          return radius * figure.distance(right / narrow, -down);
        };
    double[] light = contrasting(back, numbers);
    double[] dark = blend(light, BLACK, numbers.uniform(0, 0.3));
    canvas.fill(
        x,
        y,
        radius * 1.15 + 1,
        outline,
        (px, py) -> blend(light, dark, 0.5 + (py - y) / (2 * radius)),
        1);
    if (numbers.uniform() < 0.4) {
      edge(canvas, x, y, radius, outline, blend(light, numbers.below(2) == 0 ? BLACK : WHITE, 0.6));
    }
  }

  /** Draws along the inside of an outline. */
  private void edge(
      Canvas canvas, double x, double y, double radius, Canvas.Outline outline, double... color) {
    double half = Math.max(0.4, 0.02 * side);
    canvas.fill(
        x,
        y,
        radius * 1.15 + 1,
        (px, py) -> Math.abs(outline.distance(px, py) + half) - half,
        (px, py) -> color,
        1);
  }

  /** Returns a colour that stands out from another. */
  private static double[] contrasting(double[] back, Numbers numbers) {
    double[] color = WHITE;
    double best = -1;
    for (int i = 0; i < 8; i++) {
      double[] candidate = color(numbers, 0.25, 1, 1);
      double distance = distance(candidate, back);
      if (distance > best) {
        best = distance;
        color = candidate;
      }
      if (best > 0.8) {
        break;
      }
    }
    return color;
  }

  private static double distance(double[] a, double... b) {
    double light = 0.3 * (a[0] - b[0]) + 0.59 * (a[1] - b[1]) + 0.11 * (a[2] - b[2]);
    double sum = 2 * light * light;
    for (int c = 0; c < 3; c++) {
      sum += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return Math.sqrt(sum);
  }

  /** Returns a colour of any hue, with a brightness in a range and a limited saturation. */
  private static double[] color(Numbers numbers, double darkest, double lightest, double most) {
    double hue = 6 * numbers.uniform();
    double pale = 1 - most * Math.sqrt(numbers.uniform());
    double value = numbers.uniform(darkest, lightest);
    double[] color = new double[3];
    for (int c = 0; c < 3; c++) {
      double turn = (hue + 2 * c) % 6;
      double full = Math.max(0, Math.min(1, Math.abs(turn - 3) - 1));
      color[c] = value * (pale + (1 - pale) * full);
    }
    return color;
  }

  private static double[] blend(double[] from, double[] to, double share) {
    double[] mixed = new double[3];
    for (int c = 0; c < 3; c++) {
      mixed[c] = from[c] + share * (to[c] - from[c]);
    }
    return mixed;
  }
}
