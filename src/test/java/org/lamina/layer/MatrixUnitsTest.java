package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.MatrixUnits.Instruction;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * The kernels for matrix units, with each instruction done in OpenCL C as its manual says. Not
 * under Oclgrind 21.10, which crashes where functions share local memory so.
 */
final class MatrixUnitsTest {

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** Returns every instruction with every precision that it multiplies. */
  private static Stream<Arguments> instructions() {
    List<Arguments> all = new ArrayList<>();
    for (Instruction instruction : Instruction.values()) {
      for (Precision products : List.of(Precision.TF32, Precision.HALF)) {
        if (instruction.multiplies(products)) {
          all.add(Arguments.of(instruction, products));
        }
      }
    }
    return all.stream();
  }

  private static Choices choices(Instruction instruction, Precision products) {
    return Choices.defaults().precision(products).measurements(emulated(instruction));
  }

  private static Measurements emulated(Instruction instruction) {
    return new Measurements() {
      @Override
      public Optional<String> fastest(Layer each, Site site) {
        return Optional.empty();
      }

      @Override
      public boolean refuses(Layer each, Site site, String algorithm) {
        return false;
      }

      @Override
      public Optional<MatrixUnits> matrixUnits(Precision precision) {
        return Optional.of(MatrixUnits.emulated(instruction));
      }
    };
  }

  /** Of three instructions: to build these kernels takes seconds on every driver. */
  @Tag("drivers")
  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({"NVIDIA_MMA, TF32", "AMD_WMMA, HALF", "INTEL_DPAS_16, HALF"})
  void theSmallestCaseMatchesTheReference(Instruction instruction, Precision products) {
    LayerCase tried = LayerCase.of(Convolution.of(5, 3).pad(1), new Chw(2, 3, 5));
    check(tried, choices(instruction, products), "matrix_" + products.key(), 2, 0);
  }

  /** Whole fragments and parts of them, groups, a stride. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("instructions")
  void matrixUnitsRoundWhatTheyMultiplyAndNothingElse(Instruction instruction, Precision products) {
    Choices choices = choices(instruction, products);
    String name = "matrix_" + products.key();
    check(LayerCase.of(Convolution.of(70, 3).pad(1), new Chw(19, 9, 11)), choices, name, 3, 1e-6);
    check(LayerCase.of(Convolution.of(64, 1), new Chw(32, 8, 8)), choices, name, 3, 1e-6);
    Convolution strided = Convolution.of(34, 5).pad(2).stride(2).groups(2);
    check(LayerCase.of(strided, new Chw(6, 9, 8)), choices, name, 3, 1e-6);
  }

  /** What a fully connected layer has in local memory lies there as with a window. */
  @Test
  void matricesToo() {
    Choices choices = choices(Instruction.INTEL_DPAS_16, Precision.HALF);
    LayerCase tried = LayerCase.of(FullyConnected.of(67), new Chw(37, 3, 5));
    check(tried, choices, "matrix_half", 3, 1e-6);
  }

  /**
   * Compares with the reference: errors are at most 1e-3 of the largest value, and at least {@code
   * least} of it, or nothing was rounded.
   */
  private static void check(
      LayerCase tried, Choices choices, String algorithm, int images, double least) {
    Optional<Layer> none = Optional.empty();
    Choices named = choices.algorithm(algorithm);
    try (LayerRun run =
        new LayerRun(session, Family.GPU, tried, none, named, images, images, false)) {
      assertEquals(algorithm, run.algorithm());
      float[] y = run.run();
      run.assertRestUntouched();
      assertArrayEquals(y, run.run(), "a second run differs");
      Reference.Result expected = run.expected(tried.layer(), none);
      double most = 0;
      double error = 0;
      for (int i = 0; i < y.length; i++) {
        assertTrue(Float.isFinite(y[i]), "y[%d] is %s".formatted(i, y[i]));
        most = Math.max(most, Math.abs(expected.y()[i]));
        error = Math.max(error, Math.abs(expected.y()[i] - y[i]));
      }
      assertTrue(error <= 1e-3 * most, error / most + " of the largest value");
      assertTrue(error >= least * most, "it does not round: " + error / most);
    }
  }

  private static boolean offered(Precision allowed, Optional<Instruction> has, Phase phase) {
    Choices choices =
        Choices.defaults()
            .precision(allowed)
            .measurements(has.map(MatrixUnitsTest::emulated).orElseGet(Measurements::none));
    Convolution layer = Convolution.of(70, 3);
    Signature signature = layer.infer(List.of(new Chw(19, 9, 11)));
    Site site = new Site(Family.GPU, signature, 3, Optional.empty(), choices, phase);
    return layer.algorithms(site).stream().anyMatch(name -> name.startsWith("matrix"));
  }

  @Test
  void matrixUnitsAreNotEvenLookedForUnlessThePrecisionAllowsThem() {
    Optional<Instruction> amd = Optional.of(Instruction.AMD_WMMA);
    assertFalse(offered(Precision.SINGLE, amd, Phase.INFERENCE));
    assertFalse(offered(Precision.HALF, Optional.empty(), Phase.INFERENCE));
    assertFalse(offered(Precision.HALF, amd, Phase.TRAINING));
    assertTrue(offered(Precision.HALF, amd, Phase.INFERENCE));
    assertTrue(offered(Precision.INT8, amd, Phase.INFERENCE));
    assertTrue(offered(Precision.TF32, Optional.of(Instruction.NVIDIA_MMA), Phase.INFERENCE));
  }
}
