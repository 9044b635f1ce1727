package org.lamina.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** A network file as the JSON that an editor checks against the schema. */
final class JsonOfYaml {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonOfYaml() {}

  /** Returns the JSON of a text; nothing if it is not YAML as Lamina takes it. */
  static Optional<JsonNode> read(String text) {
    Problems problems = new Problems();
    Optional<JsonNode> json =
        problems.attempt(() -> json(YamlText.read(new Source("net.yaml", text), problems)));
    return problems.size() == 0 ? json : Optional.empty();
  }

  private static JsonNode json(Value value) {
    if (value instanceof Mapping mapping) {
      var object = NODES.objectNode();
      mapping.fields().forEach((key, field) -> object.set(key, json(field.value())));
      return object;
    } else if (value instanceof Sequence sequence) {
      var array = NODES.arrayNode();
      sequence.items().forEach(item -> array.add(json(item)));
      return array;
    }
    return scalar((Scalar) value);
  }

  private static JsonNode scalar(Scalar scalar) {
    if (scalar.isNothing()) {
      return NODES.nullNode();
    }
    Literal literal = Literal.of(scalar);
    if (literal instanceof Literal.Truth truth) {
      return NODES.booleanNode(truth.value());
    } else if (literal instanceof Literal.Number number) {
      return number.value().isWhole()
          ? NODES.numberNode(number.value().numerator())
          : NODES.numberNode(number.value().toDouble());
    }
    return NODES.textNode(((Literal.Text) literal).value());
  }
}
