package org.lamina.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
      "4:an image, a tensor, a file of weights or a run's folder is missing or wrong"
    })
public final class Lamina implements Runnable {

  /** The commands in the order of the help. */
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("quickstart", QuickstartCommand::new);
    COMMANDS.put("devices", DevicesCommand::new);
    COMMANDS.put("summary", SummaryCommand::new);
    COMMANDS.put("diff", DiffCommand::new);
    COMMANDS.put("graph", GraphCommand::new);
    COMMANDS.put("lint", LintCommand::new);
    COMMANDS.put("show", ShowCommand::new);
    COMMANDS.put("explain", ExplainCommand::new);
    COMMANDS.put("classify", ClassifyCommand::new);
    COMMANDS.put("train", TrainCommand::new);
    COMMANDS.put("evaluate", EvaluateCommand::new);
    COMMANDS.put("run", RunCommand::new);
    COMMANDS.put("time", TimeCommand::new);
    COMMANDS.put("tune", TuneCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("convert", ConvertCommand::new);
    COMMANDS.put("weights", WeightsCommand::new);
    COMMANDS.put("pack", PackCommand::new);
    COMMANDS.put("schema", SchemaCommand::new);
    COMMANDS.put("completion", CompletionCommand::new);
    COMMANDS.put(RehearseCommand.NAME, RehearseCommand::new);
  }

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
    CommandLine line = commandLine(args);
    line.setOut(out);
    line.setErr(err);
    Failures.handle(line);
    try {
      return line.execute(args);
    } catch (Error e) { // picocli hands over exceptions alone
      return Failures.fatal(e, line, args);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /**
   * Makes the command line for some arguments. Where these name a command it is the only one, for
   * picocli takes 20 ms to look at each.
   */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Lamina());
    if (args.length > 0 && COMMANDS.containsKey(args[0])) {
      line.addSubcommand(args[0], COMMANDS.get(args[0]).get());
      return line;
    }
    COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
    line.addSubcommand(new CommandLine.HelpCommand());
    return line;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which command? one of " + String.join(", ", names()));
  }

  private List<String> names() {
    return spec.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .map(CommandSpec::name)
        .toList();
  }
}
