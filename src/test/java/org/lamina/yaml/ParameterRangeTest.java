package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges are found where constructors have them, and nowhere else. */
final class ParameterRangeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv | filters | at least 1",
        "conv | stride | at least 1",
        "conv | pad | at least 0",
        "conv | bias | ''",
        "batch_norm | epsilon | greater than 0",
        "batch_norm | momentum | at least 0, at most 1",
        "dropout | p | at least 0, less than 1",
        "lrn | size | at least 1, odd",
        "lrn | alpha | at least 0",
        "lrn | beta | ''",
        "leaky_relu | slope | ''",
      })
  void theRangeIsThatOfTheConstructor(String layer, String field, String range) {
    RecordType type = ItemReader.TYPES.get(layer);
    RecordType.Component component = type.components().get(type.keys().indexOf(field));
    assertEquals(range, ParameterRange.of(type, component).words());
  }
}
