package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.WeightSource;

/** When a collection is asked for: after large tensors, once they are packed. */
final class WeightReaderTest {

  private static final Tensor LARGE = Tensor.zeros(Shape.of(4 << 20)); // 16 MiB
  private static final Tensor SMALL = Tensor.zeros(Shape.of(10));

  private final List<String> events = new ArrayList<>();
  private final WeightReader reader =
      new WeightReader(
          WeightSource.of(
              "test",
              Map.of(
                  "fc6.weight",
                  LARGE,
                  "fc6.bias",
                  SMALL,
                  "fc7.weight",
                  SMALL,
                  "fc8.weight",
                  LARGE)),
          () -> events.add("collect"));

  private void read(String name, Tensor expected) {
    assertSame(expected, reader.apply(name));
    events.add(name);
  }

  @Test
  void aLargeTensorIsFreedBeforeTheNextLayerIsRead() {
    read("fc6.weight", LARGE);
    read("fc6.bias", SMALL); // the layer is packed only now
    read("fc7.weight", SMALL);
    read("fc8.weight", LARGE);
    reader.collect();
    reader.collect(); // nothing is left to free
    assertEquals(
        List.of("fc6.weight", "fc6.bias", "collect", "fc7.weight", "fc8.weight", "collect"),
        events);
  }

  @Test
  void smallTensorsAreNotWorthACollection() {
    read("fc6.bias", SMALL);
    read("fc7.weight", SMALL);
    reader.collect();
    assertEquals(List.of("fc6.bias", "fc7.weight"), events);
  }
}
