package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.lamina.network.Network;
import org.lamina.network.NetworkDiff;
import org.lamina.network.NetworkDiff.FieldChange;
import org.lamina.network.NetworkDiff.LayerChange;
import org.lamina.network.Node;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.Overrides;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina diff}: what makes one network another. */
@Command(
    name = "diff",
    description = {
      "Show what makes one network another: layers, fields, shapes, parameters, operations.",
      "Returns 1 if they differ, 0 if they do not."
    })
final class DiffCommand implements Callable<Integer> {

  private static final Map<String, String> SIGNS =
      Map.of("added", "+", "removed", "-", "moved", ">", "changed", "~");
  private static final Map<String, String> COLOURS =
      Map.of("added", "32", "removed", "31", "moved", "36", "changed", "33");

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A network file (….yaml), or the name of a network that comes with Lamina.")
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = "The network to compare it with.")
  private String after;

  @Option(
      names = "--let",
      paramLabel = "NAME=VALUE",
      description = "Give a variable of B another value. May be repeated.")
  private List<String> let = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "LAYER.FIELD=VALUE",
      description = "Set a field of a layer of B. May be repeated.")
  private List<String> set = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    NetworkDiff diff =
        NetworkDiff.of(NetworkFile.find(before), NetworkFile.find(after, new Overrides(let, set)));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, json(diff));
    } else {
      print(diff, out, spec.commandLine().getColorScheme().ansi());
    }
    return diff.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static Map<String, Object> json(NetworkDiff diff) {
    return object(
        "differ", !diff.isEmpty(),
        "before", totals(diff.before()),
        "after", totals(diff.after()),
        "head", diff.head().stream().map(DiffCommand::json).toList(),
        "layers", diff.layers().stream().map(DiffCommand::json).toList());
  }

  private static Map<String, Object> totals(Network network) {
    return object(
        "network", network.name(),
        "layers", network.nodes().size(),
        "parameters", network.parameters(),
        "macs", network.macs());
  }

  private static Map<String, Object> json(LayerChange change) {
    return object(
        "name", change.name(),
        "type", change.after().or(change::before).map(n -> n.layer().key()).orElseThrow(),
        "change", change.kind(),
        "fields", change.fields().stream().map(DiffCommand::json).toList());
  }

  private static Map<String, Object> json(FieldChange field) {
    Map<String, Object> object = object("field", field.field());
    field.before().ifPresent(text -> object.put("before", text));
    field.after().ifPresent(text -> object.put("after", text));
    return object;
  }

  private static void print(NetworkDiff diff, PrintWriter out, Ansi ansi) {
    out.println(
        Table.style(ansi, "1", diff.before().name())
            + " → "
            + Table.style(ansi, "1", diff.after().name()));
    out.println();
    if (diff.isEmpty()) {
      out.println("no difference");
      out.flush();
      return;
    }
    diff.head().forEach(field -> out.println(colour(ansi, "changed", "~ " + text(field))));
    int width = diff.layers().stream().mapToInt(change -> change.name().length()).max().orElse(0);
    for (LayerChange change : diff.layers()) {
      String name = change.name() + " ".repeat(width - change.name().length());
      String line = SIGNS.get(change.kind()) + " " + name + "  " + what(change);
      out.println(colour(ansi, change.kind(), line));
    }
    out.println();
    table(diff).print(out, ansi);
    out.flush();
  }

  private static String colour(Ansi ansi, String kind, String line) {
    return Table.style(ansi, COLOURS.get(kind), line);
  }

  private static String what(LayerChange change) {
    Optional<Node> only = change.before().isEmpty() ? change.after() : change.before();
    if (change.before().isEmpty() || change.after().isEmpty()) {
      return only.map(n -> n.layer().key() + " " + n.signature().output()).orElseThrow();
    }
    String fields =
        change.fields().stream().map(DiffCommand::text).collect(Collectors.joining(", "));
    return change.moved() ? fields.isEmpty() ? "moved" : "moved, " + fields : fields;
  }

  private static String text(FieldChange field) {
    return "%s %s → %s"
        .formatted(field.field(), side(field, field.before()), side(field, field.after()));
  }

  private static String side(FieldChange field, Optional<String> value) {
    boolean count = List.of("parameters", "macs").contains(field.field());
    return value.map(v -> count ? Units.count(Long.parseLong(v)) : v).orElse("(none)");
  }

  private static Table table(NetworkDiff diff) {
    Network a = diff.before();
    Network b = diff.after();
    Table table = new Table("", ">before", ">after", ">difference");
    row(table, "layers", a.nodes().size(), b.nodes().size());
    row(table, "parameters", a.parameters(), b.parameters());
    row(table, "MACs", a.macs(), b.macs());
    return table;
  }

  private static void row(Table table, String what, long before, long after) {
    String sign = after > before ? "+" : "";
    String difference = after == before ? "" : sign + Units.count(after - before);
    table.add(what, Units.count(before), Units.count(after), difference);
  }
}
