package org.lamina.yaml;

import java.util.Map;
import java.util.stream.Collectors;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.Padding;
import org.lamina.yaml.RecordType.Component;

/** Makes the reference of the layers, docs/layers.md, from their records. */
final class LayerPage {

  private static final String HEAD =
      """
      # The layers

      This page is made from the records of `org.lamina.layer`; it says what `lamina schema` says to editors.
      [language.md](language.md) describes the files around them. Besides its own fields, every layer may have `name`, `from` and
      `device`. Any value may be an expression, such as `=96*width`.

      | a field of type | takes |
      |---|---|
      | extent | one whole number, or `[height, width]` |
      | padding | one whole number, `[height, width]`, or `[top, left, bottom, right]` |
      | initialiser | a number; or one of [those below](#initialisers), alone or with fields: `{normal: {std: 0.01}}` |

      """;

  private final RecordDocs docs = RecordDocs.read();
  private final FieldSchemas fields = new FieldSchemas(docs);
  private final StringBuilder page = new StringBuilder(HEAD);

  private LayerPage() {}

  /** Returns the page as Markdown. */
  static String generate() {
    return new LayerPage().all();
  }

  private String all() {
    Map<String, RecordType> layers = ItemReader.TYPES;
    page.append(
        layers.keySet().stream()
            .map("[`%1$s`](#%1$s)"::formatted)
            .collect(Collectors.joining(",\n", "", ".\n")));
    layers.values().forEach(type -> type("##", type));
    page.append("\n## Initialisers\n\n");
    paragraphs(docs.of(Initializer.class).text());
    RecordType.permittedBy(Initializer.class).values().forEach(type -> type("###", type));
    return page.toString();
  }

  private void type(String level, RecordType type) {
    page.append("\n%s `%s`\n\n".formatted(level, type.key()));
    paragraphs(fields.doc(type).text());
    if (type.components().isEmpty()) {
      return;
    }
    page.append("\n| field | type | default | range | |\n|---|---|---|---|---|\n");
    for (Component component : type.components()) {
      page.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  component.key(),
                  typeOf(component),
                  FieldSchemas.fallback(type, component).map("`%s`"::formatted).orElse("needed"),
                  ParameterRange.of(type, component).words(),
                  cell(fields.meaning(type, component) + choices(component.type()))));
    }
  }

  private void paragraphs(DocText text) {
    String between = "";
    for (DocText.Block block : text.blocks()) {
      page.append(between);
      page.append(block.formula() ? "```\n" + block.text() + "\n```\n" : block.text() + "\n");
      between = "\n";
    }
  }

  private String choices(Class<?> form) {
    return form.isEnum()
        ? docs.of(form).constants().entrySet().stream()
            .map(choice -> "`%s`: %s".formatted(choice.getKey(), choice.getValue()))
            .collect(Collectors.joining(" ", ". ", ""))
        : "";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String typeOf(Component component) {
    Class<?> form = component.type();
    if (form == int.class) {
      return "whole number";
    } else if (form == double.class) {
      return "number";
    } else if (form == boolean.class) {
      return "`true` or `false`";
    } else if (form == Extent.class) {
      return "extent";
    } else if (form == Padding.class) {
      return "padding";
    } else if (form == Initializer.class) {
      return "initialiser";
    } else if (form.isEnum()) {
      return FieldSchemas.constants(form).stream()
          .map("`%s`"::formatted)
          .collect(Collectors.joining(", "));
    }
    throw new AssertionError("no name for the type of " + component);
  }
}
