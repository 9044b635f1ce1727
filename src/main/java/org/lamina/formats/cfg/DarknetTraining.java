package org.lamina.formats.cfg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.network.Setting;
import org.lamina.network.Setting.Fields;
import org.lamina.network.Setting.Items;
import org.lamina.network.Setting.Number;
import org.lamina.network.Setting.Written;

/** What the first section of a network of Darknet's says of its training; times are steps. */
final class DarknetTraining {

  private DarknetTraining() {}

  /** Returns the recipe; nothing if the section has no learning rate. */
  static Map<String, Setting> of(Section net, List<String> remarks) {
    Map<String, Setting> recipe = new LinkedHashMap<>();
    if (!net.has("learning_rate")) {
      return recipe;
    }
    int parts = Math.max(1, net.whole("subdivisions", 1));
    recipe.put("batch", number(Math.max(1, net.whole("batch", 1))));
    if (parts > 1) {
      recipe.put("accumulate", number(parts));
    }
    if (net.whole("max_batches", 0) > 0) {
      recipe.put("steps", number(net.whole("max_batches", 0)));
    }
    Map<String, Setting> sgd = new LinkedHashMap<>();
    sgd.put("momentum", number(net.number("momentum", 0.9)));
    sgd.put("weight_decay", number(net.number("decay", 0.0001)));
    recipe.put("optimizer", fields(Map.of("sgd", fields(sgd))));
    schedule(net, recipe, remarks);
    if (net.whole("burn_in", 0) > 0) {
      recipe.put("warm_up", number(net.whole("burn_in", 0)));
      remarks.add(
          "the rate rises in a straight line here, not with the fourth power as in Darknet");
    }
    return recipe;
  }

  private static void schedule(Section net, Map<String, Setting> recipe, List<String> remarks) {
    Map<String, Setting> fields = new LinkedHashMap<>();
    fields.put("start", number(net.number("learning_rate", 0.001)));
    String policy = net.text("policy", "constant");
    switch (policy) {
      case "constant" -> recipe.put("learning_rate", fields.get("start"));
      case "step" -> {
        fields.put("factor", number(net.number("scale", 1)));
        fields.put("every", number(net.number("step", 1)));
        recipe.put("learning_rate", fields(Map.of("step", fields(fields))));
      }
      case "steps" -> {
        Set<Double> scales = new TreeSet<>(net.numbers("scales"));
        if (scales.size() > 1) {
          remarks.add("the rate is multiplied by several factors in turn; here by the first alone");
        }
        fields.put("factor", number(net.number("scales", 0.1)));
        List<Setting> at = new ArrayList<>();
        net.numbers("steps").forEach(step -> at.add(number(step)));
        fields.put("at", new Items(at, Written.NOWHERE));
        recipe.put("learning_rate", fields(Map.of("multistep", fields(fields))));
      }
      case "exp" -> {
        fields.put("factor", number(net.number("gamma", 1)));
        recipe.put("learning_rate", fields(Map.of("exponential", fields(fields))));
      }
      case "poly" -> {
        fields.put("power", number(net.number("power", 4)));
        recipe.put("learning_rate", fields(Map.of("polynomial", fields(fields))));
      }
      default -> remarks.add("the policy of the learning rate has no form here; it is left out");
    }
  }

  private static Setting number(double value) {
    return new Number(value == 0 ? 0 : value, Written.NOWHERE);
  }

  private static Setting fields(Map<String, Setting> fields) {
    return new Fields(fields, Written.NOWHERE);
  }
}
