package org.lamina.yaml;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects what is wrong with a network's files, so that all of it is reported at once. */
final class Problems {

  /** After so many, more would not be read. */
  private static final int MAX = 50;

  private record Known(Place place, String problem) {}

  private final String where;
  private final List<NetworkFileException.Problem> found;
  private final Set<Known> known;

  Problems() {
    this("", new ArrayList<>(), new LinkedHashSet<>());
  }

  private Problems(String where, List<NetworkFileException.Problem> found, Set<Known> known) {
    this.where = where;
    this.found = found;
    this.known = known;
  }

  /** Returns a view of this collection that puts {@code where} before each message. */
  Problems in(String where) {
    return new Problems(where, found, known);
  }

  /**
   * Adds a problem; one that is known already, perhaps by way of another layer, is left out.
   *
   * @throws NetworkFileException with what there is so far, if there are too many to go on
   */
  void add(Place place, String problem) {
    add(place, problem, List.of());
  }

  /**
   * Adds a problem with what led to it.
   *
   * @param causes lines that are shown below the excerpt
   * @throws NetworkFileException with what there is so far, if there are too many to go on
   */
  void add(Place place, String problem, List<String> causes) {
    if (known.add(new Known(place, problem))) {
      found.add(
          new NetworkFileException.Problem(
              place.source().label(),
              place.line() + 1,
              place.column() + 1,
              printable(where + problem),
              String.join("\n  ", concat(place.excerpt(), causes))));
      if (found.size() == MAX) {
        throw new NetworkFileException(found);
      }
    }
  }

  private static List<String> concat(String first, List<String> others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return all;
  }

  /** A quoted text may hold anything; on a terminal it must neither begin a line nor do tricks. */
  private static String printable(String message) {
    return message.codePoints().anyMatch(Character::isISOControl)
        ? message.replaceAll("\\p{Cc}", "\ufffd")
        : message;
  }

  void add(Fault fault) {
    add(fault.place(), fault.getMessage());
  }

  /** Returns what the action returns, or nothing if it fails, which is then a problem. */
  <T> Optional<T> attempt(Supplier<T> action) {
    try {
      return Optional.of(action.get());
    } catch (Fault fault) {
      add(fault);
      return Optional.empty();
    }
  }

  /** Returns the number of problems so far. */
  int size() {
    return found.size();
  }

  /**
   * Ends the reading if anything is wrong.
   *
   * @throws NetworkFileException if there is a problem
   */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new NetworkFileException(found);
    }
  }
}
