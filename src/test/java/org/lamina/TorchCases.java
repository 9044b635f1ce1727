package org.lamina;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads forward and backward cases that PyTorch worked out. */
public final class TorchCases {

  private TorchCases() {}

  /**
   * One layer with all its numbers.
   *
   * @param options what the layer is
   * @param shapes the shapes of the inputs, images first
   * @param inputs the inputs
   * @param parameters weights and bias
   * @param output the result
   * @param gradient the gradient of the loss by the result
   * @param inputGradients the gradients by the inputs; empty for one that has none
   * @param parameterGradients the gradients by the parameters
   */
  public record Case(
      JsonNode options,
      List<int[]> shapes,
      List<float[]> inputs,
      List<float[]> parameters,
      float[] output,
      float[] gradient,
      List<float[]> inputGradients,
      List<float[]> parameterGradients) {

    /** Returns how many images there are. */
    public int images() {
      return shapes.get(0)[0];
    }
  }

  /**
   * Returns the cases of an operator that come with numbers; skips the test if there is no file.
   */
  public static List<Case> of(String operator) throws IOException {
    JsonNode file =
        new ObjectMapper()
            .readTree(
                TestData.file("layers/pytorch/test_case_%s.json".formatted(operator)).toFile());
    List<Case> cases = new ArrayList<>();
    for (JsonNode test : file.get("tests")) {
      for (JsonNode one : test.get("cases")) {
        if (one.has("in_tensors")) {
          cases.add(read(test, one));
        }
      }
    }
    return cases;
  }

  private static Case read(JsonNode test, JsonNode one) {
    List<int[]> shapes =
        elements(one.get("in_shapes")).stream()
            .map(shape -> elements(shape).stream().mapToInt(JsonNode::asInt).toArray())
            .toList();
    return new Case(
        test.get("options"),
        shapes,
        tensors(one, "in_tensors"),
        tensors(test, "param_tensors"),
        tensors(one, "out_tensors").get(0),
        tensors(one, "out_diffs").get(0),
        tensors(one, "in_diffs"),
        tensors(one, "params_diffs"));
  }

  private static List<float[]> tensors(JsonNode node, String key) {
    return node.has(key)
        ? elements(node.get(key)).stream().map(TorchCases::floats).toList()
        : List.of();
  }

  /** Returns the numbers of a list. */
  public static float[] floats(JsonNode list) {
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) list.get(i).asDouble();
    }
    return floats;
  }

  private static List<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).toList();
  }
}
