package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.layer.Parameter;
import org.lamina.layer.Signature;
import org.lamina.network.Layers;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;

/** A network that is being made: its inputs, its layers, and where their parameters come from. */
final class Assembly {

  private final boolean batched;
  private final Map<String, Chw> inputs = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Signature> signatures = new HashMap<>();
  private final Map<String, Values> weights = new LinkedHashMap<>();
  private final Map<List<Object>, Activation> views = new HashMap<>();
  private final LayerNames names = new LayerNames();

  /**
   * Makes an empty network.
   *
   * @param batched whether the first axis of every tensor is the batch
   */
  Assembly(boolean batched) {
    this.batched = batched;
  }

  /** Returns whether the first axis of every tensor is the batch. */
  boolean batched() {
    return batched;
  }

  /** Returns the extents of one image. */
  List<Integer> item(List<Integer> dims) {
    if (!batched) {
      return dims;
    }
    if (dims.isEmpty()) {
      throw Unfit.mixesBatch("a tensor without axes");
    }
    return dims.subList(1, dims.size());
  }

  /** Returns the extents of the whole tensor, given those of one image. */
  List<Integer> whole(List<Integer> like, List<Integer> item) {
    if (!batched) {
      return item;
    }
    List<Integer> all = new ArrayList<>(like.subList(0, 1));
    all.addAll(item);
    return all;
  }

  /**
   * Returns the place of an axis among those of one image.
   *
   * @throws Unfit if it is the batch, or there is no such axis
   */
  int axis(long axis, List<Integer> dims) {
    int counted = Dims.axis(axis, dims.size());
    if (batched && counted == 0) {
      throw Unfit.mixesBatch("axis " + axis);
    }
    return batched ? counted - 1 : counted;
  }

  /** Adds an input. */
  Activation input(String name, List<Integer> dims) {
    String unique = names.take(name, "input");
    // Without axes it is no batch: whoever reads it, unless as a constant, will say so.
    Chw view = dims.isEmpty() ? new Chw(1, 1, 1) : canonical(item(dims));
    inputs.put(unique, view);
    return new Activation(unique, dims, view);
  }

  /**
   * Returns the channels, height and width that one would take: [C], [C, W], [C, H, W]; leading
   * axes beyond that join the channels.
   */
  static Chw canonical(List<Integer> item) {
    int rank = item.size();
    int count = Dims.count(item);
    if (count == 0) {
      throw Unfit.because("a tensor of %s has no elements", Dims.text(item));
    }
    int w = rank >= 2 ? item.get(rank - 1) : 1;
    int h = rank >= 3 ? item.get(rank - 2) : 1;
    return new Chw(count / (h * w), h, w);
  }

  /**
   * Adds a layer.
   *
   * @param hint what to call it if the name is free and allowed
   * @param type its key in YAML
   * @param fields its fields as in YAML
   * @param item the extents of one image of its result
   * @param from what it reads
   * @throws Unfit if its parameters are out of range, or do not fit what it reads
   */
  Activation add(
      String hint, String type, Map<String, ?> fields, List<Integer> item, Activation... from) {
    Layer layer = layer(type, fields);
    Signature signature = signature(layer, from);
    if (signature.output().volume() != Dims.count(item)) {
      throw Unfit.because(
          "Lamina's %s makes %s where the model has %s",
          layer.key(), signature.output(), Dims.text(item));
    }
    String name = names.take(hint, type);
    List<String> sources = new ArrayList<>();
    for (Activation source : from) {
      sources.add(source.name());
    }
    entries.put(name, new Entry(name, layer, sources, Optional.empty()));
    signatures.put(name, signature);
    return new Activation(name, whole(from[0].dims(), item), signature.output());
  }

  /**
   * Returns what a layer would make of these.
   *
   * @throws Unfit as {@link #add}
   */
  Chw output(String type, Map<String, ?> fields, Activation... from) {
    return signature(layer(type, fields), from).output();
  }

  private static Layer layer(String type, Map<String, ?> fields) {
    try {
      return Layers.of(type, fields);
    } catch (InvalidParameterException e) {
      throw Unfit.because("%s", "Lamina's " + type + ": " + e.getMessage());
    }
  }

  private static Signature signature(Layer layer, Activation... from) {
    List<Chw> shapes = new ArrayList<>();
    for (Activation source : from) {
      shapes.add(source.view());
    }
    try {
      return layer.infer(shapes);
    } catch (InvalidParameterException e) {
      throw Unfit.because("%s", "Lamina's " + layer.key() + ": " + e.getMessage());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw Unfit.because("%s", "the result is too large or empty: " + e.getMessage());
    }
  }

  /**
   * Gives a parameter its values.
   *
   * @throws Unfit if there are not as many as the parameter has
   */
  void weight(Activation layer, String parameter, Values values) {
    Parameter wanted =
        signatures.get(layer.name()).parameters().stream()
            .filter(p -> p.name().equals(parameter))
            .findFirst()
            .orElseThrow();
    if (wanted.shape().volume() != values.count()) {
      throw Unfit.because(
          "%s has %d elements, but the layer needs %s for its %s",
          values, values.count(), wanted.shape(), parameter);
    }
    weights.put(layer.name() + "." + parameter, values.withDims(wanted.shape().extents()));
  }

  /** Returns whether a result is that of a layer that could have a bias, and has none. */
  boolean takesBias(Activation x) {
    Entry entry = entries.get(x.name());
    return entry != null && Biases.missing(entry.layer());
  }

  /** Gives the layer that made a result a bias, one for each channel. */
  void giveBias(Activation x, Values bias) {
    Entry entry = entries.get(x.name());
    replace(entry.name(), Biases.added(entry.layer()));
    weight(x, "bias", bias);
  }

  /** Puts another layer in the place of one. */
  void replace(String name, Layer layer) {
    Entry entry = entries.get(name);
    entries.put(name, new Entry(name, layer, entry.from(), entry.device()));
    signatures.put(name, layer.infer(signatures.get(name).inputs()));
  }

  /**
   * Returns the same elements as other channels, heights and widths; nothing is moved where they
   * are so already.
   */
  Activation as(Activation a, int c, int h, int w) {
    Chw view = new Chw(c, h, w);
    if (a.view().equals(view)) {
      return a;
    }
    Activation known = views.get(List.of(a.name(), view));
    if (known == null) {
      known =
          add(
              a.name() + "_view",
              "reshape",
              Map.of("channels", c, "height", h, "width", w),
              item(a.dims()),
              a);
      views.put(List.of(a.name(), view), known);
    }
    return known.withDims(a.dims());
  }

  /**
   * Returns the elements in another order: what axis {@code order[i]} of the result's view is.
   *
   * @param order a permutation of 0, 1, 2: channels, height, width
   */
  Activation permuted(Activation a, String hint, List<Integer> order) {
    Chw x = a.view();
    List<Integer> extents = List.of(x.c(), x.h(), x.w());
    List<Integer> made = order.stream().map(extents::get).toList();
    StringBuilder word = new StringBuilder();
    order.forEach(axis -> word.append("chw".charAt(axis)));
    return add(hint, "permute", Map.of("order", word.toString()), made, a);
  }

  Map<String, Chw> inputs() {
    return inputs;
  }

  /** Returns the layers in the order they were added; may be changed. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Returns the values of all parameters by the names under which they are stored; may change. */
  Map<String, Values> weights() {
    return weights;
  }

  Signature signature(String layer) {
    return signatures.get(layer);
  }

  /** Forgets an input that nothing reads. */
  void dropInput(String name) {
    inputs.remove(name);
  }
}
