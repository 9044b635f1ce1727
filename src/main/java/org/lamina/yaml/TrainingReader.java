package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.network.Augmentation;
import org.lamina.network.Setting;
import org.lamina.network.Setting.Written;
import org.lamina.network.Training;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads {@code loss} and {@code training}: plain data, with expressions evaluated. */
final class TrainingReader {

  private final Scope variables;
  private final Problems problems;

  TrainingReader(Scope variables, Problems problems) {
    this.variables = variables;
    this.problems = problems;
  }

  /** Returns what a description says; what is at fault is left out. */
  Training read(Description description) {
    Optional<String> loss =
        description
            .section("loss")
            .flatMap(field -> problems.attempt(() -> ItemReader.name("loss", field.value())));
    Map<String, Setting> recipe = fields(description.training());
    Written at =
        description.training().values().stream()
            .findFirst()
            .map(field -> written(field.place()))
            .orElse(Written.NOWHERE);
    Augmentation augmentation =
        Optional.ofNullable(description.training().get("augment"))
            .map(new AugmentationReader(variables, problems)::read)
            .orElse(Augmentation.NONE);
    return new Training(loss, new Setting.Fields(recipe, at), augmentation);
  }

  private Map<String, Setting> fields(Map<String, Field> fields) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (Field field : fields.values()) {
      problems
          .attempt(() -> setting(field.value()))
          .ifPresent(setting -> settings.put(field.key(), setting));
    }
    return settings;
  }

  private Setting setting(Value value) {
    Written at = written(value.place());
    if (value instanceof Mapping mapping) {
      return new Setting.Fields(fields(mapping.fields()), at);
    }
    if (value instanceof Sequence list) {
      List<Setting> items = new ArrayList<>();
      list.items().forEach(item -> problems.attempt(() -> setting(item)).ifPresent(items::add));
      return new Setting.Items(items, at);
    }
    Scalar scalar = (Scalar) value;
    if (scalar.isNothing()) {
      return new Setting.Fields(Map.of(), at);
    }
    Literal literal = variables.resolve(scalar);
    if (literal instanceof Literal.Number) {
      return new Setting.Number(new Values(variables).number("a number", value), at);
    }
    return literal instanceof Literal.Truth truth
        ? new Setting.Truth(truth.value(), at)
        : new Setting.Text(((Literal.Text) literal).value(), at);
  }

  private static Written written(Place place) {
    return new Written(place.toString());
  }
}
