package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** {@code lamina summary}. */
final class SummaryCommandTest {

  @TempDir private Path folder;

  private JsonNode small(Object... more) throws IOException {
    Object[] args = {"summary", SmallNetwork.in(folder).file(), "--json"};
    return Outcome.of(Stream.of(args, more).flatMap(Arrays::stream).toArray()).succeeded().json();
  }

  /** Returns an object with some of its members. */
  private static JsonNode only(JsonNode object, String... members) {
    return ((ObjectNode) object).retain(members);
  }

  @Test
  void theJsonIsExactlyThis() throws IOException {
    JsonNode json = small();
    JsonNode plan = json.get("plan");
    json.get("layers")
        .forEach(layer -> only(layer, "name", "type", "output", "parameters", "macs"));
    assertEquals(
        """
        {"network":"small","parameters":307,"macs":7104,"layers":[\
        {"name":"conv1","type":"conv","output":[4,8,8],"parameters":112,"macs":6912},\
        {"name":"relu1","type":"relu","output":[4,8,8],"parameters":0,"macs":0},\
        {"name":"pool1","type":"max_pool","output":[4,4,4],"parameters":0,"macs":0},\
        {"name":"fc1","type":"fc","output":[3,1,1],"parameters":195,"macs":192},\
        {"name":"prob","type":"softmax","output":[3,1,1],"parameters":0,"macs":0}]}""",
        only(json, "network", "parameters", "macs", "layers").toString());
    assertEquals(
        plan.get("bytes").asLong(),
        plan.get("activation_bytes").asLong() + plan.get("weight_bytes").asLong());
    assertTrue(plan.get("weight_bytes").asLong() >= 4 * 307, plan.toString());
  }

  @Test
  void theRestOfTheJsonIsExactlyThis() throws IOException {
    JsonNode json = small("--batch", 2);
    assertEquals(
        """
        {"name":"conv1","type":"conv","output":[4,8,8],"parameters":112,"macs":6912,\
        "from":["data"],"inputs":[[3,8,8]],"fixed_parameters":0,"activation_bytes":2048,\
        "receptive_field":{"size":[3,3],"stride":[1,1]},\
        "kernel":[3,3],"stride":[1,1],"pad":[1,1,1,1],"dilation":[1,1]}""",
        json.at("/layers/0").toString());
    assertEquals(
        """
        {"name":"fc1","type":"fc","output":[3,1,1],"parameters":195,"macs":192,\
        "from":["pool1"],"inputs":[[4,4,4]],"fixed_parameters":0,"activation_bytes":24,\
        "receptive_field":{"size":[10,10],"stride":[2,2]}}""",
        json.at("/layers/3").toString());
    assertEquals(
        """
        {"inputs":{"data":[3,8,8]},"outputs":["prob"],"fixed_parameters":0,\
        "training_estimate":{"batch":2,"activation_bytes":6192,"gradient_bytes":4656,\
        "weight_bytes":1228,"weight_gradient_bytes":1228,"momentum_bytes":1228,"bytes":14532}}""",
        only(json, "inputs", "outputs", "fixed_parameters", "training_estimate").toString());
  }

  @Test
  void theTableIsExactlyThis() throws IOException {
    String out = Outcome.of("summary", SmallNetwork.in(folder).file(), "--wide").succeeded().out();
    assertEquals(
        """
        small · input data 3×8×8

        layer     type      kernel  stride  pad  input  output  field  parameters  fixed   MACs  activations
        conv1     conv      3×3     1       1    3×8×8  4×8×8    3 /1         112         6,912        1 KiB
        relu1     relu                           4×8×8  4×8×8    3 /1                                  1 KiB
        pool1     max_pool  2×2     2       0    4×8×8  4×4×4    4 /2                                  256 B
        fc1       fc                             4×4×4  3×1×1   10 /2         195           192         12 B
        prob      softmax                        3×1×1  3×1×1   10 /2                                   12 B
        ────────────────────────────────────────────────────────────────────────────────────────────────────
        5 layers                                                              307         7,104      2.3 KiB

        """,
        out.substring(0, out.indexOf("memory for batch 1: ")));
    assertTrue(
        out.endsWith(
            "training, an estimate: 8.9 KiB = 3.0 KiB activations + 2.3 KiB gradients"
                + " + 3.6 KiB weights, gradients, momentum\n"),
        out);
  }

  @Test
  void columnsGoInThisOrder() {
    assertEquals(
        List.of("fixed", "activations", "input", "pad", "stride", "field", "kernel"),
        SummaryReport.DISPENSABLE);
    Table table = new Table("a", ">bb", "ccc");
    table.add("1", "2", "3");
    table.total("4", "5", "6");
    assertEquals("a  bb  ccc\n1   2  3\n──────────\n4   5  6\n", print(table, 10));
    assertEquals("a  ccc\n1  3\n──────\n4  6\n", print(table, 9));
    assertEquals("ccc\n3\n───\n6\n", print(table, 5));
    assertEquals("ccc\n3\n───\n6\n", print(table, 1), "the rest stays");
  }

  private static String print(Table table, int room) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    table.fitting(room, List.of("bb", "a")).print(writer, Ansi.OFF);
    writer.flush();
    return out.toString();
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
