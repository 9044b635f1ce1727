package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;

/** Reads a network's file and those that it extends to one {@link Description}. */
final class DescriptionReader {

  static final List<String> SECTIONS =
      List.of(
          "network",
          "extends",
          "input",
          "inputs",
          "let",
          "defaults",
          "blocks",
          "preprocess",
          "precision",
          "layers",
          "edit",
          "variants",
          "loss",
          "training");

  /** What a variant does not have: it has no layers of its own, and extends nothing else. */
  private static final List<String> NOT_IN_VARIANTS = List.of("extends", "layers", "variants");

  private static final int MAX_LEVELS = 16;

  private final Problems problems;
  private final Map<Object, String> open = new LinkedHashMap<>();

  DescriptionReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a text. Mistakes are added to the problems.
   *
   * @param variant which of the variants in it is meant, if any
   * @return what it says, without the parts at fault; nothing if nothing can be made of it
   */
  Optional<Description> read(Origin origin, Source source, Optional<String> variant) {
    Place start = new Place(source, 0, 0);
    return problems.attempt(() -> varied(file(origin, source), variant, start));
  }

  private Description varied(Description description, Optional<String> variant, Place at) {
    if (variant.isPresent()) {
      String name = variant.get();
      Field field = description.variants().get(name);
      if (field == null) {
        throw new Fault(
            at,
            "there is no variant '%s'%s"
                .formatted(
                    name,
                    description.variants().isEmpty()
                        ? "; 'variants' declares none"
                        : Values.suggest(name, description.variants().keySet())));
      }
      if (field.value() instanceof Mapping mapping) {
        description.rename(name, field.place());
        sections(mapping.fields(), description, true, field.place());
      }
    }
    return description;
  }

  private void variants(Map<String, Field> sections, Description description) {
    for (Field variant : mapping(sections, "variants").values()) {
      problems.attempt(
          () -> ItemReader.name("a variant", new Scalar(variant.place(), variant.key(), true)));
      if (variant.value() instanceof Mapping mapping) {
        for (Field field : mapping.fields().values()) {
          if (NOT_IN_VARIANTS.contains(field.key()) || !SECTIONS.contains(field.key())) {
            List<String> known = new ArrayList<>(SECTIONS);
            known.removeAll(NOT_IN_VARIANTS);
            problems.add(
                field.place(),
                "a variant has no '%s'%s"
                    .formatted(field.key(), Values.suggest(field.key(), known)));
          }
        }
      } else {
        problems.add(
            variant.value().place(),
            "a variant must be a mapping, such as {let: {width: 0.5}}, but is "
                + variant.value().describe());
      }
      description.variants().put(variant.key(), variant);
    }
  }

  private Description file(Origin origin, Source source) {
    Value root = YamlText.read(source, problems);
    if (!(root instanceof Mapping mapping)) {
      throw new Fault(root.place(), "a network must be a mapping, but is " + root.describe());
    }
    Map<String, Field> sections = mapping.fields();
    requireKnown(sections);
    Field extended = sections.get("extends");
    Description description = extended == null ? new Description() : base(origin, extended.value());
    sections(sections, description, extended != null, root.place());
    variants(sections, description);
    return description;
  }

  private void sections(
      Map<String, Field> sections, Description description, boolean derived, Place root) {
    override(sections, description);
    let(sections, description, derived);
    defaults(sections, description);
    description.blocks().putAll(mapping(sections, "blocks"));
    layers(sections, description, derived, root);
  }

  private void requireKnown(Map<String, Field> sections) {
    for (Field field : sections.values()) {
      if (!SECTIONS.contains(field.key())) {
        problems.add(
            field.place(),
            "a network has no '%s'%s"
                .formatted(field.key(), Values.suggest(field.key(), SECTIONS)));
      }
    }
    if (sections.containsKey("input") && sections.containsKey("inputs")) {
      problems.add(
          sections.get("inputs").place(), "a network has either 'input' or 'inputs', not both");
    }
  }

