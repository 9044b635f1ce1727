package org.lamina.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.lamina.model.WeightFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --weights}: where a command takes the weights of its network from. */
final class WeightsOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-w", "--weights"},
      paramLabel = "FILE",
      description = {
        "The weights: safetensors, PyTorch, NumPy or another known format.",
        "Default: those that belong to the network: NAME.safetensors beside NAME.yaml."
      })
  private Optional<Path> file = Optional.empty();

  /**
   * Returns the file that was named, or the one that belongs to the network.
   *
   * @throws ParameterException if there is neither
   */
  WeightFile of(NetworkArgument network) {
    return file.map(WeightFile::of)
        .or(() -> WeightFile.belongingTo(network.name()))
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "which weights? --weights FILE: '%s' has none of its own"
                        .formatted(network.name())));
  }
}
