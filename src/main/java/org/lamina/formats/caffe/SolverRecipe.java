package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.SolverParameter;
import org.lamina.network.Augmentation;
import org.lamina.network.Setting;
import org.lamina.network.Setting.Fields;
import org.lamina.network.Setting.Items;
import org.lamina.network.Setting.Text;
import org.lamina.network.Setting.Truth;
import org.lamina.network.Setting.Written;

/**
 * What a solver of Caffe's and the data layer of the TRAIN phase say, as {@code training} of a
 * network file. Times are steps; Caffe has no epochs.
 */
final class SolverRecipe {

  private final Map<String, Setting> recipe = new LinkedHashMap<>();
  private final List<String> remarks;

  private SolverRecipe(List<String> remarks) {
    this.remarks = remarks;
  }

  /**
   * Returns the recipe.
   *
   * @param solver the solver, if there is one
   * @param data the layer that brings training pictures in, if there is one
   * @param remarks takes what has no form here
   */
  static Map<String, Setting> of(
      Optional<SolverParameter> solver, Optional<LayerParameter> data, List<String> remarks) {
    SolverRecipe made = new SolverRecipe(remarks);
    int accumulate = solver.map(SolverParameter::getIterSize).orElse(1);
    data.ifPresent(layer -> made.batch(layer, Math.max(1, accumulate)));
    solver.ifPresent(made::solver);
    data.ifPresent(made::augment);
    return made.recipe;
  }

  /** Returns what {@code augment} of the recipe means. */
  static Augmentation augmentation(Optional<LayerParameter> data) {
    List<Augmentation.Step> steps = new ArrayList<>();
    data.map(LayerParameter::getTransformParam)
        .ifPresent(
            transform -> {
              int side = transform.getCropSize();
              if (side > 0) {
                steps.add(new Augmentation.RandomCrop(side, side, 0, 0));
              }
              if (transform.getMirror()) {
                steps.add(new Augmentation.Mirror(0.5));
              }
            });
    return new Augmentation(steps);
  }

  private void batch(LayerParameter data, int accumulate) {
    int batch =
        data.hasImageDataParam()
            ? data.getImageDataParam().getBatchSize()
            : data.getDataParam().getBatchSize();
    if (batch > 0) {
      recipe.put("batch", number((double) batch * accumulate));
    }
    if (accumulate > 1) {
      recipe.put("accumulate", number(accumulate));
    }
  }

  private void augment(LayerParameter data) {
    List<Setting> steps = new ArrayList<>();
    int side = data.getTransformParam().getCropSize();
    if (side > 0) {
      steps.add(fields(Map.of("random_crop", number(side))));
    }
    if (data.getTransformParam().getMirror()) {
      steps.add(fields(Map.of("mirror", number(0.5))));
    }
    if (!steps.isEmpty()) {
      recipe.put("augment", new Items(steps, Written.NOWHERE));
    }
  }

  private void solver(SolverParameter solver) {
    if (solver.getMaxIter() > 0) {
      recipe.put("steps", number(solver.getMaxIter()));
    }
    optimizer(solver).ifPresent(optimizer -> recipe.put("optimizer", optimizer));
    schedule(solver).ifPresent(schedule -> recipe.put("learning_rate", schedule));
    if (solver.getClipGradients() > 0) {
      recipe.put("clip", number(solver.getClipGradients()));
    }
    if (solver.getRandomSeed() >= 0) {
      recipe.put("seed", number(solver.getRandomSeed()));
    }
    if (!solver.getRegularizationType().equals("L2")) {
      remarks.add(
          "weights are to decay by %s, but only L2 has a form here"
              .formatted(solver.getRegularizationType()));
    }
  }

  private Optional<Setting> optimizer(SolverParameter solver) {
    String type = solver.hasSolverType() ? solver.getSolverType().name() : solver.getType();
    Map<String, Setting> fields = new LinkedHashMap<>();
    switch (type.toUpperCase(Locale.ROOT)) {
      case "SGD", "NESTEROV" -> {
        put(fields, "momentum", solver.getMomentum());
        put(fields, "weight_decay", solver.getWeightDecay());
        if (type.equalsIgnoreCase("NESTEROV")) {
          fields.put("nesterov", new Truth(true, Written.NOWHERE));
        }
        return Optional.of(choice("sgd", fields));
      }
      case "ADAM" -> {
        put(fields, "beta1", solver.getMomentum());
        put(fields, "beta2", solver.getMomentum2());
        put(fields, "epsilon", solver.getDelta());
        put(fields, "weight_decay", solver.getWeightDecay());
        return Optional.of(choice("adam", fields));
      }
      case "RMSPROP" -> {
        put(fields, "decay", solver.getRmsDecay());
        put(fields, "epsilon", solver.getDelta());
        put(fields, "weight_decay", solver.getWeightDecay());
        return Optional.of(choice("rmsprop", fields));
      }
      default -> {
        remarks.add("the solver %s has no form here; 'optimizer' is left out".formatted(type));
        return Optional.empty();
      }
    }
  }

  private Optional<Setting> schedule(SolverParameter solver) {
    Map<String, Setting> fields = new LinkedHashMap<>();
    put(fields, "start", solver.getBaseLr());
    switch (solver.getLrPolicy()) {
      case "fixed" -> {
        return Optional.of(number(solver.getBaseLr()));
      }
      case "step" -> {
        put(fields, "factor", solver.getGamma());
        fields.put("every", number(solver.getStepsize()));
        return Optional.of(choice("step", fields));
      }
      case "multistep" -> {
        put(fields, "factor", solver.getGamma());
        List<Setting> at = new ArrayList<>();
        solver.getStepvalueList().forEach(step -> at.add(number(step)));
        fields.put("at", new Items(at, Written.NOWHERE));
        return Optional.of(choice("multistep", fields));
      }
      case "exp" -> {
        put(fields, "factor", solver.getGamma());
        return Optional.of(choice("exponential", fields));
      }
      case "inv" -> {
        put(fields, "gamma", solver.getGamma());
        put(fields, "power", solver.getPower());
        return Optional.of(choice("inverse", fields));
      }
      case "poly" -> {
        put(fields, "power", solver.getPower());
        return Optional.of(choice("polynomial", fields));
      }
      default -> {
        remarks.add(
            "the learning rate policy '%s' has no form here; 'learning_rate' is left out"
                .formatted(solver.getLrPolicy()));
        return Optional.empty();
      }
    }
  }

  /** Returns a setting that is written as {@code {name: {…}}}. */
  static Setting choice(String name, Map<String, Setting> fields) {
    return fields(Map.of(name, fields(fields)));
  }

  static Setting fields(Map<String, Setting> fields) {
    return new Fields(fields, Written.NOWHERE);
  }

  private static void put(Map<String, Setting> fields, String key, float value) {
    fields.put(key, number(value));
  }

  static Setting number(float value) {
    return number(Fillers.decimal(value));
  }

  static Setting number(double value) {
    return new Setting.Number(value, Written.NOWHERE);
  }

  static Setting word(String word) {
    return new Text(word, Written.NOWHERE);
  }
}
