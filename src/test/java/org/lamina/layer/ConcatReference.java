package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;

/** Concatenation: in dense NCHW the inputs of an image stand one after the other. */
record ConcatReference() implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    List<Double> y = new ArrayList<>();
    for (int n = 0; n < images; n++) {
      for (double[] x : inputs) {
        int volume = x.length / images;
        for (int i = 0; i < volume; i++) {
          y.add(x[n * volume + i]);
        }
      }
    }
    return Result.exact(y.stream().mapToDouble(v -> v).toArray());
  }
}
