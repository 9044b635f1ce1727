package org.lamina.formats.caffe;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.ParamSpec;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.Setting;
import org.lamina.weights.Weights;

/**
 * Caffe's factors of learning rate and weight decay, as {@code rates} of a training: what most
 * biases have under {@code *.bias}, then what differs.
 */
final class Multipliers {

  /**
   * Factors of one parameter.
   *
   * @param rate of the learning rate
   * @param decay of the weight decay
   */
  private record Factors(double rate, double decay) {
    static final Factors NONE = new Factors(1, 1);
  }

  private Multipliers() {}

  /**
   * Returns the setting; without fields if all factors are 1.
   *
   * @param sources where each parameter comes from
   * @param layers the layers of the file
   */
  static Map<String, Setting> of(
      Network network, Map<String, ParameterSource> sources, List<LayerParameter> layers) {
    Map<String, LayerParameter> byName = new HashMap<>();
    layers.forEach(layer -> byName.putIfAbsent(layer.getName(), layer));
    Map<String, Factors> all = new LinkedHashMap<>();
    Map<Factors, Integer> biases = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> parameter : Weights.parameters(network).entrySet()) {
      ParameterSource source = sources.get(parameter.getKey());
      if (parameter.getValue().learned() && source != null) {
        Factors factors = factors(byName.get(source.layer()), source.blob());
        all.put(parameter.getKey(), factors);
        if (parameter.getKey().endsWith(".bias")) {
          biases.merge(factors, 1, Integer::sum);
        }
      }
    }
    Factors usual =
        biases.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(Factors.NONE);
    Map<String, Setting> rates = new LinkedHashMap<>();
    put(rates, "*.bias", usual, Factors.NONE);
    all.forEach(
        (name, factors) ->
            put(rates, name, factors, name.endsWith(".bias") ? usual : Factors.NONE));
    return rates;
  }

  private static Factors factors(LayerParameter layer, int blob) {
    if (layer == null || blob >= layer.getParamCount()) {
      return Factors.NONE;
    }
    ParamSpec spec = layer.getParam(blob);
    return new Factors(Fillers.decimal(spec.getLrMult()), Fillers.decimal(spec.getDecayMult()));
  }

  private static void put(
      Map<String, Setting> rates, String name, Factors factors, Factors otherwise) {
    if (!factors.equals(otherwise)) {
      Map<String, Setting> fields = new LinkedHashMap<>();
      fields.put("learning_rate", SolverRecipe.number(factors.rate()));
      fields.put("weight_decay", SolverRecipe.number(factors.decay()));
      rates.put(name, SolverRecipe.fields(fields));
    }
  }
}
