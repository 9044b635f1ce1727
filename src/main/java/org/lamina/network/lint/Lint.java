package org.lamina.network.lint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.network.Network;

/** Looks over networks. */
public final class Lint {

  private static final String UNREAD_INPUT = "unread-input";
  private static final Map<String, Rule> RULES = new LinkedHashMap<>();

  static {
    RULES.put("dead-layer", LifeRules::deadLayer);
    RULES.put("idle-layer", LifeRules::idleLayer);
    RULES.put("dropped-pixels", WindowRules::droppedPixels);
    RULES.put("skipped-pixels", WindowRules::skippedPixels);
    RULES.put("empty-window", WindowRules::emptyWindow);
    RULES.put("thin-groups", WindowRules::thinGroups);
    RULES.put("norm-before-pool", WindowRules::normBeforePool);
    RULES.put("bias-before-batch-norm", OrderRules::biasBeforeBatchNorm);
    RULES.put("idle-dropout", OrderRules::idleDropout);
    RULES.put("idle-relu", OrderRules::idleRelu);
    RULES.put("linear-pair", OrderRules::linearPair);
    RULES.put("softmax-inside", OrderRules::softmaxInside);
    RULES.put("relu-on-scores", OrderRules::reluOnScores);
  }

  private Lint() {}

  /** Returns the names of all rules. */
  public static List<String> rules() {
    List<String> names = new ArrayList<>();
    names.add(UNREAD_INPUT);
    names.addAll(RULES.keySet());
    return Collections.unmodifiableList(names);
  }

  /** Returns what all rules find, inputs first, then in the order of the layers. */
  public static List<Finding> check(Network network) {
    Surroundings surroundings = new Surroundings(network);
    List<Finding> findings = new ArrayList<>();
    for (String input : network.inputs().keySet()) {
      if (surroundings.readers(input).isEmpty()) {
        findings.add(
            new Finding(
                input,
                UNREAD_INPUT,
                "no layer reads this input, but every run must bring it",
                "remove it, or name it in the 'from' of a layer"));
      }
    }
    for (Spot spot : surroundings.spots()) {
      RULES.forEach(
          (name, rule) ->
              rule.check(
                  spot,
                  advice ->
                      findings.add(new Finding(spot.name(), name, advice.why(), advice.remedy()))));
    }
    return Collections.unmodifiableList(findings);
  }
}
