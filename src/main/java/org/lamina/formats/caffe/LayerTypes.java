package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.schema.ClipParameter;
import org.lamina.formats.caffe.schema.EltwiseParameter;
import org.lamina.formats.caffe.schema.EltwiseParameter.EltwiseOp;
import org.lamina.formats.caffe.schema.ExpParameter;
import org.lamina.formats.caffe.schema.FlattenParameter;
import org.lamina.formats.caffe.schema.LRNParameter;
import org.lamina.formats.caffe.schema.LRNParameter.NormRegion;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.LogParameter;
import org.lamina.formats.caffe.schema.PowerParameter;
import org.lamina.layer.Absolute;
import org.lamina.layer.Add;
import org.lamina.layer.Clip;
import org.lamina.layer.Concat;
import org.lamina.layer.Dropout;
import org.lamina.layer.Elu;
import org.lamina.layer.Exponential;
import org.lamina.layer.Flatten;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.layer.Logarithm;
import org.lamina.layer.Maximum;
import org.lamina.layer.Multiply;
import org.lamina.layer.Power;
import org.lamina.layer.Relu;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.Swish;
import org.lamina.layer.Tanh;
import org.lamina.network.Names;
import org.lamina.weights.Printable;

/** What each of Caffe's layer types is here; those with weights are in {@link WeightTypes}. */
final class LayerTypes {

  /** Translates a layer. */
  @FunctionalInterface
  interface Translator {
    /**
     * Adds what the layer is.
     *
     * @throws Unfit if it has no form here
     * @throws org.lamina.layer.InvalidParameterException if it does not fit what it reads
     */
    void translate(LayerParameter layer, Translation to);
  }

  private static final Map<String, Translator> TYPES = types();

  /** Types that Caffe has and we do not, with what to do. */
  private static final Map<String, String> MISSING =
      Map.of(
          "ArgMax", "gives indices, not values; remove it and look for the largest yourself",
          "Python", "is code that the file does not hold",
          "Embed", "reads indices, not pictures",
          "Recurrent", "runs over time, but networks here have no time",
          "RNN", "runs over time, but networks here have no time",
          "LSTM", "runs over time, but networks here have no time");

  private LayerTypes() {}

  private static Map<String, Translator> types() {
    Map<String, Translator> types = new TreeMap<>();
    types.put("AbsVal", (layer, to) -> activation(layer, to, new Absolute()));
    types.put("BNLL", (layer, to) -> activation(layer, to, new Softplus()));
    types.put("Clip", LayerTypes::clip);
    types.put("Concat", LayerTypes::concat);
    types.put("Dropout", LayerTypes::dropout);
    types.put("ELU", LayerTypes::elu);
    types.put("Eltwise", LayerTypes::eltwise);
    types.put("Exp", LayerTypes::exp);
    types.put("Flatten", LayerTypes::flatten);
    types.put("LRN", LayerTypes::lrn);
    types.put("Log", LayerTypes::log);
    types.put("Pooling", PoolingType::translate);
    types.put("Power", LayerTypes::power);
    types.put("ReLU", LayerTypes::relu);
    types.put("Sigmoid", (layer, to) -> activation(layer, to, new Sigmoid()));
    types.put("Softmax", LayerTypes::softmax);
    types.put("Split", LayerTypes::split);
    types.put("Swish", LayerTypes::swish);
    types.put("TanH", (layer, to) -> activation(layer, to, new Tanh()));
    types.putAll(WeightTypes.types());
    types.putAll(ShapeTypes.types());
    return types;
  }

  /** Returns what translates a type. */
  static Translator of(String type) {
    Translator known = TYPES.get(type);
    if (known != null) {
      return known;
    }
    if (type.startsWith("V0 ")) {
      throw new Unfit(
          "is of the oldest kind; Caffe's tool upgrade_net_proto_text rewrites the file");
    }
    String reason = MISSING.get(type);
    Set<String> names = TYPES.keySet();
    throw new Unfit(
        reason != null
            ? reason
            : "is of a type that has no form here" + Names.suggest(Printable.text(type), names));
  }

  /**
   * Throws unless an axis is that of the channels.
   *
   * @param axis as Caffe counts: from 0 for the batch, or from -1 for the last
   * @param axes how many there are
   */
  static void requireChannels(int axis, int axes) {
    Unfit.unless(axis == 1 || axis + axes == 1, "works along axis %d, not the channels", axis);
  }

  /** Adds a layer that has as many axes as what it reads. */
  private static void activation(LayerParameter layer, Translation to, Layer made) {
    to.add(layer, made, to.bottom(layer).axes());
  }

  private static void relu(LayerParameter layer, Translation to) {
    double slope = Fillers.decimal(layer.getReluParam().getNegativeSlope());
    activation(layer, to, slope == 0 ? new Relu() : new LeakyRelu(slope));
  }

  private static void elu(LayerParameter layer, Translation to) {
    activation(layer, to, new Elu(Fillers.decimal(layer.getEluParam().getAlpha())));
  }

  private static void swish(LayerParameter layer, Translation to) {
    activation(layer, to, new Swish(Fillers.decimal(layer.getSwishParam().getBeta())));
  }

  private static void clip(LayerParameter layer, Translation to) {
    ClipParameter clip = layer.getClipParam();
    Unfit.unless(clip.hasMin() && clip.hasMax(), "does not say its min and max");
    activation(layer, to, new Clip(Fillers.decimal(clip.getMin()), Fillers.decimal(clip.getMax())));
  }

  private static void dropout(LayerParameter layer, Translation to) {
    double p = Fillers.decimal(layer.getDropoutParam().getDropoutRatio());
    activation(layer, to, new Dropout(p));
  }

