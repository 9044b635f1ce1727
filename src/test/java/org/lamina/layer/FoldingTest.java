package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/** Layers that the weights before them carry out, against both by their references. */
class FoldingTest {

  private static final Initializer ONE = new Initializer.Constant(1);
  private static final Initializer ZERO = new Initializer.Constant(0);

  @Test
  void bothTogetherAreOneAfterTheOther() {
    List<Layer> firsts =
        List.of(
            Convolution.of(6, 3).pad(1).groups(2),
            new Convolution(
                5, Extent.of(2), Extent.of(2), Padding.NONE, Extent.of(1), 1, false, ONE, ZERO),
            FullyConnected.of(7),
            new FullyConnected(3, false, ONE, ZERO));
    List<Layer> nexts =
        List.of(
            new BatchNormalization(1e-5, 0.1, true, ONE, ZERO),
            new BatchNormalization(1e-3, 0.1, false, ONE, ZERO),
            new ChannelScale(true, ONE, ZERO),
            new ChannelScale(false, ONE, ZERO),
            new ChannelBias(ZERO));
    for (Layer first : firsts) {
      for (Layer next : nexts) {
        check(first, next);
      }
    }
  }

  private static void check(Layer first, Layer next) {
    assertTrue(Folding.folds(first, next));
    Random random = new Random(7);
    Signature signature = first.infer(List.of(new Chw(4, 5, 6)));
    Signature after = next.infer(List.of(signature.output()));
    List<Tensor> own = tensors(signature, random);
    List<Tensor> others = tensors(after, random);
    float[] before = own.get(0).values().clone();
    double[] x = new double[2 * 4 * 5 * 6];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    double[] between = Reference.of(first).forward(signature, 2, List.of(x), doubles(own)).y();
    double[] expected = Reference.of(next).forward(after, 2, List.of(between), doubles(others)).y();
    Layer both = Folding.withBias(first);
    Signature whole = both.infer(signature.inputs());
    List<Tensor> folded = Folding.fold(own, next, others);
    assertEquals(
        whole.parameters().stream().map(Parameter::shape).toList(),
        folded.stream().map(Tensor::shape).toList());
    double[] y = Reference.of(both).forward(whole, 2, List.of(x), doubles(folded)).y();
    assertArrayEquals(expected, y, 2e-6, first + " and " + next);
    assertArrayEquals(before, own.get(0).values(), "the layer's own weights were changed");
  }

  private static List<Tensor> tensors(Signature signature, Random random) {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : signature.parameters()) {
      Tensor tensor = Tensor.zeros(parameter.shape());
      for (int i = 0; i < tensor.values().length; i++) {
        tensor.values()[i] = 0.1f + random.nextFloat();
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private static List<double[]> doubles(List<Tensor> tensors) {
    List<double[]> all = new ArrayList<>();
    for (Tensor tensor : tensors) {
      double[] values = new double[tensor.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.values()[i];
      }
      all.add(values);
    }
    return all;
  }

  @Test
  void whatIsNotLinearOrHasNoWeightsIsNotFolded() {
    Layer norm = new BatchNormalization(1e-5, 0.1, true, ONE, ZERO);
    assertFalse(Folding.folds(norm, norm));
    assertFalse(Folding.folds(new Relu(), norm));
    assertFalse(Folding.folds(Convolution.of(4, 3), new Relu()));
    assertFalse(Folding.folds(Convolution.of(4, 3), Convolution.of(4, 3)));
  }
}
