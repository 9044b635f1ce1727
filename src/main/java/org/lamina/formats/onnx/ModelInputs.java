package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Unsupported;
import org.lamina.formats.onnx.schema.StringStringEntryProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.formats.onnx.schema.TensorShapeProto.Dimension;
import org.lamina.formats.onnx.schema.TypeProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;

/**
 * What a model reads when it runs.
 *
 * @param shapes the extents of every input that the network will have
 * @param constants inputs that are known because they were given and are integers
 * @param unsupported inputs that a network cannot have
 * @param pixels what the model says of pictures; empty if nothing
 */
record ModelInputs(
    Map<String, List<Integer>> shapes,
    Map<String, Values> constants,
    List<Unsupported> unsupported,
    Map<String, String> pixels) {

  private static final int MOST_AXES = 16;

  /** Finds the inputs that are not initialised. */
  static ModelInputs of(OnnxFile file, ImportOptions options, Map<String, Values> offered) {
    Set<String> known =
        file.model().getGraph().getInitializerList().stream()
            .map(TensorProto::getName)
            .collect(Collectors.toCollection(HashSet::new));
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    Map<String, Values> constants = new LinkedHashMap<>();
    List<Unsupported> unsupported = new ArrayList<>();
    for (ValueInfoProto input : file.model().getGraph().getInputList()) {
      String name = input.getName();
      if (known.contains(name)) {
        continue;
      }
      int number = input.getType().getTensorType().getElemType();
      boolean real = Elements.type(number).map(ElementType::readable).orElse(false);
      if (real) {
        shapes.put(name, dims(file, input, options));
      } else if (offered.containsKey(name)) {
        constants.put(name, offered.get(name));
      } else {
        unsupported.add(new Unsupported(name, "input", notReal(input, number)));
      }
    }
    Map<String, String> pixels =
        file.model().getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(
                    StringStringEntryProto::getKey,
                    StringStringEntryProto::getValue,
                    (first, second) -> second));
    return new ModelInputs(shapes, constants, unsupported, pixels);
  }

  private static String notReal(ValueInfoProto input, int number) {
    if (!input.getType().hasTensorType()) {
      return "it is no tensor";
    }
    return "it holds %s, but a network reads floats; give its value with --constant %s=FILE.pb"
        .formatted(Elements.typeName(number), Printable.text(input.getName()));
  }

  private static List<Integer> dims(OnnxFile file, ValueInfoProto input, ImportOptions options) {
    TypeProto.Tensor type = input.getType().getTensorType();
    List<Integer> dims = new ArrayList<>();
    boolean open = !type.hasShape();
    for (Dimension dimension : type.getShape().getDimList()) {
      long extent = dimension.hasDimValue() ? dimension.getDimValue() : 0;
      boolean batch = dims.isEmpty() && type.getShape().getDimCount() > 1;
      // A batch of no fixed size is 1: what is computed from it must not depend on it.
      open |= extent < 1 && !batch;
      dims.add((int) Math.min(Integer.MAX_VALUE, extent < 1 && batch ? 1 : extent));
    }
    Optional<Chw> given = options.input();
    if (given.isPresent() && (dims.size() == 4 || dims.isEmpty() && open)) {
      Chw image = given.get();
      int batch = dims.isEmpty() ? 1 : dims.get(0);
      return List.of(batch, image.c(), image.h(), image.w());
    }
    if (open || dims.size() > MOST_AXES) {
      throw new FormatException(
          "%s: input '%s' is %s: say the shape of one image"
              .formatted(
                  file.path(),
                  Printable.text(input.getName()),
                  type.hasShape() ? symbolic(type) : "of unknown shape"));
    }
    return dims;
  }

  private static String symbolic(TypeProto.Tensor type) {
    return type.getShape().getDimList().stream()
        .limit(MOST_AXES)
        .map(
            d ->
                d.hasDimValue()
                    ? String.valueOf(d.getDimValue())
                    : d.getDimParam().isEmpty() ? "?" : Printable.text(d.getDimParam()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Returns how a picture becomes the input, as far as the model says. */
  Preprocessing preprocessing(Map<String, Chw> inputs) {
    return inputs.size() == 1
        ? ImageMetadata.preprocessing(pixels, inputs.values().iterator().next())
        : Preprocessing.NONE;
  }
}
