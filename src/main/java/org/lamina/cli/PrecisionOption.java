package org.lamina.cli;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.Precision;
import org.lamina.model.ModelOptions;
import org.lamina.network.Network;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --precision}: how weights are stored on the device. */
final class PrecisionOption {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  private Optional<Precision> precision = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "How weights are stored: single, half (16 bits), int8 (fully connected layers in 8 bits,"
              + " convolutions in 16) or tf32 (32 bits, of which GPUs with matrix units may use 19). Sums are always float. Default: what the network says, else single.")
  private void set(String given) {
    if (given == null) {
      precision = Optional.empty(); // picocli resets options so before it parses
      return;
    }
    precision = Precision.of(given);
    if (precision.isEmpty()) {
      List<String> keys = Precision.keys();
      throw new ParameterException(
          command.commandLine(),
          "--precision must be %s or %s, but is '%s'"
              .formatted(
                  String.join(", ", keys.subList(0, keys.size() - 1)),
                  keys.get(keys.size() - 1),
                  given));
    }
  }

  /** Returns options with the precision that the user gave, if any. */
  ModelOptions in(ModelOptions options) {
    return precision.map(options::withPrecision).orElse(options);
  }

  /** Returns the precision that the user gave, or that of the network, or single. */
  Precision of(Network network) {
    return precision.or(network::precision).orElse(Precision.SINGLE);
  }
}
