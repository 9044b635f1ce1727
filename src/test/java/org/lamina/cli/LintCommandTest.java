package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** {@code lamina lint}. */
final class LintCommandTest {

  @Test
  void theTextIsExactlyThis() {
    assertEquals(
        """
        ip2  linear-pair
          nothing but linear layers lies between 'ip1' and it: together they can do no more than one
          → put a relu after 'ip1'

        1 thing found in the 12 layers of cifar10-quick
        """,
        Outcome.of("lint", "cifar10-quick").succeeded().out());
    assertEquals(
        "nothing found in the 8 layers of lenet\n", Outcome.of("lint", "lenet").succeeded().out());
  }

  @Test
  void theJsonIsExactlyThis() {
    assertEquals(
        """
        {"network":"cifar10-quick","findings":[{"layer":"ip2","rule":"linear-pair",\
        "why":"nothing but linear layers lies between 'ip1' and it: together they can do no more than one",\
        "remedy":"put a relu after 'ip1'"}]}""",
        Outcome.of("lint", "cifar10-quick", "--json").succeeded().json().toString());
  }

  @Test
  void strictFailsWhereSomethingIsFound() {
    assertEquals(ExitCode.FAILED, Outcome.of("lint", "cifar10-quick", "--strict").code());
    Outcome.of("lint", "lenet", "--strict").succeeded();
  }
}
