package org.lamina.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;

/** Joins entries to a network and gives what {@link Network} complains about its place. */
final class Assembler {

  /** After so many complaints of the network, what is left is not looked at. */
  private static final int MAX_COMPLAINTS = 20;

  /** So many layers on the way to a mistake are shown. */
  private static final int MAX_CAUSES = 8;

  private final Expander expander;
  private final Description description;
  private final Problems problems;
  private final Map<String, Entry> entries;
  private final Map<String, List<String>> readers = new HashMap<>();

  Assembler(Expander expander, Description description, Problems problems) {
    this.expander = expander;
    this.description = description;
    this.problems = problems;
    entries = new LinkedHashMap<>(expander.entries());
  }

  /**
   * Makes the network. A layer that does not fit is added to the problems and taken out with all
   * that depend on it, so that mistakes elsewhere are found as well.
   *
   * @param inputs the shapes of the inputs that have one
   * @param inputNames the names of all inputs
   * @return the network; nothing if there is any problem
   */
  Optional<Network> assemble(
      String name, Map<String, Chw> inputs, List<String> inputNames, Preprocessing preprocessing) {
    for (Entry entry : entries.values()) {
      entry
          .from()
          .forEach(
              from -> readers.computeIfAbsent(from, key -> new ArrayList<>()).add(entry.name()));
    }
    requireKnownFrom(inputNames);
    List<String> failed = new ArrayList<>(expander.items().keySet());
    failed.addAll(inputNames);
    failed.removeIf(entries::containsKey);
    failed.removeIf(inputs::containsKey);
    takeOut(failed);
    for (int i = 0; i < MAX_COMPLAINTS && !entries.isEmpty() && !inputs.isEmpty(); i++) {
      try {
        Network network = Network.of(name, inputs, entries.values(), preprocessing);
        return problems.size() == 0 ? Optional.of(network) : Optional.empty();
      } catch (NetworkException e) {
        complain(e);
      }
    }
    return Optional.empty();
  }

  private void requireKnownFrom(List<String> inputs) {
    Set<String> names = new TreeSet<>(expander.items().keySet());
    names.addAll(inputs);
    for (Entry entry : List.copyOf(entries.values())) {
      for (String from : entry.from()) {
        if (!names.contains(from)) {
          Item item = expander.items().get(entry.name());
          String fate = description.fate(from);
          problems
              .in(item.where())
              .add(
                  expander.fields().placeOfFrom(item, from),
                  "there is no layer or input '%s'%s"
                      .formatted(from, fate.isEmpty() ? Names.suggest(from, names) : fate));
          entries.remove(entry.name());
        }
      }
      if (inputs.contains(entry.name())) {
        Item item = expander.items().get(entry.name());
        problems.in(item.where()).add(item.namePlace(), "the name is that of a network input");
        entries.remove(entry.name());
      }
    }
  }

  private void complain(NetworkException e) {
    Item item = expander.items().get(e.layer());
    StringBuilder message = new StringBuilder(e.getMessage());
    if (e.parameter().equals("from")) {
      message.append(description.fate(e.layer()));
      entries.get(e.layer()).from().forEach(from -> message.append(description.fate(from)));
    }
    problems.add(
        expander.fields().place(item, e.parameter()),
        message.toString(),
        causes(entries.get(e.layer())));
    takeOut(List.of(e.layer()));
  }

  /**
   * Returns how the shapes came about that a layer cannot read: the layers on the way from the
   * input that changed the shape, the nearest last.
   */
  private List<String> causes(Entry entry) {
    Map<String, Chw> shapes = expander.shapes();
    if (!shapes.keySet().containsAll(entry.from())
        || entry.from().stream().noneMatch(entries::containsKey)) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> waiting = new ArrayDeque<>(entry.from());
    while (!waiting.isEmpty() && lines.size() < MAX_CAUSES) {
      String name = waiting.remove();
      if (seen.add(name)) {
        Entry cause = entries.get(name);
        boolean direct = entry.from().contains(name);
        if (cause != null && cause.from().stream().allMatch(shapes::containsKey)) {
          waiting.addAll(cause.from());
          if (direct || !shapes.get(name).equals(shapes.get(cause.from().get(0)))) {
            lines.add(
                "%s: '%s' gives %s"
                    .formatted(expander.items().get(name).place(), name, shapes.get(name)));
          }
        } else if (cause == null) {
          Place place =
              description.inputPlace(name).orElse(expander.items().get(entry.name()).place());
          lines.add("%s: '%s' is %s".formatted(place, name, shapes.get(name)));
        }
      }
    }
    Collections.reverse(lines);
    return lines;
  }

  private void takeOut(Collection<String> names) {
    Deque<String> waiting = new ArrayDeque<>(names);
    waiting.forEach(entries::remove);
    while (!waiting.isEmpty()) {
      for (String reader : readers.getOrDefault(waiting.remove(), List.of())) {
        if (entries.remove(reader) != null) {
          waiting.add(reader);
        }
      }
    }
  }
}
