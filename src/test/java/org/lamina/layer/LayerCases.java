package org.lamina.layer;

import static org.lamina.layer.LayerCase.Values.LARGE;
import static org.lamina.layer.LayerCase.Values.NEAR_ONE;
import static org.lamina.layer.LayerCase.Values.TIED;
import static org.lamina.layer.LayerCase.Values.WITH_INFINITY;
import static org.lamina.layer.LayerCase.Values.WITH_NAN;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lamina.layer.LayerCase.Values;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.tensor.Chw;

/** The geometries that every layer is tried on: small, and dividing no tile and no vector. */
final class LayerCases {

  private LayerCases() {}

  /** Returns all cases of all layers. */
  static Stream<LayerCase> all() {
    return Stream.of(
            activations(),
            ElementwiseCases.all(),
            JoinCases.all(),
            MoveCases.all(),
            pooling(),
            globalPooling(),
            localResponse(),
            batchNormalization(),
            softmax(),
            joining(),
            ConvolutionCases.all())
        .flatMap(List::stream);
  }

  private static List<LayerCase> activations() {
    List<LayerCase> cases = new ArrayList<>();
    for (Layer layer :
        List.of(new Relu(), new LeakyRelu(0.1), new Sigmoid(), new Tanh(), new Dropout(0.5))) {
      cases.add(LayerCase.of(layer, new Chw(5, 3, 7)));
      cases.add(LayerCase.of(layer, new Chw(17, 1, 1)).with(LARGE));
      cases.add(LayerCase.of(layer, new Chw(16, 2, 19)).with(TIED));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 2)).with(WITH_NAN));
    }
    cases.add(LayerCase.of(new LeakyRelu(-2), new Chw(2, 3, 3)));
    cases.add(LayerCase.of(new Sigmoid(), new Chw(2, 3, 3)).with(WITH_INFINITY));
    return cases;
  }

  private static List<LayerCase> pooling() {
    List<LayerCase> cases = new ArrayList<>();
    for (Values values : List.of(Values.RANDOM, TIED, WITH_NAN, WITH_INFINITY)) {
      addPooling(cases, values, new Chw(5, 7, 9), "3×3", "2×2", Padding.NONE);
    }
    Values random = Values.RANDOM;
    addPooling(cases, random, new Chw(17, 6, 6), "3×3", "2×2", Padding.NONE);
    addPooling(cases, random, new Chw(4, 5, 8), "3×2", "1×3", new Padding(2, 1, 0, 0));
    addPooling(cases, random, new Chw(3, 5, 8), "3×3", "2×2", Padding.of(1));
    addPooling(cases, random, new Chw(3, 8, 5), "4×5", "3×4", new Padding(1, 4, 3, 2));
    addPooling(cases, random, new Chw(2, 7, 7), "1×1", "3×3", Padding.NONE);
    addPooling(cases, random, new Chw(2, 9, 8), "2×2", "3×4", Padding.of(1));
    addPooling(cases, random, new Chw(8, 5, 5), "5×5", "1×1", Padding.NONE);
    addPooling(cases, random, new Chw(9, 1, 1), "1×1", "1×1", Padding.NONE);
    addPooling(cases, random, new Chw(1, 1, 20), "1×2", "1×2", Padding.NONE);
    addPooling(cases, random, new Chw(1, 3, 3), "2×2", "2×2", Padding.NONE);
    return cases;
  }

  private static void addPooling(
      List<LayerCase> cases, Values values, Chw x, String kernel, String stride, Padding pad) {
    for (Rounding round : Rounding.values()) {
      Extent window = extent(kernel);
      Extent step = extent(stride);
      cases.add(LayerCase.of(new MaxPooling(window, step, pad, round), x).with(values));
      cases.add(LayerCase.of(new AveragePooling(window, step, pad, round, true), x).with(values));
      cases.add(LayerCase.of(new AveragePooling(window, step, pad, round, false), x).with(values));
    }
  }

  static Extent extent(String text) {
    String[] sides = text.split("×");
    return new Extent(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
  }

  private static List<LayerCase> globalPooling() {
    List<LayerCase> cases = new ArrayList<>();
    for (Layer layer : List.of(new GlobalAveragePooling(), new GlobalMaxPooling())) {
      cases.add(LayerCase.of(layer, new Chw(5, 13, 13)));
      cases.add(LayerCase.of(layer, new Chw(17, 1, 3)));
      cases.add(LayerCase.of(layer, new Chw(1, 1, 1)));
      cases.add(LayerCase.of(layer, new Chw(16, 4, 1)).with(TIED));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 3)).with(WITH_NAN));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 3)).with(WITH_INFINITY));
    }
    cases.add(LayerCase.of(new GlobalAveragePooling(), new Chw(2, 41, 43)).with(NEAR_ONE));
    cases.add(LayerCase.of(new GlobalAveragePooling(), new Chw(150, 1, 2)));
    return cases;
  }

  private static List<LayerCase> localResponse() {
    List<LayerCase> cases = new ArrayList<>();
    for (Region region : Region.values()) {
      for (int size : new int[] {5, 1, 3, 11}) {
        var paper = new LocalResponseNormalization(size, 0.3, 0.75, 2, false, region);
        var caffe = new LocalResponseNormalization(size, 0.3, 0.75, 1, true, region);
        cases.add(LayerCase.of(paper, new Chw(17, 2, 3)));
        cases.add(LayerCase.of(caffe, new Chw(6, 7, 5)));
      }
      var paper = new LocalResponseNormalization(5, 1e-4, 0.75, 2, false, region);
      var other = new LocalResponseNormalization(5, 0.5, 0.6, 1.5, true, region);
      cases.add(LayerCase.of(paper, new Chw(16, 3, 3)).with(LARGE));
      cases.add(LayerCase.of(paper, new Chw(9, 3, 3)).with(WITH_NAN));
      cases.add(LayerCase.of(other, new Chw(5, 3, 4)));
      cases.add(LayerCase.of(other, new Chw(1, 1, 1)));
      cases.add(LayerCase.of(paper, new Chw(33, 1, 18)));
      var small = new LocalResponseNormalization(3, 1, 0.75, 1e-33, false, region);
      cases.add(LayerCase.of(small, new Chw(6, 2, 3)));
      cases.add(LayerCase.of(paper, new Chw(141, 1, 9)).with(Values.WIDE));
      cases.add(LayerCase.of(paper, new Chw(6, 2, 3)).with(WITH_INFINITY));
    }
    return cases;
  }

  private static List<LayerCase> batchNormalization() {
    Initializer one = new Initializer.Constant(1);
    Initializer zero = new Initializer.Constant(0);
    BatchNormalization affine = new BatchNormalization(1e-5, 0.1, true, one, zero);
    BatchNormalization plain = new BatchNormalization(1e-2, 0.1, false, one, zero);
    return List.of(
        LayerCase.of(affine, new Chw(5, 3, 4)),
        LayerCase.of(affine, new Chw(17, 2, 17)),
        LayerCase.of(affine, new Chw(16, 1, 1)),
        LayerCase.of(affine, new Chw(3, 2, 2)).with(WITH_NAN),
        LayerCase.of(plain, new Chw(6, 3, 3)),
        LayerCase.of(plain, new Chw(1, 1, 1)));
  }

  private static List<LayerCase> softmax() {
    List<LayerCase> cases = new ArrayList<>();
    for (Layer layer : List.of(new Softmax(), new LogSoftmax())) {
      cases.add(LayerCase.of(layer, new Chw(10, 1, 1)));
      cases.add(LayerCase.of(layer, new Chw(1, 2, 2)));
      cases.add(LayerCase.of(layer, new Chw(17, 3, 2)));
      cases.add(LayerCase.of(layer, new Chw(16, 2, 5)).with(LARGE));
      cases.add(LayerCase.of(layer, new Chw(37, 1, 1)).with(LARGE));
      cases.add(LayerCase.of(layer, new Chw(5, 2, 3)).with(WITH_NAN));
      cases.add(LayerCase.of(layer, new Chw(3, 4, 1)).with(TIED));
      cases.add(LayerCase.of(layer, new Chw(21, 3, 5)));
      cases.add(LayerCase.of(layer, new Chw(7, 5, 7)).with(LARGE));
    }
    return cases;
  }

  private static List<LayerCase> joining() {
    Chw five = new Chw(5, 3, 4);
    return List.of(
        LayerCase.of(new Add(), five, five),
        LayerCase.of(new Add(), five, five, five),
        LayerCase.of(new Add(), new Chw(17, 1, 1), new Chw(17, 1, 1)),
        LayerCase.of(new Add(), new Chw(1, 2, 19), new Chw(1, 2, 19)).with(WITH_NAN),
        LayerCase.of(new Concat(), five),
        LayerCase.of(new Concat(), five, new Chw(3, 3, 4), new Chw(10, 3, 4)),
        LayerCase.of(new Concat(), new Chw(16, 2, 1), new Chw(32, 2, 1), new Chw(7, 2, 1)),
        LayerCase.of(new Concat(), new Chw(8, 1, 3), new Chw(1, 1, 3), new Chw(1, 1, 3)),
        LayerCase.of(new Concat(), new Chw(4, 1, 1), new Chw(12, 1, 1), new Chw(18, 1, 1)),
        LayerCase.of(new PadChannels(0, 0), five),
        LayerCase.of(new PadChannels(4, 4), new Chw(8, 3, 5)),
        LayerCase.of(new PadChannels(16, 16), new Chw(32, 2, 3)),
        LayerCase.of(new PadChannels(17, 0), new Chw(1, 1, 1)),
        LayerCase.of(new PadChannels(0, 33), new Chw(3, 1, 70)),
        LayerCase.of(new PadChannels(3, 1), new Chw(17, 3, 2)).with(WITH_NAN),
        LayerCase.of(new Flatten(), five),
        LayerCase.of(new Flatten(), new Chw(17, 1, 1)),
        LayerCase.of(new Flatten(), new Chw(1, 3, 5)),
        LayerCase.of(new Flatten(), new Chw(18, 2, 2)));
  }
}
