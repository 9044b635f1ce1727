package org.lamina.formats.cfg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Unsupported;
import org.lamina.layer.Concat;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.network.Augmentation;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Setting;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;
import org.lamina.weights.Printable;

/** Puts a network of cuda-convnet's together; used once. */
final class ConvnetNetwork {

  private static final String INPUT = "input";

  /**
   * What a section came to be.
   *
   * @param node the last of its layers
   * @param shape what that gives; empty if a layer before it has no form here
   * @param device where it belongs
   */
  record Value(String node, Optional<Chw> shape, Optional<String> device) {}

  private final Sections layers;
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private final Map<String, Section> params = new LinkedHashMap<>();
  private final ImportOptions options;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<List<String>, Value> joined = new LinkedHashMap<>();
  private final List<Unsupported> unsupported = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final boolean severalDevices;

  ConvnetNetwork(Sections layers, Optional<Sections> params, ImportOptions options) {
    this.layers = layers;
    this.options = options;
    for (Section section : layers.all()) {
      if (sections.put(section.name(), section) != null) {
        throw new FormatException(
            "%s:%d: there are two layers '%s'"
                .formatted(layers.file(), section.line(), Printable.text(section.name())));
      }
      section.requireKnown(ConvnetLayers.KEYS);
    }
    params.ifPresent(all -> all.all().forEach(one -> this.params.put(one.name(), one)));
    this.params.values().forEach(one -> one.requireKnown(ConvnetTraining.KEYS));
    severalDevices =
        sections.values().stream()
                .map(s -> s.text("gpu", ""))
                .filter(g -> !g.isEmpty())
                .distinct()
                .count()
            > 1;
  }

  /**
   * Returns the network: the layers that its costs depend on.
   *
   * @throws FormatException if something is wrong or has no form here
   */
  Network build() {
    List<Section> costs =
        sections.values().stream().filter(s -> s.text("type").startsWith("cost.")).toList();
    for (Section cost : costs) {
      List<String> inputs = inputs(cost);
      value(inputs.get(inputs.size() - 1), cost);
    }
    if (costs.isEmpty()) {
      sections.values().stream()
          .filter(s -> !s.text("type").equals("data"))
          .forEach(s -> value(s.name(), s));
    }
    if (!unsupported.isEmpty()) {
      throw FormatException.unsupported(layers.file(), "cuda-convnet", unsupported);
    }
    List<String> unread =
        sections.keySet().stream()
            .filter(name -> !values.containsKey(name) && !isData(name) && !isCost(name))
            .toList();
    if (!unread.isEmpty()) {
      remarks.add("left out what no cost depends on: " + Printable.text(String.join(", ", unread)));
    }
    try {
      Network network =
          Network.of(
              options.name().orElse(ConvnetLayers.name(layers.file())),
              Map.of(INPUT, input()),
              entries.values(),
              Preprocessing.NONE);
      return network.with(training(network, costs));
    } catch (NetworkException e) {
      throw new FormatException(layers.file() + ": " + e.getMessage(), e);
    }
  }

  private Training training(Network network, List<Section> costs) {
    Optional<String> loss =
        costs.stream().anyMatch(cost -> cost.text("type").equals("cost.logreg"))
            ? Optional.of("softmax_cross_entropy")
            : Optional.empty();
    Map<String, Setting> recipe = ConvnetTraining.of(network, params);
    if (!recipe.isEmpty()) {
      remarks.add(
          "learning rates are those of the moment when the file was saved; its notes say how they were changed by hand");
    }
    return new Training(
        loss, new Setting.Fields(recipe, Setting.Written.NOWHERE), Augmentation.NONE);
  }

  private boolean isData(String name) {
    return sections.get(name).text("type").equals("data");
  }

  private boolean isCost(String name) {
    return sections.get(name).text("type").startsWith("cost.");
  }

  private Chw input() {
    return options
        .input()
        .orElseThrow(
            () ->
                new FormatException(
                    layers.file()
                        + ": does not say how large a picture is; give the shape of the input, such as 3,224,224"));
  }

  private List<String> inputs(Section section) {
    List<String> inputs = section.list("inputs");
    if (inputs.isEmpty()) {
      throw new FormatException(
          "%s:%d: '%s' has no 'inputs'"
              .formatted(layers.file(), section.line(), Printable.text(section.name())));
    }
    return inputs;
  }

