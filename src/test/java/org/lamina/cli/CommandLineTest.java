package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every command has in common. */
final class CommandLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devices",
        "summary",
        "show",
        "diff",
        "lint",
        "graph",
        "classify",
        "run",
        "time",
        "schema",
        "completion"
      })
  void everyCommandHelpsAndTellsItsVersion(String command) {
    Outcome help = Outcome.of(command, "--help").succeeded();
    assertTrue(help.out().startsWith("Usage: lamina " + command), help.out());
    assertTrue(Outcome.of("--help").out().contains("\n  " + command), "not listed: " + command);
    assertTrue(Outcome.of(command, "--version").succeeded().out().startsWith("lamina "));
  }

  @Test
  void theHelpNamesTheExitCodes() {
    assertTrue(Outcome.of("--help").succeeded().out().contains("3   there is no such device"));
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    Outcome.of().failed(ExitCode.USAGE, "which command?", "devices, summary", "lamina --help");
  }

  @Test
  void anUnknownCommandGetsASuggestion() {
    Outcome.of("sumary", "alexnet").failed(ExitCode.USAGE, "'sumary'", "lamina summary");
  }

  @Test
  void theRehearsalWorksAndIsHidden() {
    assertEquals("", Outcome.of("rehearse").succeeded().out());
    assertEquals(-1, Outcome.of("--help").succeeded().out().indexOf("rehearse"));
    assertEquals(-1, Outcome.of().err().indexOf("rehearse"));
  }

  @Test
  void anUnknownOptionGetsASuggestion() {
    Outcome.of("time", "alexnet", "--bach", "3")
        .failed(ExitCode.USAGE, "'--bach'", "--batch", "lamina time --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many"})
  void aBatchIsAPositiveNumber(String batch) {
    Outcome.of("summary", "lenet", "--batch=" + batch).failed(ExitCode.USAGE, "--batch", batch);
  }

  @Test
  void aMissingArgumentIsNamed() {
    Outcome.of("summary").failed(ExitCode.USAGE, "NETWORK");
    Outcome.of("classify", "lenet").failed(ExitCode.USAGE, "IMAGE");
    Outcome.of("run", "lenet").failed(ExitCode.USAGE, "--input", "--output");
  }

  @Test
  void aNetworkWithoutWeightsWantsSome() {
    Outcome.of("classify", "alexnet", "photo.jpg")
        .failed(ExitCode.USAGE, "which weights? --weights FILE", "'alexnet' has none");
    Outcome.of("evaluate", "alexnet", "--data", "shapes").failed(ExitCode.USAGE, "--weights");
    Outcome.of("export", "alexnet", "alexnet.npz").failed(ExitCode.USAGE, "--weights");
  }

  @Test
  void outsideOfATerminalThereAreNoColours() {
    assertEquals(-1, Outcome.of("summary", "lenet").succeeded().out().indexOf('\u001b'));
  }

  @Test
  void debugShowsTheStackTrace() {
    Outcome outcome = Outcome.of("summary", "nothing-like-it", "--debug");
    assertEquals(ExitCode.USAGE, outcome.code());
    assertTrue(outcome.err().contains("\tat org.lamina."), outcome.err());
  }
}
