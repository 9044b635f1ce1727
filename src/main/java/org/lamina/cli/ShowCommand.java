package org.lamina.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.lamina.yaml.NetworkWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lamina show}: a network as YAML, with everything in it worked out. */
@Command(
    name = "show",
    description = {
      "Print a network as YAML that depends on no other file.",
      "Variables, defaults and edits are worked out; the text loads to the same network."
    })
final class ShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(NetworkWriter.print(network.find()));
    out.flush();
    return ExitCode.OK;
  }
}
