package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.engine.Tuner.Result;
import org.lamina.engine.Tuner.Row;
import org.lamina.engine.Tuning.Timed;
import org.lamina.opencl.Device;
import picocli.CommandLine.Help.Ansi;

/**
 * What {@code lamina tune} reports.
 *
 * @param network the name of the network
 * @param device where it was measured
 * @param batch images of a run
 * @param result what was found out
 * @param file where it is kept
 */
record TuneReport(String network, Device device, int batch, Result result, Optional<Path> file) {

  private static final List<String> DISPENSABLE = List.of("what", "tried");

  /** Returns the report as maps and lists. */
  Map<String, Object> json() {
    List<Object> rows = new ArrayList<>();
    for (Row row : result.rows()) {
      Map<String, Object> milliseconds = new LinkedHashMap<>();
      List<String> refused = new ArrayList<>();
      row.times()
          .forEach(
              (name, timed) -> {
                if (timed.refused()) {
                  refused.add(name);
                } else {
                  milliseconds.put(name, timed.nanos() / 1e6);
                }
              });
      rows.add(
          object(
              "layers", row.layers(),
              "geometry", row.geometry(),
              "before", row.before(),
              "after", row.after(),
              "milliseconds", milliseconds,
              "refused", refused,
              "complaints", row.complaints()));
    }
    return object(
        "network", network,
        "device", device.name(),
        "platform", device.platform(),
        "batch", batch,
        "measured", rows,
        "left", result.left(),
        "file", file.map(Path::toString).orElse(""));
  }

  /**
   * Prints the report.
   *
   * @param width columns that there are
   */
  void print(PrintWriter out, Ansi ansi, int width) {
    out.println(
        "%s on %s, batch %d"
            .formatted(
                Table.style(ansi, "1", network), Table.style(ansi, "1", device.name()), batch));
    if (result.rows().isEmpty()) {
      out.println(
          result.left().isEmpty()
              ? "no layer has a choice of algorithms on this device"
              : "nothing was measured");
    } else {
      out.println();
      table().fitting(width, DISPENSABLE).print(out, ansi);
      out.println();
    }
    for (Row row : result.rows()) {
      for (String complaint : row.complaints()) {
        out.println(Table.style(ansi, "31", "refused") + " for " + names(row) + ": " + complaint);
      }
    }
    if (!result.left().isEmpty()) {
      out.println("left as they were: " + String.join(", ", result.left()));
    }
    file.ifPresent(path -> out.println(Table.style(ansi, "2", "kept in " + path)));
    out.flush();
  }

  private Table table() {
    Table table = new Table("layers", "what", "before", ">ms", "now", ">ms", ">gain", "tried");
    double before = 0;
    double after = 0;
    for (Row row : result.rows()) {
      double was = nanos(row, row.before());
      double is = nanos(row, row.after());
      before += row.layers().size() * (was == 0 ? is : was);
      after += row.layers().size() * is;
      table.add(
          names(row),
          row.geometry(),
          row.before(),
          was == 0 ? "" : Units.milliseconds(was),
          row.after(),
          is == 0 ? "" : Units.milliseconds(is),
          gain(was, is),
          tried(row));
    }
    table.total(
        "all, each as often as it is there",
        "",
        "",
        Units.milliseconds(before),
        "",
        Units.milliseconds(after),
        gain(before, after));
    return table;
  }

  private static String gain(double before, double after) {
    return before == 0 || after == 0 || before == after
        ? ""
        : String.format(Locale.ROOT, "%.2f×", before / after);
  }

  private static double nanos(Row row, String algorithm) {
    Timed timed = row.times().get(algorithm);
    return timed == null ? 0 : timed.nanos();
  }

  private static String names(Row row) {
    List<String> layers = row.layers();
    return layers.size() == 1
        ? layers.get(0)
        : "%s and %d like it".formatted(layers.get(0), layers.size() - 1);
  }

  private static String tried(Row row) {
    List<String> each = new ArrayList<>();
    row.times()
        .forEach(
            (name, timed) ->
                each.add(
                    name
                        + " "
                        + (timed.refused() ? "refused" : Units.milliseconds(timed.nanos()))));
    return String.join(", ", each);
  }
}
