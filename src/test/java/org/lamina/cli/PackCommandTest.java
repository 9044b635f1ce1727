package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Splits;

final class PackCommandTest {

  @TempDir private Path folder;

  @Test
  void aDataSetIsPacked() {
    String out = folder.resolve("out").toString();
    Outcome outcome =
        Outcome.of("pack", "shapes:size=8,train=20,test=5", "-o", out, "--format", "png");
    assertEquals(ExitCode.OK, outcome.code(), outcome.err());
    assertTrue(
        outcome
            .out()
            .startsWith("drawn figures: 20 to train, 5 to test, 10 classes\npacked 25 pictures, "),
        outcome.out());
    assertTrue(outcome.out().endsWith(" as 2 shards in " + out + "\n"), outcome.out());
    try (Splits splits = Datasets.open(out)) {
      assertEquals(20, splits.train().size());
    }
    outcome = Outcome.of("pack", "shapes", "-o", out);
    assertEquals(ExitCode.DATA, outcome.code());
    assertEquals("error: " + out + ": is there already; name a new folder\n", outcome.err());
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set/a"));
    Files.write(set.resolve("bad.png"), new byte[5]);
    Pictures.png(set.resolve("good.png"), 4, 4);
    Outcome outcome =
        Outcome.of("pack", set.getParent().toString(), "-o", folder.resolve("o").toString());
    assertEquals(ExitCode.DATA, outcome.code());
    assertTrue(
        outcome.err().startsWith("error: 1 picture could not be read:\n  " + set), outcome.err());
    outcome =
        Outcome.of("pack", set.getParent() + "", "-o", folder.resolve("p").toString(), "--strict");
    assertEquals(ExitCode.DATA, outcome.code());
  }

  @Test
  void wrongOptionsAreRefused() {
    for (String[] option :
        new String[][] {
          {"--format", "webp", "--format must be keep, jpeg, png or raw, but is webp"},
          {"--quality", "0", "--quality must be from 1 to 100, but is 0"},
          {"--size", "-1", "--size must be at least 0, but is -1"},
          {"--shard", "0", "--shard must be from 1 to 1048576, but is 0"}
        }) {
      Outcome outcome = Outcome.of("pack", "shapes", "-o", folder + "/x", option[0], option[1]);
      assertEquals(ExitCode.USAGE, outcome.code());
      assertTrue(outcome.err().startsWith("error: " + option[2] + "\n"), outcome.err());
    }
  }
}
