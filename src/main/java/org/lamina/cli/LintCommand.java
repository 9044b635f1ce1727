package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.lamina.network.Network;
import org.lamina.network.lint.Finding;
import org.lamina.network.lint.Lint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamina lint}: what is valid in a network, but probably not meant so. */
@Command(
    name = "lint",
    description = "Say what in a network works, but is probably not meant so, and what to do.")
final class LintCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Option(names = "--strict", description = "Return 1 if anything is found.")
  private boolean strict;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Network described = network.find();
    List<Finding> findings = new ArrayList<>();
    network.unusedVariables().forEach(name -> findings.add(unused(name)));
    findings.addAll(Lint.check(described));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(
          out,
          object(
              "network",
              described.name(),
              "findings",
              findings.stream().map(LintCommand::json).toList()));
    } else {
      print(described, findings, out, spec.commandLine().getColorScheme().ansi());
    }
    return strict && !findings.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
  }

  /** Variables are gone from a network, so this rule looks at the file. */
  private static Finding unused(String variable) {
    return new Finding(
        "let." + variable,
        "unused-variable",
        "nothing uses the variable '%s'".formatted(variable),
        "remove it, or use it as =%s".formatted(variable));
  }

  private static Object json(Finding finding) {
    return object(
        "layer", finding.layer(),
        "rule", finding.rule(),
        "why", finding.why(),
        "remedy", finding.remedy());
  }

  private static void print(Network network, List<Finding> findings, PrintWriter out, Ansi ansi) {
    for (Finding finding : findings) {
      out.println(
          Table.style(ansi, "1", finding.layer()) + "  " + Table.style(ansi, "33", finding.rule()));
      out.println("  " + finding.why());
      out.println("  → " + finding.remedy());
      out.println();
    }
    String count = findings.isEmpty() ? "nothing" : Units.plural(findings.size(), "thing");
    out.println(
        "%s found in the %s of %s"
            .formatted(count, Units.plural(network.nodes().size(), "layer"), network.name()));
    out.flush();
  }
}
