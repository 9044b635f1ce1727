package org.lamina.layer;

import static org.lamina.layer.LayerCase.Values.LARGE;
import static org.lamina.layer.LayerCase.Values.TIED;
import static org.lamina.layer.LayerCase.Values.WITH_INFINITY;
import static org.lamina.layer.LayerCase.Values.WITH_NAN;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;

/** The values that the rarer element-wise functions are tried on. */
final class ElementwiseCases {

  private static final double ANY = 3.4028234663852886e38;

  private ElementwiseCases() {}

  static List<LayerCase> all() {
    List<LayerCase> cases = new ArrayList<>();
    Gelu gelu = new Gelu(Gelu.Approximation.NONE);
    Gelu geluByTanh = new Gelu(Gelu.Approximation.TANH);
    for (Layer layer :
        List.of(
            new Elu(1.5),
            new Selu(1.67, 1.05),
            new Softplus(),
            new Clip(-0.5, 1.25),
            new HardSigmoid(0.25, 0.5),
            new HardSwish(),
            new Swish(1),
            gelu,
            geluByTanh,
            new Mish(),
            new Absolute(),
            new Power(2, 0.5, -0.25))) {
      cases.add(LayerCase.of(layer, new Chw(5, 2, 7)));
      cases.add(LayerCase.of(layer, new Chw(17, 1, 1)).with(LARGE));
      cases.add(LayerCase.of(layer, new Chw(3, 2, 2)).with(WITH_NAN));
      cases.add(LayerCase.of(layer, new Chw(2, 3, 3)).with(TIED));
    }
    Chw small = new Chw(2, 3, 3);
    for (Layer layer :
        List.of(
            new Clip(0, 6),
            new Clip(-ANY, 0.75),
            new Clip(-1, ANY),
            new HardSwish(),
            new HardSigmoid(-0.2, 0.5),
            new Power(1, -2, 0.5))) {
      cases.add(LayerCase.of(layer, small).with(WITH_INFINITY));
    }
    cases.add(LayerCase.of(new Exponential(), new Chw(5, 3, 7)));
    cases.add(LayerCase.of(new Exponential(), small).with(LARGE));
    cases.add(LayerCase.of(new Exponential(), small).with(WITH_NAN));
    cases.add(LayerCase.of(new Logarithm(), new Chw(17, 2, 3)));
    cases.add(LayerCase.of(new Logarithm(), small).with(TIED));
    cases.add(LayerCase.of(new Power(-0.5, 1, 3), new Chw(5, 3, 7)));
    cases.add(LayerCase.of(new Power(0.5, 1, 0), small).with(TIED));
    cases.add(LayerCase.of(new Power(-1, 1, 0), small).with(TIED));
    cases.add(LayerCase.of(new Power(0, 1, 0), small).with(WITH_NAN));
    cases.add(LayerCase.of(new Elu(0), small));
    cases.add(LayerCase.of(new Clip(0, 1), small));
    cases.add(LayerCase.of(new Swish(-3), small).with(LARGE));
    return cases;
  }
}
