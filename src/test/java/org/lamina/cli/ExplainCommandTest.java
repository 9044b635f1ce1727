package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** {@code lamina explain}, and {@code --let} and {@code --set} on a command. */
final class ExplainCommandTest {

  @Test
  void theLastPlaceWins() {
    String out = Outcome.of("explain", "alexnet-one-tower", "conv2.groups").succeeded().out();
    assertEquals("conv2.groups = 1", out.lines().findFirst().orElseThrow());
    assertTrue(out.lines().skip(4).findFirst().orElseThrow().endsWith("let groups: 1"), out);
  }

  @Test
  void theJsonHasEveryPlace() {
    JsonNode json =
        Outcome.of("explain", "alexnet", "width", "--let", "width=0.5", "--json")
            .succeeded()
            .json();
    assertEquals("0.5", json.get("is").asText());
    assertEquals("--let 1:1", json.at("/set/1/place").asText());
    assertEquals("let width: 1.0", json.at("/set/0/text").asText());
  }

  @Test
  void overridesReachTheNetwork() {
    JsonNode json =
        Outcome.of("summary", "alexnet", "--json", "--let", "classes=10", "--set", "fc7.units=8")
            .succeeded()
            .json();
    assertEquals(10 * 8 + 10, json.at("/layers/21/parameters").asInt(), json.toString());
  }
}
