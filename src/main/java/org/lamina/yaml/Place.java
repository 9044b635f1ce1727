package org.lamina.yaml;

/**
 * Where something stands in a file.
 *
 * @param source the file
 * @param line counted from 0
 * @param column counted from 0, in code points
 */
record Place(Source source, int line, int column) {

  private static final int WIDTH = 100;

  /** Returns the place {@code columns} further to the right. */
  Place right(int columns) {
    return new Place(source, line, column + columns);
  }

  /** Returns {@code file:line:column}, counted from 1. */
  @Override
  public String toString() {
    return NetworkFileException.Problem.at(source.label(), line + 1, column + 1);
  }

  /** Returns the line, or the part of a long line around the place, and a caret under the place. */
  String excerpt() {
    int[] points = source.line(line).codePoints().map(Place::printable).toArray();
    int at = Math.min(column, points.length);
    int start = Math.max(0, Math.min(at - WIDTH / 2, points.length - WIDTH));
    int end = Math.min(points.length, start + WIDTH);
    return new String(points, start, end - start).stripTrailing()
        + "\n"
        + " ".repeat(at - start)
        + "^";
  }

  /** Tabs would move the caret, control characters the terminal. */
  private static int printable(int point) {
    if (point == '\t') {
      return ' ';
    }
    return Character.isISOControl(point) ? '\ufffd' : point;
  }
}
