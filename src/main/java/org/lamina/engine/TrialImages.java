package org.lamina.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.lamina.layer.Layer;
import org.lamina.layer.Parameter;
import org.lamina.layer.Signature;
import org.lamina.layer.SpotCheck;
import org.lamina.tensor.Tensor;

/**
 * What the algorithms of a layer are tried on: two images, weights, and the exact values of the
 * results. The same for the same layer, always.
 *
 * @param first every image of a batch but the last, dense [C, H, W], between -1 and 1
 * @param last the last image of the batch
 * @param parameters the layer's tensors, between -1 and 1
 * @param check the exact values
 */
record TrialImages(float[] first, float[] last, List<Tensor> parameters, SpotCheck check) {

  static TrialImages of(Layer layer, Signature signature) {
    SplittableRandom random = new SplittableRandom(1);
    int volume = Math.toIntExact(signature.input().volume());
    float[] first = uniform(volume, random);
    float[] last = uniform(volume, random);
    List<Tensor> parameters = new ArrayList<>();
    for (Parameter parameter : signature.parameters()) {
      Tensor tensor = Tensor.zeros(parameter.shape());
      float[] values = uniform(tensor.values().length, random);
      System.arraycopy(values, 0, tensor.values(), 0, values.length);
      parameters.add(tensor);
    }
    return new TrialImages(
        first, last, parameters, SpotCheck.of(layer, signature.input(), parameters));
  }

  private static float[] uniform(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(1 << 24) - (1 << 23)) * 0x1p-23f;
    }
    return values;
  }

  /**
   * The results of an algorithm for the first and the last image, dense [C, H, W] each; the last is
   * empty where there is only one image.
   */
  record Results(float[] first, float[] last) {

    /** Returns the largest absolute value that is finite. */
    double largest() {
      double most = 0;
      for (float[] values : List.of(first, last)) {
        for (float value : values) {
          most = Float.isFinite(value) ? Math.max(most, Math.abs(value)) : most;
        }
      }
      return most;
    }

    /** Returns the first place whose value is not finite, if there is one. */
    OptionalInt notFinite() {
      return IntStream.range(0, count()).filter(i -> !Float.isFinite(at(i))).findFirst();
    }

    float at(int element) {
      return element < first.length ? first[element] : last[element - first.length];
    }

    int count() {
      return first.length + last.length;
    }

    /** Returns the place where two results differ the most; values that are not finite do most. */
    int worst(Results other) {
      int worst = 0;
      double most = -1;
      for (int i = 0; i < count(); i++) {
        double difference = Math.abs((double) at(i) - other.at(i));
        if (!(difference <= most)) {
          worst = i;
          most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
        }
      }
      return worst;
    }
  }

  /** Returns the exact value at a place of both results. */
  double exact(Results results, int element) {
    int length = results.first().length;
    return element < length ? check.at(first, element) : check.at(last, element - length);
  }

  /** Returns places to look at: the corners of both results, and others spread over them. */
  int[] places(Results results, int count) {
    SplittableRandom random = new SplittableRandom(2);
    int all = results.count();
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = random.nextInt(all);
    }
    int length = results.first().length;
    int[] corners = {0, length - 1, Math.min(length, all - 1), all - 1};
    int[] both = Arrays.copyOf(corners, corners.length + count);
    System.arraycopy(places, 0, both, corners.length, count);
    return both;
  }
}
