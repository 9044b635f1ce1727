package org.lamina.formats.onnx;

import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.layer.Absolute;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.ChannelBias;
import org.lamina.layer.ChannelScale;
import org.lamina.layer.Clip;
import org.lamina.layer.Dropout;
import org.lamina.layer.Elu;
import org.lamina.layer.Exponential;
import org.lamina.layer.Gelu;
import org.lamina.layer.HardSigmoid;
import org.lamina.layer.HardSwish;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Logarithm;
import org.lamina.layer.Mish;
import org.lamina.layer.ParametricRelu;
import org.lamina.layer.Power;
import org.lamina.layer.Relu;
import org.lamina.layer.Selu;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.Swish;
import org.lamina.layer.Tanh;

/** Layers that leave the shape as it is, as operators. */
final class FunctionExports {

  private FunctionExports() {}

  static void addTo(Map<Class<?>, Exports.Rule> rules) {
    plain(rules, Relu.class, "Relu");
    plain(rules, Sigmoid.class, "Sigmoid");
    plain(rules, Tanh.class, "Tanh");
    plain(rules, Softplus.class, "Softplus");
    plain(rules, HardSwish.class, "HardSwish");
    plain(rules, Absolute.class, "Abs");
    plain(rules, Exponential.class, "Exp");
    plain(rules, Logarithm.class, "Log");
    Exports.put(
        rules,
        LeakyRelu.class,
        (layer, out) -> out.same("LeakyRelu", x(out), Sheet.number("alpha", layer.slope())));
    Exports.put(
        rules,
        Elu.class,
        (layer, out) -> out.same("Elu", x(out), Sheet.number("alpha", layer.alpha())));
    Exports.put(
        rules,
        Selu.class,
        (layer, out) ->
            out.same(
                "Selu",
                x(out),
                Sheet.number("alpha", layer.alpha()),
                Sheet.number("gamma", layer.gamma())));
    Exports.put(
        rules,
        HardSigmoid.class,
        (layer, out) ->
            out.same(
                "HardSigmoid",
                x(out),
                Sheet.number("alpha", layer.alpha()),
                Sheet.number("beta", layer.beta())));
    Exports.put(
        rules,
        Clip.class,
        (layer, out) ->
            out.same(
                "Clip",
                List.of(
                    out.any(0).tensor(),
                    out.number("min", layer.min()),
                    out.number("max", layer.max()))));
    Exports.put(rules, Swish.class, (layer, out) -> swish(out));
    Exports.put(rules, Mish.class, (layer, out) -> mish(out));
    Exports.put(rules, Gelu.class, FunctionExports::gelu);
    Exports.put(rules, Power.class, FunctionExports::power);
    Exports.put(rules, ParametricRelu.class, FunctionExports::prelu);
    Exports.put(rules, ChannelScale.class, FunctionExports::scale);
    Exports.put(
        rules,
        ChannelBias.class,
        (layer, out) -> out.last("Add", List.of(out.image(0), out.perChannel("bias"))));
    Exports.put(rules, Dropout.class, FunctionExports::dropout);
    Exports.put(rules, Softmax.class, (layer, out) -> softmax(out, "Softmax"));
    Exports.put(rules, LogSoftmax.class, (layer, out) -> softmax(out, "LogSoftmax"));
    Exports.put(rules, LocalResponseNormalization.class, FunctionExports::lrn);
    Exports.put(rules, BatchNormalization.class, FunctionExports::batchNorm);
  }

  private static List<String> x(Outgoing out) {
    return List.of(out.any(0).tensor());
  }

  private static void plain(
      Map<Class<?>, Exports.Rule> rules, Class<? extends Layer> type, String operator) {
    rules.put(type, out -> out.same(operator, x(out)));
  }

  private static Result softmax(Outgoing out, String operator) {
    return out.same(operator, x(out), Sheet.integer("axis", 1));
  }

  private static Result swish(Outgoing out) {
    String gate = out.step("Sigmoid", "gate", x(out));
    return out.same("Mul", List.of(out.any(0).tensor(), gate));
  }

  private static Result mish(Outgoing out) {
    String plus = out.step("Softplus", "softplus", x(out));
    String gate = out.step("Tanh", "gate", List.of(plus));
    return out.same("Mul", List.of(out.any(0).tensor(), gate));
  }

