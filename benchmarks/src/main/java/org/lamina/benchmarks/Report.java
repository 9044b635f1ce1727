package org.lamina.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table, as text and as JSON, with what is needed to understand it years later. */
final class Report {

  private static final List<String> TITLES =
      List.of("case", "work", "Lamina", "beside", "", "value", "goal", "", "spread", "note");

  private final Map<String, String> facts;
  private final List<Row> rows;
  private final LocalDateTime date = LocalDateTime.now(ZoneOffset.UTC);

  Report(Map<String, String> facts, List<Row> rows) {
    this.facts = facts;
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

  /** Writes both forms into a folder and returns the Markdown file. */
  Path save(Path folder) throws IOException {
    String name =
        date.format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm"))
            + "-"
            + facts.get("device").replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT);
    Files.createDirectories(folder);
    Path page = folder.resolve(name + ".md");
    String heading =
        facts.entrySet().stream()
            .map(fact -> "- " + fact.getKey() + ": " + fact.getValue())
            .collect(Collectors.joining("\n"));
    Files.writeString(
        page,
        "# %s UTC\n\n%s\n\n%s\n\n%s\n"
            .formatted(
                date.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")),
                heading,
                markdown(),
                summary()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("date", date.toString());
    json.put("facts", facts);
    json.put("rows", rows.stream().map(Report::json).toList());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve(name + ".json").toFile(), json);
    return page;
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("case", row.name());
    json.put("work", row.work());
    json.put("beside", row.peer());
    json.put("goal", row.goal().toString());
    row.result()
        .ifPresent(
            result -> {
              json.put("value", result.value());
              json.put("met", row.isMet());
              json.put("lamina", result.lamina());
              json.put("peer", result.peer());
              if (!Double.isNaN(result.spread())) {
                json.put("spread", result.spread());
                json.put("peer_spread", result.peerSpread());
              }
              json.put("turns", result.turns());
            });
    json.put("note", row.note());
    return json;
  }
}