  /** Returns what a section is, after making it and all that it depends on. */
  private Value value(String name, Section reader) {
    Section section = sections.get(name);
    if (section == null || isCost(name)) {
      String shown = Printable.text(name);
      throw new FormatException(
          "%s:%d: '%s' reads '%s', which is no layer%s"
              .formatted(
                  layers.file(),
                  reader.line(),
                  Printable.text(reader.name()),
                  shown,
                  Names.suggest(shown, sections.keySet())));
    }
    if (isData(name)) {
      return new Value(INPUT, Optional.of(input()), Optional.empty());
    }
    if (!values.containsKey(name)) {
      if (!open.add(name)) {
        throw new FormatException(
            "%s:%d: '%s' depends on itself"
                .formatted(layers.file(), section.line(), Printable.text(name)));
      }
      List<Value> read = new ArrayList<>();
      inputs(section).forEach(input -> read.add(value(input, section)));
      values.put(name, make(section, read));
    }
    return values.get(name);
  }

  private Value make(Section section, List<Value> read) {
    try {
      return ConvnetLayers.make(
          section, Optional.ofNullable(params.get(section.name())), read, this);
    } catch (Unfit | InvalidParameterException | ArithmeticException e) {
      unsupported.add(
          new Unsupported(
              section.name(),
              section.text("type"),
              "%s, line %d".formatted(e.getMessage(), section.line())));
      return new Value("", Optional.empty(), Optional.empty());
    }
  }

  // --- what layers are made with
  // ------------------------------------------------------------------

  /** Returns where a layer belongs: where it says, or where what it reads belongs. */
  private Optional<String> device(Section section, List<Value> read) {
    if (!severalDevices) {
      return Optional.empty();
    }
    if (section.has("gpu")) {
      return Optional.of("gpu" + section.wholes("gpu").get(0));
    }
    Set<Optional<String>> devices = new LinkedHashSet<>();
    read.forEach(value -> devices.add(value.device()));
    return devices.size() == 1 ? devices.iterator().next() : Optional.empty();
  }

  /** Adds a layer of a section. */
  Value add(Section section, String suffix, Layer layer, List<Value> from) {
    String name = (section.name() + suffix).replaceAll("[^A-Za-z0-9_./:+-]", "_");
    return add(name, layer, from, device(section, from));
  }

  private Value add(String name, Layer layer, List<Value> from, Optional<String> device) {
    String free = name.matches("[A-Za-z0-9_].*") ? name : "_" + name;
    for (int i = 2; entries.containsKey(free) || free.equals(INPUT); i++) {
      free = name + "_" + i;
    }
    List<Chw> shapes = from.stream().flatMap(value -> value.shape().stream()).toList();
    Optional<Chw> shape =
        shapes.size() == from.size() ? Optional.of(layer.infer(shapes).output()) : Optional.empty();
    entries.put(free, new Entry(free, layer, from.stream().map(Value::node).toList(), device));
    return new Value(free, shape, device);
  }

  /** Returns the inputs of a layer one after the other; the same ones only once. */
  Value joined(Section section, List<Value> read) {
    if (read.size() == 1) {
      return read.get(0);
    }
    List<String> inputs = inputs(section);
    List<String> reversed = new ArrayList<>(inputs);
    Collections.reverse(reversed);
    if (!joined.containsKey(inputs)) {
      boolean swapped = joined.containsKey(reversed);
      String prefix = commonPrefix(inputs);
      String name = prefix.isEmpty() ? section.name() + "_inputs" : prefix;
      // What only one layer reads in this order belongs where that is.
      Optional<String> device = swapped ? device(section, read) : Optional.empty();
      joined.put(inputs, add(swapped ? name + "_swapped" : name, new Concat(), read, device));
    }
    return joined.get(inputs);
  }

  private static String commonPrefix(List<String> names) {
    String prefix = names.get(0);
    for (String name : names) {
      while (!name.startsWith(prefix)) {
        prefix = prefix.substring(0, prefix.length() - 1);
      }
    }
    return prefix.replaceAll("[^A-Za-z0-9_./:+-]", "_");
  }

  void remark(String remark) {
    if (!remarks.contains(remark)) {
      remarks.add(remark);
    }
  }

  List<String> remarks() {
    return remarks;
  }
}
