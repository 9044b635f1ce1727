package org.lamina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.lamina.data.DataException;
import org.lamina.engine.InsufficientMemoryException;
import org.lamina.engine.UnsuitableDeviceException;
import org.lamina.formats.FormatException;
import org.lamina.model.InputException;
import org.lamina.network.NetworkException;
import org.lamina.opencl.ClException;
import org.lamina.train.NonFiniteLossException;
import org.lamina.train.RecipeException;
import org.lamina.train.RunException;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFileException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into messages and exit codes; nobody else does. */
final class Failures {

  static final String DEBUG_OPTION = "--debug";

  private static final String DEBUG_VARIABLE = "LAMINA_DEBUG";

  private Failures() {}

  /** Makes a command line report its failures here. */
  static void handle(CommandLine line) {
    line.setParameterExceptionHandler((e, args) -> usage(e, debugging(args)));
    line.setExecutionExceptionHandler(
        (e, command, result) ->
            report(e, command, debugging(result.originalArgs().toArray(String[]::new))));
  }

  private static boolean debugging(String... args) {
    return Arrays.asList(args).contains(DEBUG_OPTION) || "1".equals(System.getenv(DEBUG_VARIABLE));
  }

  private static int usage(ParameterException e, boolean debug) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    print(command, e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("see '" + command.getCommandSpec().qualifiedName() + " --help'");
    if (debug) {
      e.printStackTrace(err);
    }
    return ExitCode.USAGE;
  }

  private static int report(Throwable e, CommandLine command, boolean debug) {
    print(command, message(e));
    if (debug) {
      e.printStackTrace(command.getErr());
    }
    return code(e);
  }

  /** Prints a message as an error. */
  static void print(CommandLine command, String message) {
    Ansi ansi = command.getColorScheme().ansi();
    String word = ansi.enabled() ? "\u001b[31;1merror:\u001b[0m " : "error: ";
    command.getErr().println(word + message);
  }

  /** Prints a message as a warning. */
  static void warn(CommandLine command, String message) {
    command.getErr().println("warning: " + message);
  }

  /**
   * Reports an error that no command could catch, such as an exhausted heap.
   *
   * @return the exit code
   */
  static int fatal(Throwable e, CommandLine command, String... args) {
    return report(e, command, debugging(args));
  }

  /** Returns the exit code for a failure. */
  static int code(Throwable e) {
    if (e instanceof NetworkFileException
        || e instanceof NetworkException
        || e instanceof FormatException
        || e instanceof RecipeException) {
      return ExitCode.USAGE;
    }
    if (e instanceof ClException
        || e instanceof InsufficientMemoryException
        || e instanceof UnsuitableDeviceException) {
      return ExitCode.DEVICE;
    }
    if (e instanceof WeightsException
        || e instanceof DataException
        || e instanceof InputException
        || e instanceof RunException
        || isFileProblem(e)) {
      return ExitCode.DATA;
    }
    return ExitCode.FAILED;
  }

  /** Returns what to tell the user. */
  static String message(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "Java ran out of memory (%s; the heap may take %s); use a smaller --batch, or allow more: JAVA_TOOL_OPTIONS=-Xmx4g"
          .formatted(e.getMessage(), Units.bytes(Runtime.getRuntime().maxMemory()));
    }
    if (e instanceof UncheckedIOException unchecked) {
      return message(unchecked.getCause());
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": access denied; check the permissions";
    }
    if (code(e) != ExitCode.FAILED || e instanceof NonFiniteLossException) {
      return e.getMessage();
    }
    return "unexpected: %s; run with %s for the place in the code".formatted(e, DEBUG_OPTION);
  }

  private static boolean isFileProblem(Throwable e) {
    return e instanceof UncheckedIOException || e instanceof IOException;
  }
}