  private Description base(Origin origin, Value reference) {
    if (!(reference instanceof Scalar scalar) || scalar.isNothing()) {
      throw new Fault(
          reference.place(),
          "extends must be a file or the name of a shipped network, but is "
              + reference.describe());
    }
    Reference named = Reference.of(scalar.text());
    Origin base = origin.resolve(named.network(), reference.place());
    if (open.isEmpty()) {
      open.put(origin.identity(), origin.label());
    }
    if (open.containsKey(base.identity())) {
      throw new Fault(
          reference.place(),
          "the files extend each other in a circle: %s → %s"
              .formatted(String.join(" → ", open.values()), base.label()));
    }
    if (open.size() >= MAX_LEVELS) {
      throw new Fault(
          reference.place(), "more than %d files extend each other".formatted(MAX_LEVELS));
    }
    open.put(base.identity(), base.label());
    Source source;
    try {
      source = base.read();
    } catch (NetworkFileException e) {
      throw new Fault(
          reference.place(), "%s: %s".formatted(base.label(), e.problems().get(0).message()));
    }
    return varied(file(base, source), named.variant(), reference.place());
  }

  private void override(Map<String, Field> sections, Description description) {
    for (String key : List.of("network", "input", "inputs", "preprocess", "precision", "loss")) {
      Optional.ofNullable(sections.get(key)).ifPresent(description::section);
    }
    Field loss = sections.get("loss");
    if (loss != null && !(loss.value() instanceof Scalar scalar && !scalar.isNothing())) {
      problems.add(loss.value().place(), "loss must be a name, but is " + loss.value().describe());
    }
    Field training = sections.get("training");
    if (training != null && !(training.value() instanceof Mapping)) {
      problems.add(
          training.value().place(),
          "training must be a mapping, but is " + training.value().describe());
    } else if (training != null) {
      ((Mapping) training.value()).fields().values().forEach(description::train);
    }
  }

  private void let(Map<String, Field> sections, Description description, boolean derived) {
    for (Field field : mapping(sections, "let").values()) {
      problems.attempt(() -> variable(field, description, derived));
    }
  }

  private static Field variable(Field field, Description description, boolean derived) {
    Variables.requireName("a variable", field);
    description.declare(field, derived);
    return field;
  }

  private void defaults(Map<String, Field> sections, Description description) {
    for (Field field : mapping(sections, "defaults").values()) {
      RecordType type = ItemReader.TYPES.get(field.key());
      if (type == null) {
        problems.add(
            field.place(),
            "there is no layer type '%s'%s"
                .formatted(field.key(), Values.suggest(field.key(), ItemReader.TYPES.keySet())));
      } else if (!(field.value() instanceof Mapping fields)) {
        problems.add(
            field.value().place(),
            "the defaults of %s must be a mapping, but are %s"
                .formatted(type.key(), field.value().describe()));
      } else {
        fields.fields().values().forEach(entry -> oneDefault(type, entry, description));
      }
    }
  }

  private void oneDefault(RecordType type, Field entry, Description description) {
    if (type.keys().contains(entry.key())) {
      description.addDefault(type.key(), entry);
    } else {
      problems.add(entry.place(), "defaults: " + Values.unknownKey(type, entry.key(), List.of()));
    }
  }

  private Map<String, Field> mapping(Map<String, Field> sections, String key) {
    Field field = sections.get(key);
    if (field == null) {
      return Map.of();
    }
    if (field.value() instanceof Mapping mapping) {
      return mapping.fields();
    }
    problems.add(
        field.value().place(),
        "%s must be a mapping, but is %s".formatted(key, field.value().describe()));
    return Map.of();
  }

  private void layers(
      Map<String, Field> sections, Description description, boolean derived, Place root) {
    Field layers = sections.get("layers");
    Field edit = sections.get("edit");
    if (derived && layers != null) {
      problems.add(
          layers.place(),
          "a file that extends another has no 'layers' of its own; change the other's under 'edit'");
    } else if (!derived && edit != null) {
      problems.add(
          edit.place(), "'edit' changes a network that the file 'extends', but it extends none");
    } else if (edit != null) {
      description.edits().add(edit.value());
    } else if (layers != null) {
      description.section(layers);
    } else if (!derived && SECTIONS.containsAll(sections.keySet())) {
      problems.add(root, "the network has no 'layers'");
    }
  }
}
