package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.lamina.yaml.Explanation;
import org.lamina.yaml.Explanation.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina explain}: where a value of a network comes from. */
@Command(
    name = "explain",
    description = {
      "Show where a value of a network comes from: every file and line that set it, in order.",
      "The last one wins. What an expression names is explained below it, indented."
    })
final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Parameters(
      index = "1",
      paramLabel = "VALUE",
      description =
          "A field of a layer (conv2.groups), a variable (width), input, preprocess, precision, loss, or a key of the training (training.batch).")
  private String value;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Explanation explanation = network.explain(value);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(
          out,
          object(
              "value", explanation.path(),
              "is", explanation.value(),
              "set",
                  explanation.steps().stream()
                      .map(
                          step ->
                              object(
                                  "depth", step.depth(),
                                  "place", step.place(),
                                  "text", step.text()))
                      .toList()));
    } else {
      print(explanation, out, spec.commandLine().getColorScheme().ansi());
    }
    return ExitCode.OK;
  }

  private static void print(Explanation explanation, PrintWriter out, Ansi ansi) {
    out.println(Table.style(ansi, "1", explanation.path()) + " = " + explanation.value());
    int width =
        explanation.steps().stream()
            .mapToInt(step -> 2 * step.depth() + step.place().length())
            .max()
            .orElse(0);
    for (Step step : explanation.steps()) {
      String place = "  ".repeat(step.depth()) + step.place();
      out.println("  " + place + " ".repeat(width - place.length() + 2) + step.text());
    }
    out.flush();
  }
}
