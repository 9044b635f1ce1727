package org.lamina.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lamina.engine.Families;
import org.lamina.engine.Loss;
import org.lamina.engine.ParameterTable.Segment;
import org.lamina.engine.TrainingOptions;
import org.lamina.engine.TrainingSchedule;
import org.lamina.engine.UnsuitableDeviceException;
import org.lamina.layer.Softmax;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.tensor.Chw;
import org.lamina.train.Recipe.Rate;
import org.lamina.weights.Weights;

/**
 * A recipe applied to a network: which losses, which parameters, how many images at once. Touches
 * no device.
 *
 * @param network what is trained
 * @param recipe how
 * @param schedule the plan's
 * @param microBatch images that pass through the network at once
 * @param output the layer whose result are the probabilities, or the logits
 * @param targets what the optimiser changes
 */
record LearningSetup(
    Network network,
    Recipe recipe,
    TrainingSchedule schedule,
    int microBatch,
    String output,
    List<Optimization.Target> targets) {

  /**
   * Applies a recipe for a device; where memory is short and the recipe allows it, with
   * recomputation.
   *
   * @param batch samples in a step
   * @throws RecipeException if the recipe does not fit the network
   */
  static LearningSetup of(Network network, Recipe recipe, Device device, int batch) {
    boolean always = recipe.recompute() == Recipe.Recompute.ON;
    LearningSetup setup = of(network, recipe, device, batch, always);
    if (recipe.recompute() == Recipe.Recompute.AUTO && !setup.fits(device)) {
      LearningSetup other = of(network, recipe, device, batch, true);
      return other.fits(device) ? other : setup;
    }
    return setup;
  }

  /**
   * Applies a recipe for a device.
   *
   * @param batch samples in a step
   * @param recompute whether results of layers are worked out again on the way back
   * @throws RecipeException if the recipe does not fit the network
   * @throws UnsuitableDeviceException if a driver's bug would spoil the training
   */
  static LearningSetup of(
      Network network, Recipe recipe, Device device, int batch, boolean recompute) {
    UnsuitableDeviceException.checkTraining(device);
    List<String> problems = new ArrayList<>();
    Set<String> names = Weights.parameters(network).keySet();
    Set<String> frozen = new LinkedHashSet<>();
    for (String pattern : recipe.frozen()) {
      frozen.addAll(matching("freeze", pattern, names, problems));
    }
    recipe.rates().forEach(rate -> matching("rates", rate.parameters(), names, problems));
    if (batch % recipe.accumulate() != 0) {
      problems.add(
          "accumulate: a batch of %d cannot be divided into %d equal parts"
              .formatted(batch, recipe.accumulate()));
    }
    List<Loss> losses = losses(network, recipe, problems);
    if (network.inputs().size() != 1) {
      problems.add("a network with %d inputs cannot be trained".formatted(network.inputs().size()));
    }
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
    int micro = batch / recipe.accumulate();
    TrainingSchedule schedule =
        TrainingSchedule.of(
            network,
            Families.of(device),
            new TrainingOptions(micro, losses, frozen, recompute),
            device.maxAllocation());
    return new LearningSetup(
        network, recipe, schedule, micro, losses.get(0).layer(), targets(schedule, recipe));
  }

  private static List<Loss> losses(Network network, Recipe recipe, List<String> problems) {
    Set<String> layers =
        network.nodes().stream()
            .map(node -> node.name())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<String, Double> weights = recipe.losses();
    List<Loss> losses = new ArrayList<>();
    if (weights.isEmpty()) {
      Loss.of(network).forEach(loss -> losses.add(loss(recipe, loss.layer(), loss.weight())));
    }
    weights.forEach(
        (layer, weight) -> {
          if (layers.contains(layer)) {
            losses.add(loss(recipe, layer, weight));
          } else {
            problems.add(
                "losses: the network has no layer '%s'%s"
                    .formatted(layer, Names.suggest(layer, layers)));
          }
        });
    return losses;
  }

  private static Loss loss(Recipe recipe, String layer, double weight) {
    Loss.Kind kind =
        recipe.loss() == Recipe.Loss.MEAN_SQUARED_ERROR
            ? Loss.Kind.MEAN_SQUARES
            : Loss.Kind.CROSS_ENTROPY;
    return new Loss(layer, weight, kind, recipe.labelSmoothing(), recipe.classWeights());
  }

  private static List<Optimization.Target> targets(TrainingSchedule schedule, Recipe recipe) {
    List<Optimization.Target> targets = new ArrayList<>();
    for (Segment segment : schedule.trained().segments()) {
      double rate = 1;
      double decay = 1;
      for (Rate factors : recipe.rates()) {
        if (names(factors.parameters(), segment.name())) {
          rate = factors.learningRate();
          decay = factors.weightDecay();
        }
      }
      targets.add(
          new Optimization.Target(segment.name(), segment.offset(), segment.floats(), rate, decay));
    }
    return targets;
  }

  /** Returns the parameters that a pattern, or the name of a layer, stands for. */
  private static List<String> matching(
      String key, String pattern, Set<String> names, List<String> problems) {
    List<String> found = names.stream().filter(name -> names(pattern, name)).toList();
    if (found.isEmpty()) {
      problems.add(
          "%s: '%s' names no parameter%s".formatted(key, pattern, Names.suggest(pattern, names)));
    }
    return found;
  }

  /** Returns whether a pattern stands for a parameter: it names it, or its layer. */
  private static boolean names(String glob, String parameter) {
    StringBuilder regex = new StringBuilder();
    glob.chars()
        .mapToObj(Character::toString)
        .map(c -> c.equals("*") ? ".*" : Pattern.quote(c))
        .forEach(regex::append);
    String layer = parameter.substring(0, parameter.lastIndexOf('.'));
    return parameter.matches(regex.toString()) || layer.matches(regex.toString());
  }

  /** Returns the shape of one image. */
  Chw shape() {
    return network.inputs().values().iterator().next();
  }

  /** Returns the number of classes. */
  int classes() {
    return Math.toIntExact(network.node(output).signature().output().volume());
  }

  /** Returns the bytes of device memory: the plan, and what the optimiser remembers. */
  long bytes() {
    return schedule.bytes() + memories();
  }

  private long memories() {
    return recipe.optimizer().memories() * schedule.trained().floats() * Float.BYTES;
  }

  /** Returns whether the training fits a device. */
  boolean fits(Device device) {
    return bytes() <= device.globalMemory();
  }

  /** Returns whether results of layers are worked out again on the way back. */
  boolean recomputes() {
    return schedule.options().recompute();
  }

  /**
   * Throws unless the training fits a device.
   *
   * @throws org.lamina.engine.InsufficientMemoryException if it does not
   */
  void requireFits(Device device) {
    schedule.requireFits(device, memories());
  }

  /** Returns whether the output are probabilities already. */
  boolean endsInProbabilities() {
    return network.node(output).layer() instanceof Softmax;
  }
}
