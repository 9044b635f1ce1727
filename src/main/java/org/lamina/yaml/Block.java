package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/**
 * Layers that are used several times, with arguments.
 *
 * @param name how it is called
 * @param place where it is defined
 * @param arguments what its expressions may name: each with its default, or the name of a type if
 *     it must be given
 * @param layers its layers, all with names; edits change them
 */
record Block(String name, Place place, Map<String, Field> arguments, List<Item> layers) {

  /** The type of a layer that stands for several uses of a block. */
  static final String REPEAT = "repeat";

  /** The key of a branch that is a shortcut where it can be one. */
  static final String CONDITIONAL = "when_shape_differs";

  /** Ends the name of a use that brings its own separator. */
  private static final String SEPARATORS = "./:_-+";

  /** What names of layers inside a use, or the n-th of a repeat, begin with. */
  static String prefix(String use) {
    boolean separated = SEPARATORS.indexOf(use.charAt(use.length() - 1)) >= 0;
    return separated ? use : use + ".";
  }

  /** Returns what the names inside the n-th use (from 1) of a repeat begin with. */
  static String prefix(String repeat, int n) {
    String prefix = prefix(repeat);
    return prefix + n + prefix.charAt(prefix.length() - 1);
  }

  /**
   * Returns copies of the layers for one use.
   *
   * @param prefix goes before each name
   * @param scope what their expressions name
   */
  List<Item> instantiate(String prefix, Arguments scope) {
    Set<String> local = new HashSet<>();
    Item.walk(layers, item -> item.name().ifPresent(local::add));
    Set<String> inside = local.stream().map(Block::prefix).collect(Collectors.toUnmodifiableSet());
    return copies(layers, prefix, scope, local, inside);
  }

  private static List<Item> copies(
      List<Item> items, String prefix, Arguments scope, Set<String> local, Set<String> inside) {
    List<Item> copies = new ArrayList<>();
    for (Item item : items) {
      List<Branch> branches = new ArrayList<>();
      for (Branch branch : item.branches()) {
        branches.add(branch.with(copies(branch.layers(), prefix, scope, local, inside)));
      }
      Item copy = new Item(item.type(), item.place(), branches);
      copy.name(prefix + item.name().orElseThrow(), item.namePlace());
      copy.setAll(item);
      copy.scope(scope);
      if (item.isFlawed()) {
        copy.flaw();
      }
      Field from = item.fields().get("from");
      if (from != null) {
        Value names = renamed(from.value(), prefix, local, inside);
        copy.set(new Field(from.place(), from.key(), names));
      }
      copies.add(copy);
    }
    return copies;
  }

  /** Layers of a block name each other as if there were nothing else. */
  private static Value renamed(Value value, String prefix, Set<String> local, Set<String> inside) {
    if (value instanceof Sequence list) {
      return new Sequence(
          list.place(),
          list.items().stream().map(item -> renamed(item, prefix, local, inside)).toList());
    }
    if (value instanceof Scalar name
        && (local.contains(name.text()) || inside.stream().anyMatch(name.text()::startsWith))) {
      return new Scalar(name.place(), prefix + name.text(), name.plain());
    }
    return value;
  }
}
