package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Philox;
import org.lamina.tensor.Tensor;

/**
 * A layer with inputs, parameters and dy, and the gradients of {@code sum of dy*y} by central
 * differences in double precision.
 *
 * @param layer the layer
 * @param signature its shapes
 * @param images how many images
 * @param inputs dense
 * @param parameters as files store them
 * @param gradient dy, dense
 */
record GradientValues(
    Layer layer,
    Signature signature,
    int images,
    List<float[]> inputs,
    List<Tensor> parameters,
    float[] gradient) {

  /** The number of the layer's random numbers. */
  static final int STREAM = 0x1234567;

  private static final double STEP = 1e-6;

  static GradientValues of(LayerCase tried, int images) {
    Random random = new Random(tried.toString().hashCode());
    Signature signature = tried.signature();
    List<float[]> inputs = new ArrayList<>();
    for (Chw shape : signature.inputs()) {
      inputs.add(values(shape, images, random, positive(tried.layer())));
    }
    List<Tensor> parameters = new ArrayList<>();
    for (Parameter parameter : signature.parameters()) {
      Tensor tensor = Tensor.zeros(parameter.shape());
      boolean positive = parameter.name().equals("running_var");
      for (int i = 0; i < tensor.values().length; i++) {
        tensor.values()[i] = positive ? 0.1f + random.nextFloat() : 2 * random.nextFloat() - 1;
      }
      parameters.add(tensor);
    }
    float[] dy = values(signature.output(), images, random, false);
    return new GradientValues(tried.layer(), signature, images, inputs, parameters, dy);
  }

  /** Returns whether a layer is defined, or smooth, only above zero. */
  private static boolean positive(Layer layer) {
    return List.of("log", "power", "div").contains(layer.key());
  }

  private static float[] values(Chw shape, int images, Random random, boolean positive) {
    float[] values = new float[Math.toIntExact(images * shape.volume())];
    for (int i = 0; i < values.length; i++) {
      values[i] = positive ? 0.5f + random.nextFloat() : 4 * random.nextFloat() - 2;
    }
    return values;
  }

  /** Returns which samples the images are, as bits of floats. */
  float[] sampleBits() {
    float[] bits = new float[images];
    for (int n = 0; n < images; n++) {
      bits[n] = Float.intBitsToFloat(1000 + 17 * n);
    }
    return bits;
  }

  /** Returns the derivative by one element of an input. */
  double byInput(int k, int element) {
    List<double[]> x = new ArrayList<>(inputs.stream().map(GradientValues::doubles).toList());
    List<double[]> p = parameters.stream().map(t -> doubles(t.values())).toList();
    return central(x, p, x.get(k), element);
  }

  /** Returns the derivative by one element of a parameter. */
  double byParameter(int k, int element) {
    List<double[]> x = inputs.stream().map(GradientValues::doubles).toList();
    List<double[]> p = new ArrayList<>(parameters.stream().map(t -> doubles(t.values())).toList());
    return central(x, p, p.get(k), element);
  }

  private double central(List<double[]> x, List<double[]> p, double[] changed, int element) {
    double kept = changed[element];
    changed[element] = kept + STEP;
    double more = sum(x, p);
    changed[element] = kept - STEP;
    double less = sum(x, p);
    return (more - less) / (2 * STEP);
  }

  private double sum(List<double[]> x, List<double[]> p) {
    double[] y = forward(x, p);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += gradient[i] * y[i];
    }
    return sum;
  }

  private double[] forward(List<double[]> x, List<double[]> p) {
    if (layer instanceof BatchNormalization normalisation) {
      return normalised(normalisation, x.get(0), p);
    }
    if (layer instanceof Dropout dropout) {
      return dropped(dropout, x.get(0));
    }
    return Reference.of(layer).forward(signature, images, x, p).y();
  }

  private double[] normalised(BatchNormalization layer, double[] x, List<double[]> p) {
    Chw shape = signature.input();
    int area = shape.h() * shape.w();
    double[] y = new double[x.length];
    for (int c = 0; c < shape.c(); c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        if (i / area % shape.c() == c) {
          sum += x[i];
          squares += x[i] * x[i];
        }
      }
      double mean = sum / (images * area);
      double variance = squares / (images * area) - mean * mean;
      double inverse = 1 / Math.sqrt(variance + layer.epsilon());
      for (int i = 0; i < x.length; i++) {
        if (i / area % shape.c() == c) {
          double xhat = (x[i] - mean) * inverse;
          y[i] = layer.affine() ? p.get(0)[c] * xhat + p.get(1)[c] : xhat;
        }
      }
    }
    return y;
  }

  private double[] dropped(Dropout layer, double[] x) {
    Chw shape = signature.input();
    double[] y = new double[x.length];
    int[] words = new int[Philox.WORDS];
    for (int i = 0; i < x.length; i++) {
      int pixel = i % (shape.h() * shape.w());
      int c = i / (shape.h() * shape.w()) % shape.c();
      long sample = 1000 + 17L * (i / shape.volume());
      long place = (long) pixel * ((shape.c() + 3) / 4) + c / 4;
      // Seed and epoch are 0: nothing sets them here.
      Philox.block(0, STREAM, sample << 32 | place, words);
      boolean kept = Integer.toUnsignedLong(words[c % 4]) >= Math.round(layer.p() * 0x1p32);
      y[i] = kept ? x[i] / (1 - layer.p()) : 0;
    }
    return y;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
