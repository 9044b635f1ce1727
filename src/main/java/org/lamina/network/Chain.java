package org.lamina.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;

/** A list of layers that may be changed, and becomes a network in the end. */
final class Chain {

  /** A layer in the list; fields that were set are put into it at the end, all together. */
  static final class Link {
    private final Layer layer;
    private final List<List<Link>> branches = new ArrayList<>();
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private Optional<String> name;
    private List<String> from;
    private Optional<String> device;

    Link(Draft draft) {
      layer = draft.layer();
      name = draft.name();
      from = draft.from();
      device = draft.device();
      draft.branches().forEach(branch -> branches.add(links(branch)));
    }

    Layer layer() {
      return layer;
    }

    String name() {
      return name.orElseThrow();
    }

    void nameUnlessNamed(String inherited) {
      name = name.or(() -> Optional.of(inherited));
    }

    List<String> from() {
      return from;
    }

    void from(List<String> names) {
      from = names;
    }

    void device(String label) {
      device = Optional.of(label);
    }

    void set(String key, Object value) {
      fields.put(key, value);
    }

    List<List<Link>> branches() {
      return branches;
    }

    private Layer changed() {
      try {
        return fields.isEmpty() ? layer : Layers.with(layer, fields);
      } catch (InvalidParameterException e) {
        throw new NetworkException(name(), e.parameter(), e.getMessage());
      }
    }
  }

  private final List<Link> links = new ArrayList<>();
  private final Map<String, String> fates = new HashMap<>();

  /** Returns the list, to be changed. */
  List<Link> links() {
    return links;
  }

  static List<Link> links(List<Draft> drafts) {
    List<Link> links = new ArrayList<>();
    drafts.forEach(draft -> links.add(new Link(draft)));
    return links;
  }

  /** Remembers what an edit did to a layer, for example {@code removed}. */
  void edited(String layer, String how) {
    fates.put(layer, "; '%s' was %s by an edit".formatted(layer, how));
  }

  /** Returns what became of a layer by an edit, as the end of a message; empty if nothing. */
  String fate(String layer) {
    return fates.getOrDefault(layer, "");
  }

  /** Calls the action with every layer and those of its branches, each before its branches. */
  static void walk(List<Link> list, Consumer<Link> action) {
    for (Link link : list) {
      action.accept(link);
      link.branches.forEach(branch -> walk(branch, action));
    }
  }

  /** Names the layers without a name: {@code relu1} is the first such ReLU, unless it is taken. */
  void nameAll() {
    Set<String> taken = new HashSet<>();
    walk(links, link -> link.name.ifPresent(taken::add));
    Map<String, Integer> counters = new HashMap<>();
    walk(
        links,
        link -> {
          while (link.name.isEmpty()) {
            String type = link.layer.key();
            String name = type + counters.merge(type, 1, Integer::sum);
            link.name = taken.add(name) ? Optional.of(name) : Optional.empty();
          }
        });
  }

  /**
   * Makes the network.
   *
   * @throws NetworkException if the layers do not make one
   */
  Network network(String name, Map<String, Chw> inputs, Preprocessing preprocessing) {
    if (inputs.isEmpty()) {
      throw new NetworkException("", "input", "the network has no input");
    }
    nameAll();
    List<Entry> entries = new ArrayList<>();
    expand(
        links,
        inputs.size() == 1 ? Optional.of(inputs.keySet().iterator().next()) : Optional.empty(),
        entries);
    requireKnownFrom(inputs.keySet(), entries);
    return Network.of(name, inputs, entries, preprocessing);
  }

  /** Adds the layers of a list; returns the last, or where it begins if there is none. */
  private static Optional<String> expand(
      List<Link> list, Optional<String> start, List<Entry> entries) {
    Optional<String> last = start;
    for (Link link : list) {
      List<String> from = link.from.isEmpty() ? last.map(List::of).orElse(List.of()) : link.from;
      if (from.isEmpty()) {
        throw new NetworkException(
            link.name(),
            "from",
            "the network has several inputs, so its first layer must say 'from' which");
      }
      if (!link.branches.isEmpty()) {
        from = ends(link, from, entries);
      }
      entries.add(new Entry(link.name(), link.changed(), from, link.device));
      last = link.name;
    }
    return last;
  }

  private static List<String> ends(Link link, List<String> from, List<Entry> entries) {
    if (from.size() > 1) {
      throw new NetworkException(
          link.name(),
          "from",
          "branches begin at one layer, but 'from' names %d".formatted(from.size()));
    }
    List<String> ends = new ArrayList<>();
    for (List<Link> branch : link.branches) {
      ends.add(expand(branch, Optional.of(from.get(0)), entries).orElseThrow());
    }
    return ends;
  }

  /** What the network itself would find, but here it is known what edits removed. */
  private void requireKnownFrom(Set<String> inputs, List<Entry> entries) {
    Set<String> names = new LinkedHashSet<>(inputs);
    entries.forEach(entry -> names.add(entry.name()));
    for (Entry entry : entries) {
      for (String from : entry.from()) {
        if (!names.contains(from) && fates.containsKey(from)) {
          throw new NetworkException(
              entry.name(),
              "from",
              "there is no layer or input '%s'%s".formatted(from, fate(from)));
        }
      }
    }
  }
}
