package org.lamina.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Layer;
import org.lamina.layer.Precision;
import org.lamina.network.Chain.Link;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;

/**
 * Derives a network from another one by naming what changes, as {@code edit} does in YAML.
 *
 * <pre>{@code
 * Network narrow =
 *     alexnet.edit()
 *         .named("alexnet-narrow")
 *         .set("conv1.filters", 64)
 *         .remove("norm1", "norm2")
 *         .insertAfter("pool5", Draft.of("drop5", Layers.of("dropout")))
 *         .replace("relu1", Layers.of("leaky_relu", Map.of("slope", 0.1)))
 *         .moveAfter("relu2", "pool2")
 *         .build();
 * }</pre>
 *
 * <p>The network to derive from is seen as the list that {@link Network#drafts} returns. Where a
 * layer is removed or inserted, the one after it reads the one that is then before it; what a layer
 * reads by {@code from} stays. An edit that hits nothing is a mistake. Every method changes the
 * edits and returns them; the network they began with stays as it is.
 */
public final class NetworkEdits {

  /** A layer and the list it is in. */
  private record Spot(Link link, List<Link> siblings) {
    int index() {
      return siblings.indexOf(link); // by identity
    }
  }

  private String name;
  private Map<String, Chw> inputs;
  private Preprocessing preprocessing;
  private final Training training;
  private Optional<Precision> precision;
  private final Chain chain = new Chain();
  private final Map<String, Spot> spots = new HashMap<>();

  NetworkEdits(Network network) {
    name = network.name();
    inputs = network.inputs();
    preprocessing = network.preprocessing();
    training = network.training();
    precision = network.precision();
    chain.links().addAll(Chain.links(network.drafts()));
    index(chain.links());
  }

  private void index(List<Link> links) {
    for (Link link : links) {
      spots.put(link.name(), new Spot(link, links));
      link.branches().forEach(this::index);
    }
  }

  /** Calls the network otherwise. */
  public NetworkEdits named(String newName) {
    name = newName;
    return this;
  }

  /**
   * Gives an input another shape.
   *
   * @throws NetworkException if there is no such input
   */
  public NetworkEdits input(String input, int channels, int height, int width) {
    if (!inputs.containsKey(input)) {
      throw new NetworkException(
          "",
          "input",
          "there is no input '%s'%s".formatted(input, Names.suggestOrList(input, inputs.keySet())));
    }
    inputs = new LinkedHashMap<>(inputs);
    inputs.put(input, new Chw(channels, height, width));
    return this;
  }

  /** Says anew how a picture becomes the input. */
  public NetworkEdits preprocess(Step... steps) {
    preprocessing = new Preprocessing(List.of(steps));
    return this;
  }

  /** Says anew how weights are to be stored on a device. */
  public NetworkEdits precision(Precision stored) {
    precision = Optional.of(stored);
    return this;
  }

  /**
   * Sets a field of a layer, or its {@code from} (a name or a list of them) or {@code device}.
   * Whether all fields of a layer fit each other is looked at in the end.
   *
   * @param field the layer and the field's YAML key: {@code conv1.filters}
   * @param value what YAML takes there, see {@link Layers}, or the component's own type
   * @throws NetworkException if there is no such layer or field, or it does not take the value
   */
  public NetworkEdits set(String field, Object value) {
    int dot = field.lastIndexOf('.');
    if (dot <= 0) {
      throw mistake(
          "set wants a layer and one of its fields, such as conv1.filters, but this is '%s'"
              .formatted(field));
    }
    FieldEdit.apply(spot(field.substring(0, dot)).link(), field.substring(dot + 1), value);
    return this;
  }

  /**
   * Removes layers, with their branches.
   *
   * @throws NetworkException if there is no such layer
   */
  public NetworkEdits remove(String... layers) {
    for (String layer : layers) {
      Spot spot = spot(layer);
      spot.siblings().remove(spot.index());
      forget(spot.link(), "removed");
    }
    return this;
  }

  /**
   * Inserts layers before another one.
   *
   * @throws NetworkException if there is no such layer, or one has the name of another
   */
  public NetworkEdits insertBefore(String layer, Draft... layers) {
    return insert(spot(layer), 0, layers);
  }

  /**
   * Inserts layers after another one.
   *
   * @throws NetworkException if there is no such layer, or one has the name of another
   */
  public NetworkEdits insertAfter(String layer, Draft... layers) {
    return insert(spot(layer), 1, layers);
  }

