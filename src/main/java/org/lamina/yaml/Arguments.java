package org.lamina.yaml;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;

/**
 * What the arguments of a block are in one use of it, and beyond them the variables. They are
 * looked up in the use when they are asked for, so that a use may still be edited.
 */
final class Arguments implements Scope {

  private final Item use;
  private final int index;
  private final Block block;
  private final Scope variables;
  private final Map<String, Literal> known = new HashMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  /**
   * Makes the arguments of one use.
   *
   * @param use the layer that uses the block
   * @param index which use of a repeat it is, from 0
   */
  Arguments(Item use, int index, Block block, Scope variables) {
    this.use = use;
    this.index = index;
    this.block = block;
    this.variables = variables;
  }

  Item use() {
    return use;
  }

  Block block() {
    return block;
  }

  /** Forgets what has been looked up, because the use may have changed. */
  void forget() {
    known.clear();
  }

  /** Returns the scope of the use itself. */
  Scope outside() {
    return use.scope().<Scope>map(scope -> scope).orElse(variables);
  }

  @Override
  public Literal get(String name, Place at) {
    if (!block.arguments().containsKey(name)) {
      return variables.get(name, at);
    }
    Literal value = known.get(name);
    if (value == null) {
      if (!open.add(name)) {
        throw new Fault(
            at,
            "the argument '%s' is defined by way of itself: %s → %s"
                .formatted(name, String.join(" → ", open), name));
      }
      try {
        value = evaluate(name);
      } finally {
        open.remove(name);
      }
      known.put(name, value);
    }
    return value;
  }

  private Literal evaluate(String name) {
    Field declared = block.arguments().get(name);
    Optional<Field> given = given(name);
    Optional<Kind> required = Kind.named(declared.value());
    if (given.isEmpty()) {
      if (required.isPresent()) {
        throw new Fault(
            use.place(),
            "'%s' is missing; the block %s cannot do without it".formatted(name, block.name()));
      }
      return literal(name, declared.value(), this);
    }
    Literal value = literal(name, given.get().value(), outside());
    required
        .orElseGet(() -> Kind.of(declared.value(), literal(name, declared.value(), this)))
        .require(name, value, given.get().value());
    return value;
  }

  private static Literal literal(String name, Value value, Scope scope) {
    if (value instanceof Scalar scalar && !scalar.isNothing()) {
      return scope.resolve(scalar);
    }
    throw new Fault(
        value.place(),
        "%s must be a number, a word or true or false, but is %s"
            .formatted(name, value.describe()));
  }

  /** Returns what the use says: for the last of a repeat, for the first, or for all. */
  Optional<Field> given(String name) {
    if (!use.isRepeat()) {
      return Optional.ofNullable(use.fields().get(name));
    }
    Optional<Field> found = Optional.empty();
    if (index == use.branches().size() - 1) {
      found = in("last", name);
    }
    if (found.isEmpty() && index == 0) {
      found = in("first", name);
    }
    return found.or(() -> in("with", name));
  }

  private Optional<Field> in(String key, String name) {
    Field field = use.fields().get(key);
    return field != null && field.value() instanceof Mapping mapping
        ? Optional.ofNullable(mapping.fields().get(name))
        : Optional.empty();
  }

  /** Evaluates all arguments, also those that nothing uses. */
  void check(Problems problems) {
    for (String name : List.copyOf(block.arguments().keySet())) {
      problems.attempt(() -> get(name, use.place()));
    }
  }
}
