package org.lamina.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table as text. */
final class Report {

  private static final List<String> TITLES =
      List.of("case", "work", "Lamina", "beside", "", "value", "goal", "", "spread", "note");

  private final List<Row> rows;

  Report(List<Row> rows) {
    this.rows = rows;
  }

  /** Returns a table in Markdown that is readable as it is. */
  String markdown() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(TITLES);
    rows.forEach(row -> lines.add(cells(row)));
    int[] widths = new int[TITLES.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    List<String> text = new ArrayList<>();
    for (List<String> line : lines) {
      text.add(line(line, widths));
      if (line == TITLES) {
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
          rule.add("-".repeat(Math.max(3, width)));
        }
        text.add(line(rule, widths));
      }
    }
    return String.join("\n", text);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      int width = Math.max(3, widths[i]);
      line.append(' ').append(cells.get(i)).append(" ".repeat(width - cells.get(i).length()));
      line.append(" |");
    }
    return line.toString();
  }

  static List<String> cells(Row row) {
    String goal = row.goal().toString();
    if (row.result().isEmpty()) {
      return List.of(
          row.name(), row.work(), "", row.peer(), "", "", goal, "not run", "", row.note());
    }
    Row.Result result = row.result().get();
    return List.of(
        row.name(),
        row.work(),
        result.lamina(),
        row.peer(),
        result.peer(),
        row.goal().write(result.value()),
        goal,
        row.isMet() ? "pass" : "FAIL",
        spread(result),
        row.note());
  }

  private static String spread(Row.Result result) {
    if (Double.isNaN(result.spread())) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%.0f %% / %.0f %% of %d",
        100 * result.spread(),
        100 * result.peerSpread(),
        result.turns());
  }

  /** Returns, for example, {@code 9 of 20 goals are met}. */
  String summary() {
    long run = rows.stream().filter(row -> row.result().isPresent()).count();
    long met = rows.stream().filter(Row::isMet).count();
    return "%d of %d goals are met".formatted(met, run);
  }
}
