package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.Imported;
import org.lamina.formats.TensorOrigin;
import org.lamina.tensor.Shape;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFacts;
import picocli.CommandLine.Help.Ansi;

/**
 * What an import did, tensor by tensor.
 *
 * @param imported the network and where its parameters come from
 * @param facts what was written, by the network's name; empty if there are no weights
 */
record ImportReport(Imported imported, Map<String, TensorFacts> facts) {

  /** Says which tensors are not what weights should be. */
  void warn(PrintWriter err) {
    facts.forEach(
        (name, seen) -> {
          if (seen.nonFinite() > 0) {
            err.printf(
                "warning: %s has %s that are not finite%n",
                name, Units.plural(seen.nonFinite(), "value"));
          }
        });
  }

  /** Prints a table of all tensors, what else is to be known, and where everything is. */
  void print(PrintWriter out, Ansi ansi, Path yaml, Path weights) {
    if (!facts.isEmpty()) {
      Table table = new Table("parameter", "shape", "from", "change", "sha-256");
      facts.forEach(
          (name, seen) -> {
            TensorOrigin origin = origin(name);
            table.add(
                name,
                shape(name).toString(),
                Printable.text(origin.name()),
                Printable.text(origin.change()),
                seen.checksum().substring(0, WeightsCommand.DIGITS));
          });
      table.print(out, ansi);
    }
    imported.remarks().forEach(remark -> out.println("note: " + remark));
    out.printf(
        "%s (%s): %s, %s → %s%n",
        imported.network().name(),
        imported.format(),
        Units.plural(imported.network().nodes().size(), "layer"),
        Units.plural(imported.network().parameters(), "parameter"),
        facts.isEmpty() ? yaml : yaml + ", " + weights);
    out.flush();
  }

  /** Returns the same for programs. */
  Map<String, Object> json(Path yaml, Path weights) {
    List<Object> tensors = new ArrayList<>();
    facts.forEach(
        (name, seen) -> {
          TensorOrigin origin = origin(name);
          Map<String, Object> tensor =
              object(
                  "name", name,
                  "shape", shape(name).extents(),
                  "from", origin.name(),
                  "from_shape", origin.shape().extents(),
                  "change", origin.change());
          tensor.putAll(WeightsCommand.json(seen));
          tensors.add(tensor);
        });
    Map<String, Object> report =
        object(
            "network", imported.network().name(),
            "format", imported.format(),
            "layers", imported.network().nodes().size(),
            "parameters", imported.network().parameters(),
            "yaml", yaml.toString(),
            "remarks", imported.remarks(),
            "tensors", tensors);
    if (!facts.isEmpty()) {
      report.put("weights", weights.toString());
    }
    return report;
  }

  private Shape shape(String name) {
    return imported.weights().orElseThrow().shapes().get(name);
  }

  private TensorOrigin origin(String name) {
    return imported.origins().getOrDefault(name, TensorOrigin.of(name, shape(name)));
  }
}
