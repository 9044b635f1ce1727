package org.lamina.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.lamina.yaml.NetworkSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lamina schema}: what editors need to know about network files. */
@Command(
    name = "schema",
    description = {
      "Print the JSON Schema (draft 7) of network files, which gives editors completion,",
      "documentation and checks while typing."
    })
final class SchemaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(NetworkSchema.text());
    out.flush();
    return ExitCode.OK;
  }
}
