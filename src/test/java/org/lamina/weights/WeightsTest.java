package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

class WeightsTest {

  private final Network network = SampleNetwork.network();

  @Test
  void namesParametersByTheirLayer() {
    assertEquals(
        List.of("fire/conv.weight", "fire/conv.bias"),
        new ArrayList<>(Weights.parameters(network).keySet()));
  }

  @Test
  void seededWeightsFit() {
    assertDoesNotThrow(() -> Weights.check(network, new SeededWeights(network, 1)));
  }

  @Test
  void listsEverythingThatDoesNotFitAtOnce() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("fire/conv.weight", Tensor.zeros(Shape.of(4, 75)));
    tensors.put("fire/conv.bais", Tensor.zeros(Shape.of(4)));
    tensors.put("evil\u001b[2J", Tensor.zeros(Shape.of(1)));
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> Weights.check(network, WeightSource.of("w.safetensors", tensors)));
    assertEquals(
        """
        w.safetensors: the tensors do not fit network 'sample', which has 2 (1 missing, 1 of \
        another shape, 2 too many)
          missing: fire/conv.bias 4
          shape:   fire/conv.weight is 4×75, but the network needs 4×3×5×5
          extra:   fire/conv.bais 4, did you mean 'fire/conv.bias'?
          extra:   evil\\u001b[2J 1""",
        e.getMessage());
  }

  @Test
  void shortensEndlessLists() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      tensors.put("t" + i, Tensor.zeros(Shape.of(1)));
    }
    WeightsException e =
        assertThrows(
            WeightsException.class, () -> Weights.check(network, WeightSource.of("w", tensors)));
    assertTrue(e.getMessage().endsWith("\n  … and 950 more"), e.getMessage());
  }

  @Test
  void theSameSeedGivesTheSameValuesAndAnotherDoesNot() {
    float[] one = weight(1);
    assertArrayEquals(one, weight(1));
    assertEquals(0, equalElements(one, weight(2)));
    assertTrue(new SeededWeights(network, 1).read("fc.weight").isEmpty());
    assertEquals(
        0.1f, new SeededWeights(network, 1).read("fire/conv.bias").orElseThrow().values()[3]);
  }

  private float[] weight(long seed) {
    return new SeededWeights(network, seed).read("fire/conv.weight").orElseThrow().values();
  }

  private static int equalElements(float[] a, float[] b) {
    int equal = 0;
    for (int i = 0; i < a.length; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    return equal;
  }
}
