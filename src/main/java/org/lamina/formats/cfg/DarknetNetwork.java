package org.lamina.formats.cfg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Unsupported;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.layer.Softmax;
import org.lamina.network.Augmentation;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.ResizeShorter;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Setting;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;

/** Puts a network of Darknet's together; used once. */
final class DarknetNetwork {

  private static final String INPUT = "input";

  /** Heads that make boxes of what they read, and costs. */
  private static final Set<String> HEADS = Set.of("yolo", "region", "detection", "cost");

  /**
   * What a section came to be.
   *
   * @param node the last of its layers
   * @param shape what that gives; empty if a layer before it has no form here
   */
  record Value(String node, Optional<Chw> shape) {}

  private final Sections sections;
  private final Section net;
  private final ImportOptions options;
  private final List<Value> values = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> order = new ArrayList<>();
  private final List<Unsupported> unsupported = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private Chw input;

  DarknetNetwork(Sections sections, ImportOptions options) {
    this.sections = sections;
    this.net = sections.all().get(0);
    this.options = options;
  }

  /**
   * Returns the network.
   *
   * @throws FormatException if something is wrong or has no form here
   */
  Network build() {
    try {
      input = new Chw(net.whole("channels", 3), net.whole("height"), net.whole("width"));
    } catch (IllegalArgumentException e) {
      throw new FormatException(sections.file() + ": " + e.getMessage());
    }
    for (Section section : sections.all().subList(1, sections.all().size())) {
      values.add(make(section));
    }
    if (!unsupported.isEmpty()) {
      throw FormatException.unsupported(sections.file(), "Darknet", unsupported);
    }
    try {
      Network network =
          Network.of(
              options.name().orElse(ConvnetLayers.name(sections.file())),
              Map.of(INPUT, input),
              entries,
              preprocessing());
      Map<String, Setting> recipe = DarknetTraining.of(net, remarks);
      return network.with(
          new Training(
              classifies() ? Optional.of("softmax_cross_entropy") : Optional.empty(),
              new Setting.Fields(recipe, Setting.Written.NOWHERE),
              Augmentation.NONE));
    } catch (NetworkException e) {
      throw new FormatException(sections.file() + ": " + e.getMessage(), e);
    }
  }

  private boolean classifies() {
    return entries.stream().anyMatch(entry -> entry.layer() instanceof Softmax);
  }

  /** Darknet's pictures are red, green, blue, from 0 to 1. */
  private Preprocessing preprocessing() {
    if (input.c() != 3) {
      return Preprocessing.NONE;
    }
    Scale scale = new Scale(1 / 255.0);
    if (classifies() && input.h() == input.w()) {
      return new Preprocessing(
          List.of(new ResizeShorter(input.h()), new CenterCrop(input.h(), input.w()), scale));
    }
    remarks.add(
        "Darknet keeps the proportions of pictures and fills the rest with grey; here they are stretched");
    return new Preprocessing(List.of(new Resize(input.h(), input.w()), scale));
  }

  private Value make(Section section) {
    try {
      if (HEADS.contains(section.name())) {
        if (!section.name().equals("cost")) {
          remarks.add(
              "[%s] in line %d is left out; the network gives what it reads"
                  .formatted(section.name(), section.line()));
        }
        return last();
      }
      return DarknetLayers.make(section, this);
    } catch (Unfit | InvalidParameterException | ArithmeticException e) {
      unsupported.add(
          new Unsupported("[" + section.name() + "]", "line " + section.line(), e.getMessage()));
      return new Value("", Optional.empty());
    }
  }

  // --- what layers are made with
  // ------------------------------------------------------------------

  /** Returns what the section before gives. */
  Value last() {
    return values.isEmpty() ? new Value(INPUT, Optional.of(input)) : values.get(values.size() - 1);
  }

  /** Returns what a section gives: counted from 0, or back from the one that asks. */
  Value at(int index) {
    int absolute = index < 0 ? values.size() + index : index;
    Unfit.unless(
        absolute >= 0 && absolute < values.size(),
        "reads the layer %d, which does not come before it",
        index);
    return values.get(absolute);
  }

  /** Returns the next name for a kind of layer: conv1, conv2. */
  String name(String kind) {
    return kind + counts.merge(kind, 1, Integer::sum);
  }

  /** Adds a layer. */
  Value add(String name, Layer layer, List<Value> from) {
    List<Chw> shapes = from.stream().flatMap(value -> value.shape().stream()).toList();
    Optional<Chw> shape =
        shapes.size() == from.size() ? Optional.of(layer.infer(shapes).output()) : Optional.empty();
    entries.add(new Entry(name, layer, from.stream().map(Value::node).toList(), Optional.empty()));
    return new Value(name, shape);
  }

  /** Says which parameters come next in the file of weights. */
  void weights(String... names) {
    order.addAll(List.of(names));
  }

  /** Makes the first layer, which cuts pictures, a matter of the input. */
  void crop(int height, int width) {
    Unfit.unless(values.isEmpty(), "crops what is no picture");
    input = new Chw(input.c(), height, width);
  }

  void remark(String remark) {
    if (!remarks.contains(remark)) {
      remarks.add(remark);
    }
  }

  /** Returns the parameters in the order of the file of weights. */
  List<String> order() {
    return order;
  }

  List<String> remarks() {
    return remarks;
  }
}
