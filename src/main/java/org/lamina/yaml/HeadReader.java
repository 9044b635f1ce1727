package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Precision;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Std;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads what a description says besides its layers: name, inputs, preprocessing, precision. */
final class HeadReader {

  /** How the input is called in a network that has one and does not name it. */
  static final String INPUT = "input";

  private static final Map<String, RecordType> STEPS = RecordType.permittedBy(Step.class);

  private final Description description;
  private final Values values;
  private final Problems problems;
  private final Place start;

  /**
   * Makes a reader.
   *
   * @param start where it is said that something is missing
   */
  HeadReader(Description description, Variables variables, Problems problems, Place start) {
    this.description = description;
    this.problems = problems;
    this.start = start;
    values = new Values(variables);
  }

  /** Returns the name of the network; something if there is none, which is a problem. */
  String name() {
    Optional<Field> field = description.section("network");
    if (field.isEmpty()) {
      problems.add(start, "the network has no name; add 'network: a-name'");
    }
    return field
        .flatMap(network -> problems.attempt(() -> ItemReader.name("network", network.value())))
        .orElse("");
  }

  /** Returns the inputs by name, in order; those at fault are left out. */
  Map<String, Chw> inputs() {
    Map<String, Chw> inputs = new LinkedHashMap<>();
    Optional<Field> one = description.section("input");
    Optional<Field> several = description.section("inputs");
    one.flatMap(field -> problems.attempt(() -> shape(field)))
        .ifPresent(shape -> inputs.put(INPUT, shape));
    several.ifPresent(field -> problems.attempt(() -> named(field, inputs)));
    if (one.isEmpty() && several.isEmpty()) {
      problems.add(start, "the network has no input; add 'input: {shape: [3, 227, 227]}'");
    }
    return inputs;
  }

  /** Returns the names of the inputs, also of those at fault. */
  List<String> inputNames() {
    return description
        .section("inputs")
        .map(Field::value)
        .filter(Mapping.class::isInstance)
        .map(value -> List.copyOf(((Mapping) value).fields().keySet()))
        .orElse(List.of(INPUT));
  }

  private Map<String, Chw> named(Field field, Map<String, Chw> inputs) {
    if (!(field.value() instanceof Mapping mapping) || mapping.fields().isEmpty()) {
      throw new Fault(
          field.value().place(),
          "inputs must be a mapping of names, such as {left: {shape: [3, 64, 64]}}, but is "
              + (field.value() instanceof Mapping ? "empty" : field.value().describe()));
    }
    for (Field input : mapping.fields().values()) {
      problems
          .attempt(
              () -> {
                ItemReader.name("an input", new Scalar(input.place(), input.key(), true));
                return shape(input);
              })
          .ifPresent(shape -> inputs.put(input.key(), shape));
    }
    return inputs;
  }

  private Chw shape(Field input) {
    if (!(input.value() instanceof Mapping mapping)) {
      throw new Fault(
          input.value().place(),
          "%s must be a mapping, such as {shape: [3, 227, 227]}, but is %s"
              .formatted(input.key(), input.value().describe()));
    }
    for (Field field : mapping.fields().values()) {
      if (!field.key().equals("shape")) {
        throw new Fault(
            field.place(),
            "an input has no '%s'%s"
                .formatted(field.key(), Values.suggest(field.key(), List.of("shape"))));
      }
    }
    Field shape = mapping.fields().get("shape");
    if (shape == null) {
      throw new Fault(input.value().place(), "'shape' is missing; an input cannot do without it");
    }
    return chw(shape.value());
  }

  private Chw chw(Value value) {
    String wanted = "shape must be [channels, height, width]";
    if (!(value instanceof Sequence list) || list.items().size() != 3) {
      throw new Fault(
          value.place(),
          wanted
              + ", but is "
              + (value instanceof Sequence other
                  ? "a list of " + other.items().size()
                  : value.describe()));
    }
    List<Integer> extents = new ArrayList<>();
    for (Value extent : list.items()) {
      int pixels = values.integer("shape", extent);
      if (pixels < 1) {
        throw new Fault(extent.place(), wanted + ", each at least 1, but one is " + pixels);
      }
      extents.add(pixels);
    }
    return new Chw(extents.get(0), extents.get(1), extents.get(2));
  }

  /** Returns the steps that prepare a picture; those at fault are left out. */
  Preprocessing preprocessing() {
    Optional<Field> field = description.section("preprocess");
    if (field.isEmpty()) {
      return Preprocessing.NONE;
    }
    if (!(field.get().value() instanceof Sequence list)) {
      problems.add(
          field.get().value().place(),
          "preprocess must be a list of steps, such as [{resize: 227}], but is "
              + field.get().value().describe());
      return Preprocessing.NONE;
    }
    List<Step> steps = new ArrayList<>();
    for (Value item : list.items()) {
      problems.attempt(() -> step(item)).ifPresent(steps::add);
    }
    return new Preprocessing(steps);
  }

  /** Returns how weights are to be stored; nothing if the file leaves it open. */
  Optional<Precision> precision() {
    return description
        .section("precision")
        .flatMap(field -> problems.attempt(() -> precision(field.value())));
  }

  private static Precision precision(Value value) {
    Optional<Precision> found =
        value instanceof Scalar word && word.plain() ? Precision.of(word.text()) : Optional.empty();
    return found.orElseThrow(
        () ->
            new Fault(
                value.place(),
                "precision must be one of %s, but is %s"
                    .formatted(String.join(", ", Precision.keys()), value.describe())));
  }

  private Step step(Value value) {
    if (!(value instanceof Mapping mapping) || mapping.fields().size() != 1) {
      throw new Fault(
          value.place(),
          "a step must have one key, such as {resize: 227}, but "
              + (value instanceof Mapping mapping
                  ? "this has " + mapping.fields().size()
                  : "is " + value.describe()));
    }
    Field field = mapping.fields().values().iterator().next();
    RecordType type = STEPS.get(field.key());
    if (type == null) {
      throw new Fault(
          field.place(),
          "preprocess has no step '%s'%s"
              .formatted(field.key(), Values.suggest(field.key(), STEPS.keySet())));
    }
    if (field.value() instanceof Scalar word && word.plain() && word.text().equals("computed")) {
      if (field.key().equals("mean")) {
        return new Mean(List.of());
      } else if (field.key().equals("std")) {
        return new Std(List.of());
      }
    }
    return (Step) values.record(field.key(), type, fields(type, field), field.place());
  }

  /** Returns a step's fields; its value stands for the only field, or for height and width. */
  private static Map<String, Field> fields(RecordType type, Field field) {
    if (field.value() instanceof Mapping mapping) {
      return mapping.fields();
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    boolean pair = type.keys().equals(List.of("height", "width"));
    if (pair && field.value() instanceof Sequence list) {
      if (list.items().size() != 2) {
        throw new Fault(
            field.value().place(),
            "%s must be one number or [height, width], but is a list of %d"
                .formatted(field.key(), list.items().size()));
      }
      for (int i = 0; i < 2; i++) {
        Value side = list.items().get(i);
        fields.put(type.keys().get(i), new Field(side.place(), type.keys().get(i), side));
      }
      return fields;
    }
    for (Component component : type.components()) {
      fields.put(component.key(), new Field(field.value().place(), component.key(), field.value()));
    }
    return fields;
  }
}
