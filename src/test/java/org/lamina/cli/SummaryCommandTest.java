package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina summary}. */
final class SummaryCommandTest {

  @TempDir private Path folder;

  @Test
  void theJsonIsExactlyThis() throws IOException {
    JsonNode json =
        Outcome.of("summary", SmallNetwork.in(folder).file(), "--json").succeeded().json();
    JsonNode plan = ((ObjectNode) json).remove("plan");
    assertEquals(
        """
        {"network":"small","parameters":307,"macs":7104,"layers":[\
        {"name":"conv1","type":"conv","output":[4,8,8],"parameters":112,"macs":6912},\
        {"name":"relu1","type":"relu","output":[4,8,8],"parameters":0,"macs":0},\
        {"name":"pool1","type":"max_pool","output":[4,4,4],"parameters":0,"macs":0},\
        {"name":"fc1","type":"fc","output":[3,1,1],"parameters":195,"macs":192},\
        {"name":"prob","type":"softmax","output":[3,1,1],"parameters":0,"macs":0}]}""",
        json.toString());
    assertEquals(
        plan.get("bytes").asLong(),
        plan.get("activation_bytes").asLong() + plan.get("weight_bytes").asLong());
    assertTrue(plan.get("weight_bytes").asLong() >= 4 * 307, plan.toString());
  }

  @Test
  void theTableEndsInTotals() {
    String out = Outcome.of("summary", "alexnet").succeeded().out();
    assertTrue(out.contains("60,965,224  724,406,816"), out);
    assertTrue(out.contains("conv1      conv      96×55×55       34,944  105,415,200"), out);
  }

  @Test
  void memoryGrowsWithTheBatch() {
    assertTrue(activations(16) > 8 * activations(1));
  }

  private static long activations(int batch) {
    return Outcome.of("summary", "alexnet", "--json", "--batch", batch)
        .succeeded()
        .json()
        .at("/plan/activation_bytes")
        .asLong();
  }
}
