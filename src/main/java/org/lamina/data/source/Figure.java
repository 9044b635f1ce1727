package org.lamina.data.source;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The figures of {@link Shapes}, each about the unit circle: the signed distance of a point from
 * the outline, negative inside. x grows to the right, y upwards.
 */
enum Figure {
  ARROW {
    @Override
    double distance(double x, double y) {
      return polygon(ARROW_OUTLINE, x, y);
    }
  },
  CIRCLE {
    @Override
    double distance(double x, double y) {
      return length(x, y) - 0.9;
    }
  },
  CROSS {
    @Override
    double distance(double x, double y) {
      return polygon(CROSS_OUTLINE, x, y);
    }
  },
  HEART {
    /** Two half circles above a square that stands on a corner. */
    @Override
    double distance(double x, double y) {
      double right = Math.abs(x) / 1.6;
      double up = (y + 0.88) / 1.6;
      if (right + up > 1) {
        return 1.6 * (length(right - 0.25, up - 0.75) - Math.sqrt(2) / 4);
      }
      double along = Math.max(right + up, 0) / 2;
      double nearest = Math.min(length(right, up - 1), length(right - along, up - along));
      return 1.6 * nearest * Math.signum(right - up);
    }
  },
  HOURGLASS {
    @Override
    double distance(double x, double y) {
      return polygon(HOURGLASS_OUTLINE, x, y);
    }
  },
  MOON {
    @Override
    double distance(double x, double y) {
      return Math.max(length(x + 0.1, y) - 0.98, 0.8 - length(x - 0.4, y));
    }
  },
  RING {
    @Override
    double distance(double x, double y) {
      return Math.abs(length(x, y) - 0.72) - 0.2;
    }
  },
  SQUARE {
    @Override
    double distance(double x, double y) {
      double right = Math.abs(x) - 0.75;
      double up = Math.abs(y) - 0.75;
      return length(Math.max(right, 0), Math.max(up, 0)) + Math.min(Math.max(right, up), 0);
    }
  },
  STAR {
    @Override
    double distance(double x, double y) {
      return polygon(STAR_OUTLINE, x, y);
    }
  },
  TRIANGLE {
    @Override
    double distance(double x, double y) {
      return polygon(TRIANGLE_OUTLINE, x, y);
    }
  };

  private static final double[][] ARROW_OUTLINE = {
    {0, 1.05}, {0.72, 0.2}, {0.27, 0.2}, {0.27, -0.95}, {-0.27, -0.95}, {-0.27, 0.2}, {-0.72, 0.2}
  };
  private static final double[][] CROSS_OUTLINE = {
    {0.3, 0.98}, {0.3, 0.3}, {0.98, 0.3}, {0.98, -0.3}, {0.3, -0.3}, {0.3, -0.98},
    {-0.3, -0.98}, {-0.3, -0.3}, {-0.98, -0.3}, {-0.98, 0.3}, {-0.3, 0.3}, {-0.3, 0.98}
  };
  private static final double[][] HOURGLASS_OUTLINE = {
    {-0.66, 0.86}, {0.66, 0.86}, {0.1, 0}, {0.66, -0.86}, {-0.66, -0.86}, {-0.1, 0}
  };
  private static final double[][] STAR_OUTLINE = star(5, 1.08, 0.44);
  private static final double[][] TRIANGLE_OUTLINE = star(3, 1.08, 0.54);

  /** Returns the distance of a point from the outline; negative inside. */
  abstract double distance(double x, double y);

  /** Returns the names of all figures, in order. */
  static List<String> names() {
    return Stream.of(values()).map(figure -> figure.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  private static double[][] star(int points, double outer, double inner) {
    double[][] outline = new double[2 * points][];
    for (int i = 0; i < outline.length; i++) {
      double angle = Math.PI * i / points;
      double radius = i % 2 == 0 ? outer : inner;
      outline[i] = new double[] {radius * StrictMath.sin(angle), radius * StrictMath.cos(angle)};
    }
    return outline;
  }

  /** The distance from the nearest edge; an odd number of edges crossed to the left is inside. */
  private static double polygon(double[][] outline, double x, double y) {
    double nearest = Double.MAX_VALUE;
    boolean inside = false;
    double[] from = outline[outline.length - 1];
    for (double[] to : outline) {
      double edgeX = to[0] - from[0];
      double edgeY = to[1] - from[1];
      double dx = x - from[0];
      double dy = y - from[1];
      double along = (dx * edgeX + dy * edgeY) / (edgeX * edgeX + edgeY * edgeY);
      along = Math.max(0, Math.min(1, along));
      double offX = dx - along * edgeX;
      double offY = dy - along * edgeY;
      nearest = Math.min(nearest, offX * offX + offY * offY);
      if (from[1] > y != to[1] > y && x < edgeX * (y - from[1]) / edgeY + from[0]) {
        inside = !inside;
      }
      from = to;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  }
}