  private static void power(LayerParameter layer, Translation to) {
    PowerParameter power = layer.getPowerParam();
    activation(layer, to, power(power.getPower(), power.getScale(), power.getShift()));
  }

  private static Power power(float exponent, float scale, float shift) {
    return new Power(Fillers.decimal(exponent), Fillers.decimal(scale), Fillers.decimal(shift));
  }

  /** Caffe's is base^(shift + scale*x) = exp(ln(base)*(shift + scale*x)). */
  private static void exp(LayerParameter layer, Translation to) {
    ExpParameter exp = layer.getExpParam();
    double factor = logarithm(exp.getBase());
    double scale = Fillers.decimal(exp.getScale()) * factor;
    double shift = Fillers.decimal(exp.getShift()) * factor;
    Value in = to.bottom(layer);
    if (scale != 1 || shift != 0) {
      in = to.add(Translation.title(layer) + "/power", new Power(1, scale, shift), List.of(in));
    }
    to.make(layer, 0, to.add(Translation.title(layer), new Exponential(), List.of(in)));
  }

  /** Caffe's is the logarithm of shift + scale*x to a base: ln(shift + scale*x)/ln(base). */
  private static void log(LayerParameter layer, Translation to) {
    LogParameter log = layer.getLogParam();
    double divisor = logarithm(log.getBase());
    String name = Translation.title(layer);
    Value value = to.bottom(layer);
    if (log.getScale() != 1 || log.getShift() != 0) {
      Power before = power(1, log.getScale(), log.getShift());
      value = to.add(name + "/power", before, List.of(value));
    }
    if (divisor == 1) {
      value = to.add(name, new Logarithm(), List.of(value));
    } else {
      value = to.add(name + "/log", new Logarithm(), List.of(value));
      value = to.add(name, new Power(1, 1 / divisor, 0), List.of(value));
    }
    to.make(layer, 0, value);
  }

  /** Returns the natural logarithm of a base; -1 stands for e. */
  private static double logarithm(float base) {
    Unfit.unless(base == -1 || base > 0, "has the base %s, which is not greater than 0", base);
    return base == -1 ? 1 : Math.log(Fillers.decimal(base));
  }

  private static void lrn(LayerParameter layer, Translation to) {
    LRNParameter lrn = layer.getLrnParam();
    boolean within = lrn.getNormRegion() == NormRegion.WITHIN_CHANNEL;
    // Within a channel Caffe adds 1, whatever k says.
    double k = within ? 1 : Fillers.decimal(lrn.getK());
    activation(
        layer,
        to,
        new LocalResponseNormalization(
            lrn.getLocalSize(),
            Fillers.decimal(lrn.getAlpha()),
            Fillers.decimal(lrn.getBeta()),
            k,
            true,
            within ? Region.WITHIN_CHANNEL : Region.ACROSS_CHANNELS));
  }

  private static void softmax(LayerParameter layer, Translation to) {
    int axes = to.bottom(layer).axes();
    requireChannels(layer.getSoftmaxParam().getAxis(), axes);
    to.add(layer, new Softmax(), axes);
  }

  private static void concat(LayerParameter layer, Translation to) {
    List<Value> bottoms = to.bottoms(layer);
    Unfit.unless(!bottoms.isEmpty(), "reads nothing");
    int axis =
        layer.getConcatParam().hasConcatDim()
            ? layer.getConcatParam().getConcatDim()
            : layer.getConcatParam().getAxis();
    requireChannels(axis, bottoms.get(0).axes());
    to.add(layer, new Concat(), bottoms.get(0).axes());
  }

  /** Caffe's split gives the same tensor several names. */
  private static void split(LayerParameter layer, Translation to) {
    Value value = to.bottom(layer);
    for (int i = 0; i < layer.getTopCount(); i++) {
      to.make(layer, i, value);
    }
  }

  private static void flatten(LayerParameter layer, Translation to) {
    FlattenParameter flatten = layer.getFlattenParam();
    Value value = to.bottom(layer);
    requireChannels(flatten.getAxis(), value.axes());
    Unfit.unless(
        flatten.getEndAxis() == -1 || flatten.getEndAxis() == value.axes() - 1,
        "ends at axis %d, not at the last",
        flatten.getEndAxis());
    to.add(layer, new Flatten(), 2);
  }

  private static void eltwise(LayerParameter layer, Translation to) {
    EltwiseParameter eltwise = layer.getEltwiseParam();
    List<Value> bottoms = new ArrayList<>(to.bottoms(layer));
    Unfit.unless(bottoms.size() >= 2, "reads %d tensors instead of 2 or more", bottoms.size());
    boolean same = bottoms.stream().map(Value::shape).distinct().count() == 1;
    boolean known = bottoms.stream().allMatch(value -> value.shape().isPresent());
    Unfit.unless(same || !known, "reads tensors of different shapes");
    if (eltwise.getOperation() == EltwiseOp.SUM && eltwise.getCoeffCount() > 0) {
      Unfit.unless(
          eltwise.getCoeffCount() == bottoms.size(),
          "has %d coefficients for %d tensors",
          eltwise.getCoeffCount(),
          bottoms.size());
      for (int i = 0; i < bottoms.size(); i++) {
        if (eltwise.getCoeff(i) != 1) {
          String name = Translation.title(layer) + "/coeff" + (i + 1);
          Power scaled = power(1, eltwise.getCoeff(i), 0);
          bottoms.set(i, to.add(name, scaled, List.of(bottoms.get(i))));
        }
      }
    }
    Layer made =
        switch (eltwise.getOperation()) {
          case SUM -> new Add();
          case PROD -> new Multiply();
          case MAX -> new Maximum();
        };
    to.make(layer, 0, to.add(Translation.title(layer), made, bottoms));
  }
}
