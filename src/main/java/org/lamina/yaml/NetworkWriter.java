package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamina.layer.RecordSchema;
import org.lamina.network.Draft;
import org.lamina.network.FieldValues;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing.Step;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;

/**
 * Writes networks as YAML, the way a person would: one line for each layer, values in their
 * shortest form, nothing that would be so anyway. {@link NetworkFile} reads the text as an equal
 * network, and the same network always gives the same text.
 */
public final class NetworkWriter {

  /** Types with longer keys do not move the fields of all others to the right. */
  private static final int LONGEST_ALIGNED = "batch_norm".length();

  /** A branch of at most so many columns stands in one line. */
  private static final int COLUMNS = 120;

  private final StringBuilder text = new StringBuilder();

  private NetworkWriter() {}

  /**
   * Returns a network as YAML.
   *
   * @throws IllegalArgumentException if it has something that the language has no form for: a name
   *     with other characters than letters, digits and {@code _ . / : + -}, or a number that is
   *     infinite, NaN or minus zero
   */
  public static String print(Network network) {
    NetworkWriter writer = new NetworkWriter();
    writer.line("network: " + FlowText.name(network.name()));
    writer.inputs(network.inputs());
    if (!network.preprocessing().steps().isEmpty()) {
      writer.line("preprocess:");
      network.preprocessing().steps().forEach(step -> writer.line("  - " + step(step)));
    }
    network.precision().ifPresent(stored -> writer.line("precision: " + stored.key()));
    writer.line("layers:");
    writer.layers("  ", "  ", network.drafts());
    writer.training(network.training());
    return writer.text.toString();
  }

  private void training(Training training) {
    training.loss().ifPresent(loss -> line("loss: " + FlowText.name(loss)));
    if (!training.recipe().fields().isEmpty()) {
      line("training:");
      training
          .recipe()
          .fields()
          .forEach(
              (key, value) -> line("  " + FlowText.text(key) + ": " + FlowText.of(value.plain())));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void inputs(Map<String, Chw> inputs) {
    if (inputs.keySet().equals(Map.of(HeadReader.INPUT, 0).keySet())) {
      line("input: " + shape(inputs.get(HeadReader.INPUT)));
      return;
    }
    line("inputs:");
    inputs.forEach((name, shape) -> line("  " + FlowText.name(name) + ": " + shape(shape)));
  }

  private static String shape(Chw shape) {
    return FlowText.of(Map.of("shape", List.of(shape.c(), shape.h(), shape.w())));
  }

  private static String step(Step step) {
    RecordSchema schema = RecordSchema.of(step);
    List<Object> values =
        schema.components().stream()
            .map(component -> FieldValues.plain(component.of(step)))
            .toList();
    Object value = FieldValues.fields(step);
    if (values.size() == 1 || schema.keys().equals(List.of("height", "width"))) {
      value = values.stream().distinct().count() == 1 ? values.get(0) : values;
    }
    if (List.of().equals(value)) {
      value = "computed"; // only mean and std may have no values
    }
    return schema.key() + ": " + FlowText.of(value);
  }

  /** Writes a list of layers; {@code first} opens the first line, {@code indent} the others. */
  private void layers(String first, String indent, List<Draft> drafts) {
    int width =
        drafts.stream()
            .filter(draft -> draft.branches().isEmpty())
            .mapToInt(draft -> draft.layer().key().length())
            .filter(length -> length <= LONGEST_ALIGNED)
            .max()
            .orElse(0);
    String opening = first;
    for (Draft draft : drafts) {
      String type = draft.layer().key() + ":";
      if (draft.branches().isEmpty()) {
        String padding = " ".repeat(Math.max(1, width + 2 - type.length()));
        line(opening + "- " + type + padding + FlowText.of(fields(draft)));
      } else {
        line(opening + "- " + type);
        branches(indent + "    ", draft);
      }
      opening = indent;
    }
  }

  private void branches(String indent, Draft draft) {
    fields(draft).forEach((key, value) -> line(indent + key + ": " + FlowText.of(value)));
    line(indent + "branches:");
    for (List<Draft> branch : draft.branches()) {
      String oneLine =
          branch.stream()
              .map(layer -> layer.layer().key() + ": " + FlowText.of(fields(layer)))
              .collect(Collectors.joining(", ", indent + "  - [", "]"));
      boolean nested = branch.stream().anyMatch(layer -> !layer.branches().isEmpty());
      if (!nested && oneLine.length() <= COLUMNS) {
        line(oneLine);
      } else {
        layers(indent + "  - ", indent + "    ", branch);
      }
    }
  }

  private static Map<String, Object> fields(Draft draft) {
    Map<String, Object> fields = new LinkedHashMap<>();
    draft.name().ifPresent(name -> fields.put("name", FlowText.checked(name)));
    List<String> from = new ArrayList<>();
    draft.from().forEach(name -> from.add(FlowText.checked(name)));
    if (!from.isEmpty()) {
      fields.put("from", from.size() == 1 ? from.get(0) : from);
    }
    draft.device().ifPresent(device -> fields.put("device", FlowText.checked(device)));
    fields.putAll(FieldValues.fields(draft.layer()));
    return fields;
  }
}
