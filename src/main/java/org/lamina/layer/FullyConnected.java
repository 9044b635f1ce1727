package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * A fully connected layer: every output is a weighted sum of all inputs.
 *
 * <pre>
 *   y[n,u,0,0] = bias[u] + sum over c, h, w of weight[u, (c*H + h)*W + w] * x[n,c,h,w]
 * </pre>
 *
 * <p>x is [N, C, H, W], flattened in that order; y is [N, units, 1, 1]; parameters are {@code
 * weight} [units, C*H*W] and, if wanted, {@code bias} [units]. Caffe calls it InnerProduct, PyTorch
 * Linear, ONNX Gemm.
 *
 * @param units channels of the output, at least 1
 * @param bias whether a learned value is added to every output
 * @param init what fills the weights where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("fc")
public record FullyConnected(
    int units,
    @Default("true") boolean bias,
    @Default("xavier") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if units is smaller than 1
   */
  public FullyConnected {
    Check.atLeast("units", 1, units);
  }

  /** Returns a layer with a bias and the default initialisers. */
  public static FullyConnected of(int units) {
    Initializer xavier = new Initializer.Xavier(Initializer.Mode.AVERAGE);
    return new FullyConnected(units, true, xavier, new Initializer.Constant(0));
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    int values = Check.fitsInt("from", "elements", Check.only(inputs).volume());
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("weight", Shape.of(units, values), init, values, units, true));
    if (bias) {
      parameters.add(new Parameter("bias", Shape.of(units), biasInit, values, units, true));
    }
    long macs = (long) units * values;
    return new Signature(inputs, new Chw(units, 1, 1), parameters, macs);
  }

  @Override
  public LayerProgram compile(Site site) {
    return FullyConnectedPrograms.compile(this, site);
  }

  @Override
  public List<String> algorithms(Site site) {
    return List.copyOf(costs(site).keySet());
  }

  @Override
  public Map<String, Double> costs(Site site) {
    return FullyConnectedPrograms.costs(this, site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return FullyConnectedGradients.compile(this, site);
  }
}
