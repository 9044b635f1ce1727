package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamina.formats.FormatException;
import org.lamina.formats.Unsupported;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.ParameterSource.Change;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.network.Names;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;
import org.lamina.weights.Printable;

/** Makes the layers of a network of Caffe's, one after the other; used once. */
final class Translation {

  private final String file;
  private final Selection selection;
  private final Function<Integer, String> where;
  private final Function<LayerParameter, Optional<Chw>> inputShape;
  private final Blobs blobs = new Blobs();
  private final Map<String, Chw> inputs = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, ParameterSource> parameters = new LinkedHashMap<>();
  private final Losses losses = new Losses();
  private final List<String> left = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<Unsupported> unsupported = new ArrayList<>();
  private final Map<String, LayerParameter> sources = new LinkedHashMap<>();

  /**
   * Prepares a translation.
   *
   * @param file how messages call the file
   * @param selection the layers
   * @param where gives the line of a layer as {@code , line 12}, by its index in the file
   * @param inputShape gives the shape of one image that a layer brings in, where that is known
   */
  Translation(
      String file,
      Selection selection,
      Function<Integer, String> where,
      Function<LayerParameter, Optional<Chw>> inputShape) {
    this.file = file;
    this.selection = selection;
    this.where = where;
    this.inputShape = inputShape;
  }

  /**
   * Translates all layers.
   *
   * @return what has no form here; the rest of the results means nothing unless it is empty
   * @throws FormatException if a layer reads what is not there, or an input's shape is not known
   */
  List<Unsupported> run() {
    for (int i = 0; i < selection.layers().size(); i++) {
      LayerParameter layer = selection.layers().get(i);
      String at = where.apply(selection.indices().get(i));
      layer.getBottomList().forEach(bottom -> requireBottom(layer, bottom, at));
      try {
        translate(layer);
      } catch (Unfit e) {
        unsupported.add(new Unsupported(title(layer), layer.getType(), e.getMessage() + at));
        layer.getTopList().forEach(top -> blobs.put(top, Value.UNKNOWN));
      } catch (InvalidParameterException | ArithmeticException e) {
        unsupported.add(new Unsupported(title(layer), layer.getType(), e.getMessage() + at));
        layer.getTopList().forEach(top -> blobs.put(top, Value.UNKNOWN));
      }
    }
    if (!left.isEmpty()) {
      remarks.add("left out what is not part of the network: " + String.join(", ", left));
    }
    return unsupported;
  }

  private void requireBottom(LayerParameter layer, String bottom, String at) {
    if (blobs.get(bottom).isEmpty()) {
      String shown = Printable.text(bottom);
      throw new FormatException(
          "%s: layer '%s'%s reads '%s', which no layer before it makes%s"
              .formatted(
                  file,
                  Printable.text(title(layer)),
                  at,
                  shown,
                  Names.suggest(shown, blobs.names())));
    }
  }

  /** Returns the name of a layer; a layer without one is called as what it makes. */
  static String title(LayerParameter layer) {
    return !layer.getName().isEmpty() || layer.getTopCount() == 0
        ? layer.getName()
        : layer.getTop(0);
  }

  private void translate(LayerParameter layer) {
    if (Selection.isSource(layer)) {
      source(layer);
    } else if (Selection.isSink(layer)) {
      left.add("%s (%s)".formatted(title(layer), layer.getType()));
      layer.getTopList().forEach(top -> blobs.put(top, Value.LABEL));
    } else if (Selection.isLoss(layer)) {
      losses.translate(layer, this);
    } else {
      LayerTypes.of(layer.getType()).translate(layer, this);
    }
  }

  /** Brings in pictures; what else a layer brings are labels, unless it says its shape. */
  private void source(LayerParameter layer) {
    boolean declared = layer.getType().equals("Input");
    for (int i = 0; i < layer.getTopCount(); i++) {
      if (i > 0 && !declared) {
        blobs.put(layer.getTop(i), Value.LABEL);
        continue;
      }
      LayerParameter one = layer;
      if (declared && layer.getInputParam().getShapeCount() > 1) {
        one = layer.toBuilder().setInputParam(InputShapes.only(layer, i)).build();
      }
      Optional<Chw> shape = inputShape.apply(one);
      if (declared && InputShapes.isLabel(one)) {
        blobs.put(layer.getTop(i), Value.LABEL);
        continue;
      }
      String name = blobs.unique(layer.getTop(i), "input");
      Chw known =
          shape.orElseThrow(
              () ->
                  new FormatException(
                      "%s: layer '%s' (%s) does not say how large a picture is; give the shape of the input, such as 3,227,227"
                          .formatted(file, Printable.text(title(layer)), layer.getType())));
      inputs.put(name, known);
      sources.put(name, layer);
      blobs.put(layer.getTop(i), new Value(name, Optional.of(known), InputShapes.axes(one)));
    }
  }

