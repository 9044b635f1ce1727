package org.lamina.cli;

import java.util.Arrays;
import java.util.Locale;
import org.lamina.layer.Precision;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --precision}: how weights are stored on the device. */
final class PrecisionOption {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  private Precision precision = Precision.SINGLE;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "How weights are stored: single, half (16 bits) or int8 (fully connected layers in 8 bits,"
              + " convolutions in 16). Sums are always float. Default: single.")
  private void set(String given) {
    if (given == null) {
      precision = Precision.SINGLE; // picocli resets options so before it parses
      return;
    }
    precision =
        Arrays.stream(Precision.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(given))
            .findAny()
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "--precision must be single, half or int8, but is '" + given + "'"));
  }

  /** Returns the precision that the user gave, or single. */
  Precision get() {
    return precision;
  }
}
