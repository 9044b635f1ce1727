package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamina.network.Names;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/**
 * Adds overrides to a description. Messages speak of them as of files called {@code --let} and
 * {@code --set}, with a line for each.
 */
final class OverrideReader {

  private final Problems problems;

  OverrideReader(Problems problems) {
    this.problems = problems;
  }

  /** Adds the overrides; those at fault are added to the problems. */
  void apply(Overrides overrides, Description description) {
    for (Field field : fields("--let", overrides.let())) {
      if (description.let().containsKey(field.key())) {
        description.declare(field, true);
      } else {
        problems.add(
            field.place(),
            "there is no variable '%s'%s"
                .formatted(
                    field.key(),
                    description.let().isEmpty()
                        ? "; 'let' declares none"
                        : Names.suggest(field.key(), description.let().keySet())));
      }
    }
    for (Field field : fields("--set", overrides.set())) {
      Field set = new Field(field.place(), "set", mapping(field));
      description.edits().add(new Sequence(field.place(), List.of(mapping(set))));
    }
  }

  private static Mapping mapping(Field field) {
    Map<String, Field> fields = new LinkedHashMap<>();
    fields.put(field.key(), field);
    return new Mapping(field.place(), fields);
  }

  private List<Field> fields(String option, List<String> written) {
    String lines =
        written.stream().map(line -> line.replaceAll("\\v", " ")).collect(Collectors.joining("\n"));
    Source source = new Source(option, lines);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      Place place = new Place(source, i, 0);
      problems.attempt(() -> field(option, place)).ifPresent(fields::add);
    }
    return fields;
  }

  private Field field(String option, Place place) {
    String line = place.source().line(place.line());
    int equals = line.indexOf('=');
    if (equals < 1) {
      throw new Fault(
          place,
          "%s wants %s, but this is '%s'"
              .formatted(
                  option, option.equals("--let") ? "NAME=VALUE" : "LAYER.FIELD=VALUE", line));
    }
    String key = line.substring(0, equals).strip();
    String value = line.substring(equals + 1);
    Place at = place.right(line.codePointCount(0, equals) + 1);
    if (value.isBlank()) {
      return new Field(place, key, new Scalar(at, "", true));
    }
    if (value.startsWith("=")) { // also where YAML would want quotes
      return new Field(place, key, new Scalar(at, value.strip(), true));
    }
    // Padded, so that what is read stands where it was written.
    String padded = "\n".repeat(at.line()) + " ".repeat(at.column()) + value;
    return new Field(place, key, YamlText.read(place.source(), padded, problems));
  }
}
