package org.lamina.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A piece of the description of a training, as its file says it: plain data, which nothing here
 * understands. Equal settings have equal values; where they were written does not matter.
 */
public sealed interface Setting {

  /** Returns where it was written. */
  Written at();

  /**
   * Returns the value as a {@code Double}, {@code Boolean}, {@code String}, list or map of such.
   */
  Object plain();

  /**
   * Where something was written. All are equal, so that equal settings of two files are equal.
   *
   * @param place {@code file:line:column}, counted from 1; empty if it was not read from a file
   */
  record Written(String place) {

    /** What was not read from a file. */
    public static final Written NOWHERE = new Written("");

    @Override
    public boolean equals(Object other) {
      return other instanceof Written;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** A finite number. */
  record Number(double value, Written at) implements Setting {
    @Override
    public Object plain() {
      return value;
    }
  }

  /** True or false. */
  record Truth(boolean value, Written at) implements Setting {
    @Override
    public Object plain() {
      return value;
    }
  }

  /** A word or text. */
  record Text(String value, Written at) implements Setting {
    @Override
    public Object plain() {
      return value;
    }
  }

  /** A list. */
  record Items(List<Setting> items, Written at) implements Setting {

    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public Object plain() {
      return items.stream().map(Setting::plain).toList();
    }
  }

  /** A mapping, in the order of the file; also what is there but empty. */
  record Fields(Map<String, Setting> fields, Written at) implements Setting {

    /** Copies the map, keeping its order. */
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public Object plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      fields.forEach((key, value) -> plain.put(key, value.plain()));
      return plain;
    }
  }
}
