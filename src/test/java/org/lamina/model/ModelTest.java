package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.WeightSource;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;

/** Models with several inputs and outputs, in batches. */
final class ModelTest {

  private static final Network SUM =
      NetworkFile.parse(
          "sum.yaml",
          """
          network: sum
          inputs: {left: {shape: [2, 3, 3]}, right: {shape: [2, 3, 3]}}
          layers:
            - add: {name: sum, from: [left, right]}
            - relu: {name: positive, from: sum}
            - global_max_pool: {name: largest, from: sum}
          """);

  private static Model open(int batch, Set<String> keep) {
    return Model.open(
        SUM, new SeededWeights(SUM, 1), ModelOptions.defaults().withBatch(batch).withKeep(keep));
  }

  private static Tensor values(int images, int factor) {
    Tensor tensor = Tensor.zeros(Shape.of(images, 2, 3, 3));
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = factor * (i % 7 - 3);
    }
    return tensor;
  }

  @Test
  void severalInputsAndOutputsGoThroughInBatches() {
    Map<String, Tensor> inputs = Map.of("left", values(5, 1), "right", values(5, 10));
    try (Model model = open(2, Set.of("sum"))) {
      Map<String, Tensor> results = model.run(inputs);
      assertEquals(List.of("sum", "positive", "largest"), new ArrayList<>(results.keySet()));
      assertArrayEquals(values(5, 11).values(), results.get("sum").values());
      assertEquals(Shape.of(5, 2, 1, 1), results.get("largest").shape());
      for (int plane = 0; plane < 10; plane++) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < 9; i++) {
          float value = values(5, 11).values()[plane * 9 + i];
          largest = Math.max(largest, value);
          assertEquals(Math.max(0, value), results.get("positive").values()[plane * 9 + i]);
        }
        assertEquals(largest, results.get("largest").values()[plane]);
      }
    }
  }

  @Test
  void inputsMustHoldTheSameNumberOfImages() {
    try (Model model = open(2, Set.of())) {
      InputException e =
          assertThrows(
              InputException.class,
              () -> model.run(Map.of("left", values(2, 1), "right", values(3, 1))));
      assertTrue(e.getMessage().contains("different numbers of them: [2, 3]"), e.getMessage());
      assertThrows(InputException.class, () -> model.run(Map.of("left", values(1, 1))));
    }
  }

  @Test
  void anEmptyBatchIsNoInput() {
    try (Model model = open(1, Set.of())) {
      Tensor none = Tensor.zeros(Shape.of(0, 2, 3, 3));
      assertThrows(InputException.class, () -> model.run(Map.of("left", none, "right", none)));
    }
  }

  @Test
  void whatIsWrongIsSaidBeforeADeviceIsOpened() {
    WeightSource more = WeightSource.of("memory", Map.of("x", Tensor.zeros(Shape.of(1))));
    assertThrows(WeightsException.class, () -> Model.open(SUM, more, ModelOptions.defaults()));
    assertThrows(NetworkException.class, () -> open(1, Set.of("summ")));
    assertThrows(IllegalArgumentException.class, () -> ModelOptions.defaults().withBatch(0));
  }

  @Test
  void aClosedModelSaysSo() {
    Model model = open(1, Set.of());
    model.close();
    model.close();
    Map<String, Tensor> inputs = Map.of("left", values(1, 1), "right", values(1, 1));
    assertThrows(IllegalStateException.class, () -> model.run(inputs));
  }
}
