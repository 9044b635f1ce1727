package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.layer.InvalidParameterException;
import org.lamina.network.Augmentation;
import org.lamina.network.Augmentation.Step;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads {@code training.augment}: a list of steps, each a key with its fields or a key alone. */
final class AugmentationReader {

  static final Map<String, RecordType> STEPS = RecordType.permittedBy(Step.class);

  private final Values values;
  private final Problems problems;

  AugmentationReader(Scope variables, Problems problems) {
    values = new Values(variables);
    this.problems = problems;
  }

  /** Returns the steps; those at fault are left out. */
  Augmentation read(Field augment) {
    if (!(augment.value() instanceof Sequence list)) {
      problems.add(
          augment.value().place(),
          "augment must be a list of steps, such as [mirror, {cutout: 8}], but is "
              + augment.value().describe());
      return Augmentation.NONE;
    }
    List<Step> steps = new ArrayList<>();
    for (Value item : list.items()) {
      problems.attempt(() -> step(item)).ifPresent(steps::add);
    }
    try {
      return new Augmentation(steps);
    } catch (InvalidParameterException e) {
      problems.add(augment.value().place(), e.getMessage());
      return Augmentation.NONE;
    }
  }

  private Step step(Value value) {
    if (value instanceof Scalar word && !word.isNothing() && word.plain()) {
      return record(word.text(), type(word.text(), word.place()), Map.of(), word.place());
    }
    if (!(value instanceof Mapping mapping) || mapping.fields().size() != 1) {
      throw new Fault(
          value.place(),
          "a step must have one key, such as {mirror: 0.5}, but "
              + (value instanceof Mapping mapping
                  ? "this has " + mapping.fields().size()
                  : "is " + value.describe()));
    }
    Field field = mapping.fields().values().iterator().next();
    RecordType type = type(field.key(), field.place());
    return record(field.key(), type, fields(type, field), field.place());
  }

  private Step record(String key, RecordType type, Map<String, Field> fields, Place at) {
    return (Step) values.record(key, type, fields, at);
  }

  private static RecordType type(String key, Place place) {
    RecordType type = STEPS.get(key);
    if (type == null) {
      throw new Fault(
          place, "augment has no step '%s'%s".formatted(key, Values.suggest(key, STEPS.keySet())));
    }
    return type;
  }

  /** Returns a step's fields; a value stands for the first, or for height and width. */
  private static Map<String, Field> fields(RecordType type, Field field) {
    Value value = field.value();
    if (value instanceof Mapping mapping) {
      return mapping.fields();
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    if (value instanceof Scalar scalar && scalar.isNothing()) {
      return fields;
    }
    List<String> keys = type.keys();
    boolean pair = keys.size() > 1 && keys.subList(0, 2).equals(List.of("height", "width"));
    if (pair && value instanceof Sequence list && list.items().size() != 2) {
      throw new Fault(
          value.place(),
          "%s must be one number or [height, width], but is a list of %d"
              .formatted(field.key(), list.items().size()));
    }
    for (int i = 0; i < (pair ? 2 : 1); i++) {
      Value one = pair && value instanceof Sequence list ? list.items().get(i) : value;
      fields.put(keys.get(i), new Field(one.place(), keys.get(i), one));
    }
    return fields;
  }
}