  private static Result gelu(Gelu layer, Outgoing out) {
    String x = out.any(0).tensor();
    String gate;
    if (layer.approximate() == Gelu.Approximation.TANH) {
      String square = out.step("Mul", "square", List.of(x, x));
      String small = out.step("Mul", "small", List.of(square, out.number("cubic", 0.044715)));
      String one = out.step("Add", "one", List.of(small, out.number("one", 1)));
      String inner = out.step("Mul", "inner", List.of(one, x));
      double root = Math.sqrt(2 / Math.PI);
      String scaled = out.step("Mul", "scaled", List.of(inner, out.number("root", root)));
      gate = out.step("Tanh", "gate", List.of(scaled));
    } else {
      String scaled = out.step("Mul", "scaled", List.of(x, out.number("root", Math.sqrt(0.5))));
      gate = out.step("Erf", "gate", List.of(scaled));
    }
    String share = out.step("Add", "share", List.of(gate, out.number("plus", 1)));
    String half = out.step("Mul", "half", List.of(x, out.number("half", 0.5)));
    return out.same("Mul", List.of(half, share));
  }

  private static Result power(Power layer, Outgoing out) {
    String x = out.any(0).tensor();
    boolean shifts = layer.shift() != 0 || layer.exponent() != 1;
    if (layer.scale() != 1 || !shifts) {
      List<String> from = List.of(x, out.number("scale", layer.scale()));
      if (!shifts) {
        return out.same("Mul", from);
      }
      x = out.step("Mul", "scaled", from);
    }
    if (layer.shift() != 0) {
      List<String> from = List.of(x, out.number("shift", layer.shift()));
      if (layer.exponent() == 1) {
        return out.same("Add", from);
      }
      x = out.step("Add", "shifted", from);
    }
    return out.same("Pow", List.of(x, out.number("exponent", layer.exponent())));
  }

  private static Result prelu(ParametricRelu layer, Outgoing out) {
    return out.last("PRelu", List.of(out.image(0), out.perChannel("weight")));
  }

  private static Result scale(ChannelScale layer, Outgoing out) {
    List<String> from = List.of(out.image(0), out.perChannel("weight"));
    if (!layer.bias()) {
      return out.last("Mul", from);
    }
    String scaled = out.step("Mul", "scaled", from);
    return out.last("Add", List.of(scaled, out.perChannel("bias")));
  }

  private static Result dropout(Dropout layer, Outgoing out) {
    return out.same("Dropout", List.of(out.any(0).tensor(), out.number("ratio", layer.p())));
  }

  private static Result batchNorm(BatchNormalization layer, Outgoing out) {
    int channels = out.shape().c();
    return out.last(
        "BatchNormalization",
        List.of(
            out.image(0),
            layer.affine() ? out.parameter("weight") : out.filled("weight", channels, 1),
            layer.affine() ? out.parameter("bias") : out.filled("bias", channels, 0),
            out.parameter("running_mean"),
            out.parameter("running_var")),
        Sheet.number("epsilon", layer.epsilon()),
        Sheet.number("momentum", 1 - layer.momentum()));
  }

  private static Result lrn(LocalResponseNormalization layer, Outgoing out) {
    if (layer.region() == LocalResponseNormalization.Region.WITHIN_CHANNEL) {
      return lrnWithin(layer, out);
    }
    // ONNX divides alpha by the size.
    double alpha = layer.average() ? layer.alpha() : layer.alpha() * layer.size();
    return out.last(
        "LRN",
        out.images(),
        Sheet.integer("size", layer.size()),
        Sheet.number("alpha", alpha),
        Sheet.number("beta", layer.beta()),
        Sheet.number("bias", layer.k()));
  }

  /** Writes x * (k + a*mean(x^2))^-beta, with the mean over a square that counts the border. */
  private static Result lrnWithin(LocalResponseNormalization layer, Outgoing out) {
    String x = out.image(0);
    int size = layer.size();
    int pad = (size - 1) / 2;
    double alpha = layer.average() ? layer.alpha() : layer.alpha() * size * size;
    String square = out.step("Mul", "square", List.of(x, x));
    String mean =
        out.step(
            "AveragePool",
            "mean",
            List.of(square),
            Sheet.integers("kernel_shape", List.of(size, size)),
            Sheet.integers("pads", List.of(pad, pad, pad, pad)),
            Sheet.integer("count_include_pad", 1));
    String scaled = out.step("Mul", "scaled", List.of(mean, out.number("alpha", alpha)));
    String sum = out.step("Add", "sum", List.of(scaled, out.number("k", layer.k())));
    String damping = out.step("Pow", "damping", List.of(sum, out.number("beta", -layer.beta())));
    return out.last("Mul", List.of(x, damping));
  }
}