  private NetworkEdits insert(Spot anchor, int offset, Draft... drafts) {
    List<Link> links = Chain.links(List.of(drafts));
    requireFreeNames(List.of(drafts), Set.of());
    anchor.siblings().addAll(anchor.index() + offset, links);
    chain.nameAll();
    for (Link link : links) {
      spots.put(link.name(), new Spot(link, anchor.siblings()));
      link.branches().forEach(this::index);
    }
    return this;
  }

  /**
   * Puts another layer in the place of one; it keeps the name and what is read by {@code from}.
   *
   * @throws NetworkException if there is no such layer
   */
  public NetworkEdits replace(String layer, Layer with) {
    return replace(layer, Draft.of(with));
  }

  /**
   * Puts another layer in the place of one; it keeps the name and what is read by {@code from}
   * unless it says otherwise.
   *
   * @throws NetworkException if there is no such layer, or it has the name of another
   */
  public NetworkEdits replace(String layer, Draft with) {
    Spot spot = spot(layer);
    Set<String> gone = new HashSet<>();
    Chain.walk(List.of(spot.link()), old -> gone.add(old.name()));
    requireFreeNames(List.of(with), gone);
    forget(spot.link(), "replaced");
    Link link = new Link(with);
    link.nameUnlessNamed(layer);
    if (link.from().isEmpty()) {
      link.from(spot.link().from());
    }
    spot.siblings().set(spot.index(), link);
    chain.nameAll();
    spots.put(link.name(), new Spot(link, spot.siblings()));
    link.branches().forEach(this::index);
    return this;
  }

  /**
   * Moves a layer, with its branches.
   *
   * @param anchor the layer that comes after it
   * @throws NetworkException if there is no such layer, or the layer says what it reads
   */
  public NetworkEdits moveBefore(String layer, String anchor) {
    return move(layer, anchor, 0);
  }

  /**
   * Moves a layer, with its branches.
   *
   * @param anchor the layer that comes before it
   * @throws NetworkException if there is no such layer, or the layer says what it reads
   */
  public NetworkEdits moveAfter(String layer, String anchor) {
    return move(layer, anchor, 1);
  }

  private NetworkEdits move(String layer, String anchorName, int offset) {
    Spot spot = spot(layer);
    Spot anchor = spot(anchorName);
    List<Link> inside = new ArrayList<>();
    Chain.walk(List.of(spot.link()), inside::add);
    if (inside.contains(anchor.link())) {
      throw mistake("'%s' cannot be moved next to itself".formatted(layer));
    }
    if (!spot.link().from().isEmpty()) {
      throw mistake(
          "moving '%s' would change nothing, because it says what it reads; set %s.from instead"
              .formatted(layer, layer));
    }
    spot.siblings().remove(spot.index());
    anchor.siblings().add(anchor.index() + offset, spot.link());
    spots.put(layer, new Spot(spot.link(), anchor.siblings()));
    chain.edited(layer, "moved");
    return this;
  }

  private void forget(Link link, String how) {
    Chain.walk(
        List.of(link),
        gone -> {
          spots.remove(gone.name());
          chain.edited(gone.name(), how);
        });
  }

  private void requireFreeNames(List<Draft> drafts, Set<String> gone) {
    for (Draft draft : drafts) {
      String used = draft.name().orElse("");
      if (spots.containsKey(used) && !gone.contains(used)) {
        throw mistake("the name '%s' is that of another layer".formatted(used));
      }
      requireFreeNames(draft.branches().stream().flatMap(List::stream).toList(), gone);
    }
  }

  private Spot spot(String layer) {
    Spot spot = spots.get(layer);
    if (spot == null) {
      String hint = chain.fate(layer);
      throw mistake(
          "there is no layer '%s' to edit%s"
              .formatted(layer, hint.isEmpty() ? Names.suggest(layer, spots.keySet()) : hint));
    }
    return spot;
  }

  private static NetworkException mistake(String problem) {
    return new NetworkException("", "edit", problem);
  }

  /**
   * Returns the network that the edits make.
   *
   * @throws NetworkException if the layers do not fit each other
   */
  public Network build() {
    Network network = chain.network(name, inputs, preprocessing).with(training);
    return precision.map(network::with).orElse(network);
  }
}
