package org.lamina.yaml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.lamina.network.Names;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Scalar;

/** The variables that {@code let} declares; each is evaluated when it is first asked for. */
final class Variables implements Scope {

  /** How many variables may be defined by way of each other; keeps the recursion short. */
  private static final int MAX_CHAIN = 32;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, Field> declared;
  private final Map<String, Field> first;
  private final Map<String, Literal> known = new HashMap<>();
  private final Map<String, Fault> failed = new HashMap<>();
  private final Set<String> open = new LinkedHashSet<>();
  private final Set<String> used = new HashSet<>();
  private List<String> unused = List.of();

  /**
   * Refuses what cannot be named in an expression.
   *
   * @param what what it would name
   * @throws Fault if the key is no such name
   */
  static void requireName(String what, Field field) {
    if (!NAME.matcher(field.key()).matches()) {
      throw new Fault(
          field.place(),
          "%s's name must be letters, digits and _ and not begin with a digit, but is '%s'"
              .formatted(what, field.key()));
    }
  }

  /**
   * Makes the variables.
   *
   * @param declared what each is
   * @param first what each was declared as, which gives it its type
   */
  Variables(Map<String, Field> declared, Map<String, Field> first) {
    this.declared = new LinkedHashMap<>(declared);
    this.first = first;
  }

  /** Remembers what nothing has asked for until now, before all are evaluated to be checked. */
  void rememberUnused() {
    unused = declared.keySet().stream().filter(name -> !used.contains(name)).toList();
  }

  /** Returns the variables that nothing uses. */
  List<String> unused() {
    return unused;
  }

  /** Returns whether an expression that was evaluated named the variable. */
  boolean isUsed(String name) {
    return used.contains(name);
  }

  /**
   * Returns the value of a variable.
   *
   * @param at where it is named
   * @throws Fault if there is no such variable or its own definition is at fault
   */
  @Override
  public Literal get(String name, Place at) {
    used.add(name);
    return value(name, at);
  }

  /** Evaluates what was given another value, so that one of another type is not a layer's fault. */
  void checkTypes(Problems problems) {
    for (Field field : declared.values()) {
      if (first.get(field.key()) != field) {
        problems.attempt(() -> value(field.key(), field.place()));
      }
    }
  }

  private Literal value(String name, Place at) {
    if (failed.containsKey(name)) {
      throw failed.get(name); // the same again, so that it is reported once
    }
    Literal value = known.get(name);
    if (value == null) {
      value = evaluate(name, at);
      known.put(name, value);
    }
    return value;
  }

  private Literal evaluate(String name, Place at) {
    Field field = declared.get(name);
    if (field == null) {
      String hint =
          declared.isEmpty() ? "; 'let' declares none" : Names.suggest(name, declared.keySet());
      throw new Fault(at, "there is no variable '%s'%s".formatted(name, hint));
    }
    requireShortChain(name, at);
    if (!(field.value() instanceof Scalar scalar) || scalar.isNothing()) {
      throw new Fault(
          field.value().place(),
          "a variable must be a number, a word or true or false, but '%s' is %s"
              .formatted(name, field.value().describe()));
    }
    open.add(name);
    try {
      Literal value = resolve(scalar);
      requireType(field, value);
      return value;
    } catch (Fault fault) {
      failed.put(name, fault);
      throw fault;
    } finally {
      open.remove(name);
    }
  }

  /** A file that derives a network may give a variable another value, but not another type. */
  private void requireType(Field field, Literal value) {
    Field declaration = first.get(field.key());
    if (declaration != field
        && declaration.value() instanceof Scalar type
        && !type.isNothing()
        && !type.isExpression()) {
      try {
        Kind.of(type, Literal.of(type)).require(field.key(), value, field.value());
      } catch (Fault fault) {
        throw new Fault(
            fault.place(),
            "%s; it is declared as %s at %s"
                .formatted(fault.getMessage(), type.describe(), declaration.place()));
      }
    }
  }

  private void requireShortChain(String name, Place at) {
    if (open.contains(name)) {
      throw new Fault(
          at,
          "the variable '%s' is defined by way of itself: %s → %s"
              .formatted(name, String.join(" → ", open), name));
    }
    if (open.size() >= MAX_CHAIN) {
      throw new Fault(
          at, "more than %d variables are defined by way of each other".formatted(MAX_CHAIN));
    }
  }
}
