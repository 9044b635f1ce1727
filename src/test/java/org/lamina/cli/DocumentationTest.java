package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/commands.md mentions whatever can be typed, and nothing else. */
final class DocumentationTest {

  private static Stream<CommandLine> commands() {
    return Lamina.commandLine().getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .filter(command -> !command.getCommandName().equals("help"));
  }

  @Test
  void everyCommandAndOptionIsDocumented() throws IOException {
    String text = Files.readString(Path.of("docs", "commands.md"));
    List<String> missing = new ArrayList<>();
    commands()
        .forEach(
            command -> {
              String name = command.getCommandName();
              require(text, "## `lamina " + name, missing);
              for (OptionSpec option : command.getCommandSpec().options()) {
                for (String spelling : option.names()) {
                  require(text, "`" + spelling, missing);
                }
              }
              if (!name.equals("completion")) {
                require(text, "\n    lamina " + name, missing);
              }
            });
    assertEquals(List.of(), missing, "not in docs/commands.md");
  }

  private static void require(String text, String part, List<String> missing) {
    if (!text.contains(part)) {
      missing.add(part);
    }
  }

  @Test
  void everyOptionInTheDocumentationExists() throws IOException {
    List<String> known =
        commands()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .flatMap(option -> Stream.of(option.names()))
            .toList();
    List<String> unknown =
        Stream.of(Files.readString(Path.of("docs", "commands.md")).split("[^-a-zA-Z]+"))
            .filter(word -> word.matches("--[a-z]+"))
            .filter(word -> !known.contains(word))
            .toList();
    assertEquals(List.of(), unknown);
  }
}
