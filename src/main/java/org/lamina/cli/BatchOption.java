package org.lamina.cli;

import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How many images a command puts through the network at once. */
final class BatchOption {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  private OptionalInt images = OptionalInt.empty();

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      description = "Images that go through the network together, at least 1.")
  private void set(Integer given) {
    if (given == null) {
      images = OptionalInt.empty(); // picocli resets options so before it parses
      return;
    }
    if (given < 1) {
      throw new ParameterException(
          command.commandLine(), "--batch must be at least 1, but is " + given);
    }
    images = OptionalInt.of(given);
  }

  /** Returns what the user gave, or else this default. */
  int orElse(int otherwise) {
    return images.orElse(otherwise);
  }

  /** Returns whether the user gave a batch. */
  boolean given() {
    return images.isPresent();
  }
}
