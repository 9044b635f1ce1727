package org.lamina.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A table that is kept, with what is needed to understand it years later: a page and its JSON. */
final class Results {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path page;
  private final Path data;

  Results(Path folder, String name) {
    page = folder.resolve(name + ".md");
    data = folder.resolve(name + ".json");
  }

  /**
   * Writes rows. Rows of other cases stay.
   *
   * @param facts on what and with what the rows were measured
   * @throws IllegalStateException if the rows that are there were measured on or with something
   *     else
   */
  void add(Map<String, String> facts, List<Row> rows) throws IOException {
    Map<String, Row> all = new LinkedHashMap<>();
    if (Files.exists(data)) {
      read(facts).forEach(row -> all.put(row.name(), row));
    }
    rows.forEach(row -> all.put(row.name(), row));
    List<Row> sorted = new ArrayList<>();
    Cases.all().stream().map(Case::name).map(all::remove).forEach(row -> addIfThere(sorted, row));
    sorted.addAll(all.values());
    write(facts, sorted);
  }

  private static void addIfThere(List<Row> rows, Row row) {
    if (row != null) {
      rows.add(row);
    }
  }

  private void write(Map<String, String> facts, List<Row> rows) throws IOException {
    Files.createDirectories(page.getParent());
    String date =
        LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("date", date);
    json.put("facts", facts);
    json.put("rows", rows.stream().map(Results::json).toList());
    JSON.writerWithDefaultPrettyPrinter().writeValue(data.toFile(), json);
    String heading =
        facts.entrySet().stream()
            .map(fact -> "- " + fact.getKey() + ": " + fact.getValue())
            .collect(Collectors.joining("\n"));
    Report report = new Report(rows);
    Files.writeString(
        page,
        "# %s UTC\n\n%s\n\n%s\n\n%s\n"
            .formatted(date, heading, report.markdown(), report.summary()));
  }

  private List<Row> read(Map<String, String> facts) throws IOException {
    JsonNode json = JSON.readTree(data.toFile());
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      String there = json.path("facts").path(fact.getKey()).asText();
      if (!there.equals(fact.getValue())) {
        throw new IllegalStateException(
            "%s was measured with %s %s, and this is %s: take another name"
                .formatted(data, fact.getKey(), there, fact.getValue()));
      }
    }
    List<Row> rows = new ArrayList<>();
    json.path("rows").forEach(row -> rows.add(row(row)));
    return rows;
  }

  private static Row row(JsonNode json) {
    JsonNode goal = json.path("goal");
    Optional<Row.Result> result = Optional.empty();
    if (json.has("value")) {
      result =
          Optional.of(
              new Row.Result(
                  json.path("value").asDouble(),
                  json.path("lamina").asText(),
                  json.path("peer").asText(),
                  json.path("spread").asDouble(Double.NaN),
                  json.path("peer_spread").asDouble(Double.NaN),
                  json.path("turns").asInt()));
    }
    return new Row(
        json.path("case").asText(),
        json.path("work").asText(),
        json.path("beside").asText(),
        new Goal(
            goal.path("at_most").asBoolean(),
            goal.path("bound").asDouble(),
            Goal.Unit.valueOf(goal.path("unit").asText())),
        result,
        json.path("note").asText());
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("case", row.name());
    json.put("work", row.work());
    json.put("beside", row.peer());
    Goal goal = row.goal();
    json.put("goal", Map.of("at_most", goal.atMost(), "bound", goal.bound(), "unit", goal.unit()));
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
