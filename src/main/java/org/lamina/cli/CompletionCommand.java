package org.lamina.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lamina completion}: a script that lets the shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Print a script that lets bash or zsh complete commands and options.",
      "Use it once with: source <(lamina completion)"
    })
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Override
  public Integer call() {
    // A fresh root: this one knows only the command that is running.
    CommandLine root = Lamina.commandLine();
    CommandLine own = spec.commandLine();
    own.getOut().print(AutoComplete.bash("lamina", root));
    own.getOut().flush();
    return ExitCode.OK;
  }
}
