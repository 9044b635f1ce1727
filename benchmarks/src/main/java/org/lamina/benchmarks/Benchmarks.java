package org.lamina.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code benchmarks/run}: Lamina and its peers in turn. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs Lamina and its peers in turn and prints how they compare.",
      "With --save the table goes to benchmarks/results, too."
    })
public final class Benchmarks implements Callable<Integer> {

  @Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "CASE",
      description = "Names of cases, * standing for anything. Default: all.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Print the names of the cases.")
  private boolean list;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      paramLabel = "S",
      description = "How long a case may take, roughly. Default: 8.")
  private double seconds;

  @Option(
      names = "--threads",
      paramLabel = "T",
      description = "Threads of the peers. Default: as many as there are cores.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--save",
      paramLabel = "NAME",
      description = {
        "Write the table as NAME.md and NAME.json into benchmarks/results.",
        "Other cases stay in the files if they were measured on the same with the same."
      })
  private Optional<String> save = Optional.empty();

  @Option(
      names = "--folder",
      defaultValue = "benchmarks",
      hidden = true,
      description = "The folder of this project.")
  private Path folder;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Benchmarks() {}

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Case> chosen = chosen();
    if (list) {
      chosen.forEach(
          one ->
              out.printf("%-20s %-10s %s, %s%n", one.name(), one.goal(), one.work(), one.peer()));
      return 0;
    }
    Settings settings =
        new Settings(
            seconds,
            threads.orElse(Runtime.getRuntime().availableProcessors()),
            folder.resolve("target/models"));
    Optional<Results> results = save.map(name -> new Results(folder.resolve("results"), name));
    List<Row> rows = new ArrayList<>();
    for (Case one : chosen) {
      Row row = run(one, settings);
      rows.add(row);
      out.println(
          String.join("  ", Report.cells(row).stream().filter(cell -> !cell.isEmpty()).toList()));
      if (results.isPresent()) { // at once: a run may be cut short
        results.get().add(Facts.of(settings, folder.resolveSibling(".")), List.of(row));
      }
    }
    Report report = new Report(rows);
    out.println();
    out.println(report.markdown());
    out.println();
    out.println(report.summary());
    return rows.stream().anyMatch(row -> row.note().startsWith("failed")) ? 1 : 0;
  }

  private List<Case> chosen() {
    if (names.isEmpty()) {
      return Cases.all();
    }
    List<Case> all = new ArrayList<>(Cases.all());
    all.addAll(Cases.small());
    List<Case> chosen = new ArrayList<>();
    for (String name : names) {
      Pattern pattern = Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
      List<Case> found = all.stream().filter(one -> pattern.matcher(one.name()).matches()).toList();
      if (found.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "no case is called '" + name + "'; --list prints the names");
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  private static Row run(Case one, Settings settings) {
    try {
      return one.run(settings);
    } catch (Case.Unavailable e) {
      return new Row(
          one.name(), one.work(), one.peer(), one.goal(), Optional.empty(), e.getMessage());
    } catch (RuntimeException e) {
      String text = "failed: " + e.toString().lines().findFirst().orElse("");
      return new Row(one.name(), one.work(), one.peer(), one.goal(), Optional.empty(), text);
    }
  }
}
