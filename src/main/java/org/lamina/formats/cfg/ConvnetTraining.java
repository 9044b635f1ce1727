package org.lamina.formats.cfg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.Setting;
import org.lamina.network.Setting.Fields;
import org.lamina.network.Setting.Number;
import org.lamina.network.Setting.Written;

/**
 * What a file of layer parameters says of training: each layer has rates of its own there. The
 * commonest become those of the training, the others factors.
 */
final class ConvnetTraining {

  /** All keys of files of layer parameters. */
  static final Set<String> KEYS =
      Set.of(
          "epsW",
          "epsB",
          "momW",
          "momB",
          "wc",
          "wball",
          "coeff",
          "topk",
          "enable",
          "scale",
          "pow",
          "minDiv",
          "sched",
          "schedW",
          "schedB",
          "wcNormMax",
          "wcNormMin",
          "doMax");

  private final Map<String, Section> params;

  private ConvnetTraining(Map<String, Section> params) {
    this.params = params;
  }

  /** Returns the recipe; nothing if no layer says anything. */
  static Map<String, Setting> of(Network network, Map<String, Section> params) {
    List<String> layers =
        network.nodes().stream()
            .filter(node -> !node.signature().parameters().isEmpty())
            .map(Node::name)
            .filter(name -> params.containsKey(name) && params.get(name).has("epsW"))
            .toList();
    return layers.isEmpty() ? Map.of() : new ConvnetTraining(params).recipe(layers);
  }

  private Map<String, Setting> recipe(List<String> layers) {
    double rate = commonest(layers, section -> section.number("epsW", 0));
    double decay = commonest(layers, section -> section.number("wc", 0));
    double momentum = commonest(layers, section -> section.number("momW", 0));
    Map<String, Setting> sgd = new LinkedHashMap<>();
    sgd.put("momentum", number(momentum));
    sgd.put("weight_decay", number(decay));
    Map<String, Setting> recipe = new LinkedHashMap<>();
    recipe.put("optimizer", fields(Map.of("sgd", fields(sgd))));
    recipe.put("learning_rate", number(rate));
    Map<String, Setting> rates = new LinkedHashMap<>();
    double biases = commonest(layers, section -> section.number("epsB", 0));
    rates.put("*.bias", factors(ratio(biases, rate), 0));
    for (String layer : layers) {
      Section section = params.get(layer);
      double weight = section.number("epsW", 0);
      double cost = section.number("wc", 0);
      if (weight != rate || cost != decay) {
        rates.put(layer + ".weight", factors(ratio(weight, rate), ratio(cost, decay)));
      }
      if (section.number("epsB", 0) != biases) {
        rates.put(layer + ".bias", factors(ratio(section.number("epsB", 0), rate), 0));
      }
    }
    recipe.put("rates", fields(rates));
    return recipe;
  }

  /**
   * Returns the value that most layers have; of those equally common, the first. 0 only if all have
   * it.
   */
  private double commonest(List<String> layers, Function<Section, Double> value) {
    Map<Double, Long> counts =
        layers.stream()
            .map(params::get)
            .map(value)
            .collect(Collectors.groupingBy(v -> v, LinkedHashMap::new, Collectors.counting()));
    if (counts.size() > 1) {
      counts.remove(0.0);
    }
    long most = counts.values().stream().mapToLong(count -> count).max().orElse(0);
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse(0.0);
  }

  /** Returns a quotient as a person would write it. */
  private static double ratio(double value, double of) {
    return of == 0 ? 1 : Double.parseDouble(String.format(Locale.ROOT, "%.9g", value / of));
  }

  private static Setting factors(double rate, double decay) {
    Map<String, Setting> factors = new LinkedHashMap<>();
    factors.put("learning_rate", number(rate));
    factors.put("weight_decay", number(decay));
    return fields(factors);
  }

  private static Setting number(double value) {
    return new Number(value == 0 ? 0 : value, Written.NOWHERE);
  }

  private static Setting fields(Map<String, Setting> fields) {
    return new Fields(fields, Written.NOWHERE);
  }
}
