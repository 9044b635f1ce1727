package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Parametric rectified linear unit: a leaky one whose slopes are learned.
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c,h,w]               where x &gt;= 0
 *   y[n,c,h,w] = weight[c] * x[n,c,h,w]   where x &lt; 0
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; the parameter is {@code weight}, [C] or, if shared, [1]. NaN stays
 * NaN. Source: He, Zhang, Ren and Sun (2015): Delving deep into rectifiers, equation 1.
 *
 * @param shared whether all channels have one slope together
 * @param init what fills the slopes where none are given
 */
@Key("prelu")
public record ParametricRelu(@Default("false") boolean shared, @Default("0.25") Initializer init)
    implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    Parameter weight = new Parameter("weight", Shape.of(shared ? 1 : x.c()), init, 1, 1, true);
    return new Signature(inputs, x, List.of(weight), 0);
  }

  @Override
  public LayerProgram compile(Site site) {
    return ChannelPrograms.rectifier(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ChannelGradients.rectifier(site, shared);
  }
}
