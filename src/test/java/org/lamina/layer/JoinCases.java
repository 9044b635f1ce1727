package org.lamina.layer;

import static org.lamina.layer.LayerCase.Values.LARGE;
import static org.lamina.layer.LayerCase.Values.TIED;
import static org.lamina.layer.LayerCase.Values.WITH_NAN;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;

/** Shapes for layers that combine inputs, and for those with numbers for every channel. */
final class JoinCases {

  private JoinCases() {}

  static List<LayerCase> all() {
    List<LayerCase> cases = new ArrayList<>();
    combining(cases);
    perChannel(cases);
    return cases;
  }

  private static void combining(List<LayerCase> cases) {
    Chw five = new Chw(5, 2, 3);
    for (Layer layer :
        List.of(new Multiply(), new Subtract(), new Divide(), new Maximum(), new Minimum())) {
      cases.add(LayerCase.of(layer, five, five));
      cases.add(LayerCase.of(layer, new Chw(17, 2, 1), new Chw(17, 2, 1)).with(TIED));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 5), new Chw(3, 2, 5)).with(WITH_NAN));
      cases.add(LayerCase.of(layer, new Chw(18, 1, 3), new Chw(1, 2, 1)));
    }
    cases.add(LayerCase.of(new Add(), new Chw(5, 3, 4), new Chw(5, 1, 1)));
    cases.add(LayerCase.of(new Add(), new Chw(1, 2, 1), new Chw(17, 2, 3), new Chw(17, 1, 3)));
    cases.add(LayerCase.of(new Multiply(), new Chw(17, 3, 4), new Chw(17, 1, 1)));
    cases.add(LayerCase.of(new Multiply(), new Chw(1, 3, 4), new Chw(17, 3, 4)));
    cases.add(LayerCase.of(new Multiply(), new Chw(1, 1, 1), new Chw(5, 3, 20)));
    cases.add(LayerCase.of(new Multiply(), new Chw(5, 1, 4), new Chw(5, 3, 1), five(1, 1)));
    cases.add(LayerCase.of(new Multiply(), five, five, five));
    cases.add(LayerCase.of(new Maximum(), five, new Chw(1, 2, 3), five, new Chw(5, 1, 1)));
    cases.add(LayerCase.of(new Subtract(), new Chw(2, 1, 1), new Chw(1, 1, 1)).with(LARGE));
  }

  private static Chw five(int h, int w) {
    return new Chw(5, h, w);
  }

  private static void perChannel(List<LayerCase> cases) {
    Initializer one = new Initializer.Constant(1);
    for (Layer layer :
        List.of(
            new ChannelScale(true, one, one),
            new ChannelScale(false, one, one),
            new ChannelBias(one),
            new ParametricRelu(false, one),
            new ParametricRelu(true, one),
            new InstanceNormalization(1e-5, true, one, one),
            new InstanceNormalization(1e-1, false, one, one))) {
      cases.add(LayerCase.of(layer, new Chw(5, 3, 4)));
      cases.add(LayerCase.of(layer, new Chw(17, 1, 3)).with(TIED));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 2)).with(WITH_NAN));
    }
  }
}
