package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamina.formats.TensorFiles;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFacts;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WatchedSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina weights}: what is in a file of tensors. */
@Command(
    name = "weights",
    description = {
      "List the tensors of a file of any known format: shapes, types, ranges, values that are not",
      "finite, and a checksum (SHA-256 of the values as little-endian float32) that is the same",
      "for the same values in a file of another format."
    })
final class WeightsCommand implements Callable<Integer> {

  /** So many digits of a checksum are enough to look at. */
  static final int DIGITS = 12;

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
  private Path file;

  @Option(
      names = "--header",
      description = "Read what describes the tensors, and no values: at once, however large.")
  private boolean header;

  @Option(names = "--json", description = "Print JSON, with whole checksums.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (TensorFile tensors = TensorFiles.open(file)) {
      Map<String, TensorFacts> facts = header ? Map.of() : facts(tensors);
      if (json) {
        Json.print(out, json(tensors, facts));
      } else {
        print(out, spec.commandLine().getColorScheme().ansi(), tensors, facts);
      }
    }
    return ExitCode.OK;
  }

  private Map<String, TensorFacts> facts(TensorFile tensors) {
    try (TransferProgress progress =
        TransferProgress.of("reading", tensors.shapes().values(), json)) {
      WatchedSource watched = new WatchedSource(tensors, progress::read);
      Map<String, ElementType> types = tensors.types();
      for (String name : tensors.shapes().keySet()) {
        if (types.get(name).real()) {
          watched.stream(name, (values, offset, count) -> {});
        }
      }
      return new LinkedHashMap<>(watched.facts());
    }
  }

  private static void print(
      PrintWriter out, Ansi ansi, TensorFile tensors, Map<String, TensorFacts> facts) {
    Table table =
        facts.isEmpty()
            ? new Table("tensor", "shape", "type", ">values")
            : new Table(
                "tensor",
                "shape",
                "type",
                ">values",
                ">least",
                ">greatest",
                ">mean",
                ">not finite",
                "sha-256");
    Map<String, Shape> shapes = tensors.shapes();
    Map<String, ElementType> types = tensors.types();
    shapes.forEach(
        (name, shape) -> {
          List<String> row = new ArrayList<>();
          row.addAll(List.of(Printable.text(name), shape.toString(), types.get(name).toString()));
          row.add(Units.count(shape.volume()));
          TensorFacts seen = facts.get(name);
          if (seen != null) {
            row.addAll(List.of(digits(seen.least()), digits(seen.greatest()), digits(seen.mean())));
            row.add(seen.nonFinite() == 0 ? "" : Units.count(seen.nonFinite()));
            row.add(seen.checksum().substring(0, DIGITS));
          }
          table.add(row.toArray(String[]::new));
        });
    long values = shapes.values().stream().mapToLong(Shape::volume).sum();
    table.total(Units.plural(shapes.size(), "tensor"), tensors.format(), "", Units.count(values));
    table.print(out, ansi);
    out.flush();
  }

  /** Returns a number with four digits that count. */
  private static String digits(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4g", value);
  }

  private Map<String, Object> json(TensorFile tensors, Map<String, TensorFacts> facts) {
    List<Object> list = new ArrayList<>();
    Map<String, ElementType> types = tensors.types();
    tensors
        .shapes()
        .forEach(
            (name, shape) -> {
              Map<String, Object> tensor =
                  object(
                      "name", name, "shape", shape.extents(), "type", types.get(name).toString());
              if (facts.containsKey(name)) {
                tensor.putAll(json(facts.get(name)));
              }
              list.add(tensor);
            });
    return object("file", file.toString(), "format", tensors.format(), "tensors", list);
  }

  /** Returns what is known of values as members of a JSON object. */
  static Map<String, Object> json(TensorFacts facts) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (!Float.isNaN(facts.least())) {
      members.put("least", facts.least());
      members.put("greatest", facts.greatest());
      members.put("mean", facts.mean());
    }
    members.put("not_finite", facts.nonFinite());
    members.put("sha256", facts.checksum());
    return members;
  }
}
