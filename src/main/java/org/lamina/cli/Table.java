package org.lamina.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Rows of text in aligned columns: a bold head, rules above the totals. */
final class Table {

  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();
  private int totals;

  /** A column. */
  private record Column(String title, boolean right) {}

  /**
   * Makes an empty table.
   *
   * @param titles of the columns; one that begins with {@code >} is aligned to the right
   */
  Table(String... titles) {
    columns =
        List.of(titles).stream()
            .map(t -> t.startsWith(">") ? new Column(t.substring(1), true) : new Column(t, false))
            .toList();
  }

  /** Adds a row; cells that are missing at its end are empty. */
  void add(String... cells) {
    List<String> row = new ArrayList<>(List.of(cells));
    while (row.size() < columns.size()) {
      row.add("");
    }
    rows.add(row);
  }

  /** Adds a row below a rule; those rows must be the last. */
  void total(String... cells) {
    add(cells);
    totals++;
  }

  /**
   * Returns the table without as many columns as make it fit.
   *
   * @param room how wide it may be
   * @param dispensable titles of the columns that may go, the first that goes first
   */
  Table fitting(int room, List<String> dispensable) {
    Table fitting = this;
    for (String title : dispensable) {
      if (fitting.width() <= room) {
        break;
      }
      fitting = fitting.without(title);
    }
    return fitting;
  }

  private Table without(String title) {
    List<String> titles = columns.stream().map(Column::title).toList();
    int column = titles.indexOf(title);
    Table rest =
        new Table(
            columns.stream()
                .filter(c -> !c.title().equals(title))
                .map(c -> (c.right() ? ">" : "") + c.title())
                .toArray(String[]::new));
    for (List<String> row : rows) {
      List<String> cells = new ArrayList<>(row);
      cells.remove(column);
      rest.rows.add(cells);
    }
    rest.totals = totals;
    return rest;
  }

  /** Prints the table. */
  void print(PrintWriter out, Ansi ansi) {
    List<String> titles = columns.stream().map(Column::title).toList();
    out.println(style(ansi, "1", line(titles)));
    for (int i = 0; i < rows.size(); i++) {
      if (i == rows.size() - totals) {
        out.println(style(ansi, "2", "─".repeat(width())));
      }
      out.println(line(rows.get(i)));
    }
  }

  /** Returns the text in a style of the terminal, {@code 1} bold, {@code 2} faint. */
  static String style(Ansi ansi, String code, String text) {
    return ansi.enabled() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private int width() {
    int width = -GAP.length();
    for (int k = 0; k < columns.size(); k++) {
      width += width(k) + GAP.length();
    }
    return width;
  }

  private int width(int column) {
    int widest = length(columns.get(column).title());
    for (List<String> row : rows) {
      widest = Math.max(widest, length(row.get(column)));
    }
    return widest;
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int k = 0; k < cells.size(); k++) {
      String padding = " ".repeat(width(k) - length(cells.get(k)));
      line.append(k == 0 ? "" : GAP);
      line.append(columns.get(k).right() ? padding + cells.get(k) : cells.get(k) + padding);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
