package org.lamina.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code lamina}. */
@Command(
    name = "lamina",
    description = "Convolutional networks written as YAML, run on hand-written OpenCL kernels.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something unexpected went wrong",
      "2:the command line or the network file is wrong",
      "3:there is no such device, it has too little memory, or it failed",
      "4:an image, a tensor or a file of weights is missing or wrong"
    },
    subcommands = {
      DevicesCommand.class,
      SummaryCommand.class,
      ClassifyCommand.class,
      RunCommand.class,
      TimeCommand.class,
      CompletionCommand.class
    })
public final class Lamina implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  /** Makes the command. */
  public Lamina() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    // JSON is UTF-8 by definition, and terminals are by now; Java would take the locale's word.
    int code = execute(writer(FileDescriptor.out), writer(FileDescriptor.err), args);
    System.exit(code);
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8));
  }

  /**
   * Runs the command.
   *
   * @param out where results go
   * @param err where everything else goes
   * @return the exit code
   */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = commandLine(out, err);
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      return Failures.fatal(e, line, args);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Lamina());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.getCommandSpec().usageMessage().sortOptions(false);
    Failures.handle(line);
    return line;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command? one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