  // --- what layers are translated with
  // ------------------------------------------------------------

  /** Returns what a layer reads, in order. */
  List<Value> bottoms(LayerParameter layer) {
    List<Value> values =
        layer.getBottomList().stream().map(b -> blobs.get(b).orElseThrow()).toList();
    Unfit.unless(!values.contains(Value.LABEL), "reads a label");
    return values;
  }

  /** Returns the only tensor that a layer reads. */
  Value bottom(LayerParameter layer) {
    Unfit.unless(
        layer.getBottomCount() == 1, "reads %d tensors instead of 1", layer.getBottomCount());
    return bottoms(layer).get(0);
  }

  /** Adds a layer that makes the first tensor of the one that is translated. */
  String add(LayerParameter from, Layer layer, int axes) {
    Value made = add(title(from), layer, bottoms(from));
    make(from, 0, new Value(made.node(), made.shape(), axes));
    return made.node();
  }

  /** Adds a layer; returns what it makes, with as many axes as what it reads. */
  Value add(String name, Layer layer, List<Value> from) {
    String node = blobs.unique(name, layer.key());
    List<Chw> shapes = from.stream().flatMap(value -> value.shape().stream()).toList();
    Optional<Chw> shape =
        shapes.size() == from.size() ? Optional.of(layer.infer(shapes).output()) : Optional.empty();
    List<String> names = from.stream().map(Value::node).toList();
    entries.put(node, new Entry(node, layer, names, Optional.empty()));
    return new Value(node, shape, from.get(0).axes());
  }

  /** Says what one of the tensors that a layer makes is. */
  void make(LayerParameter layer, int top, Value value) {
    Unfit.unless(top < layer.getTopCount(), "makes nothing; it has no top");
    blobs.put(layer.getTop(top), value);
  }

  /** Says where a parameter comes from. */
  void parameter(String node, String parameter, ParameterSource source) {
    parameters.put(node + "." + parameter, source);
  }

  /** Returns the layer that makes a tensor, if nothing reads it but what comes now. */
  Optional<Entry> unread(LayerParameter reader, Value value) {
    boolean inPlace = reader.getTopList().contains(reader.getBottom(0));
    long later =
        selection.layers().stream()
            .filter(layer -> layer != reader && layer.getBottomList().contains(reader.getBottom(0)))
            .count();
    boolean read = entries.values().stream().anyMatch(e -> e.from().contains(value.node()));
    return read || (later > 0 && !inPlace)
        ? Optional.empty()
        : Optional.ofNullable(entries.get(value.node()));
  }

  /** Puts a learned scale and shift into the batch normalisation before it. */
  void absorb(Entry entry, BatchNormalization affine, LayerParameter scale) {
    String node = entry.name();
    entries.put(node, new Entry(node, affine, entry.from(), entry.device()));
    parameter(node, "weight", ParameterSource.of(scale.getName(), 0));
    parameter(
        node,
        "bias",
        scale.getScaleParam().getBiasTerm()
            ? ParameterSource.of(scale.getName(), 1)
            : new ParameterSource(scale.getName(), 1, Change.ZEROS));
  }

  void remark(String text) {
    if (!remarks.contains(text)) {
      remarks.add(text);
    }
  }

  // --- what came of it
  // ----------------------------------------------------------------------------

  Map<String, Chw> inputs() {
    return inputs;
  }

  /** Returns the layers that bring the inputs in, by input. */
  Map<String, LayerParameter> sources() {
    return sources;
  }

  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  Map<String, ParameterSource> parameters() {
    return parameters;
  }

  Losses losses() {
    return losses;
  }

  /** Returns what a name in the file stands for now. */
  Value value(String blob) {
    return blobs.get(blob).orElseThrow();
  }

  /** Says that nothing is known of what a layer makes. */
  void makeUnknown(LayerParameter layer) {
    layer.getTopList().forEach(top -> blobs.put(top, Value.UNKNOWN));
  }

  /** Says that what a layer makes is no picture. */
  void makeLabels(LayerParameter layer) {
    layer.getTopList().forEach(top -> blobs.put(top, Value.LABEL));
  }

  /** Returns whether a layer or an input has a name. */
  boolean isTaken(String name) {
    return blobs.isTaken(name);
  }

  List<String> remarks() {
    return remarks.stream().distinct().collect(Collectors.toList());
  }
}
