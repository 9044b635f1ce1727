package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamesTest {

  private static final List<String> KNOWN =
      List.of("conv", "fc", "max_pool", "avg_pool", "relu", "a", "stride");

  @ParameterizedTest
  @CsvSource({
    "convv, conv",
    "CONV, conv",
    "vonc, conv",
    "cnv, conv",
    "max_poll, max_pool",
    "strid, stride",
    "tsride, stride",
    "stride, stride",
    "fx, fc",
    "rely, relu",
  })
  void theNearestWithinTwoEditsIsMeant(String typed, String meant) {
    assertEquals(", did you mean '" + meant + "'?", Names.suggest(typed, KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"b", "cf", "convolve", "pooling", "transformer", "''"})
  void nothingIsMeantByWhatIsFarFromAll(String typed) {
    assertEquals("", Names.suggest(typed, KNOWN));
  }
}
