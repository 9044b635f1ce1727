package org.lamina.formats.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stack of the machine that a pickle is a program for, and what it remembers. */
final class PickleStack {

  /** Bounds the memory: a state dict of a thousand tensors has some 30,000 values. */
  private static final int MOST_VALUES = 1 << 19;

  private static final Object MARK = new char[0];

  private final PickleInput in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int values;

  PickleStack(PickleInput in) {
    this.in = in;
  }

  boolean isEmpty() {
    return stack.isEmpty();
  }

  void remember(long index) {
    count();
    memo.put(index, top());
  }

  Object recall(long index) {
    Object value = memo.get(index);
    if (value == null) {
      throw in.bad("nothing is remembered as " + index + "; the file is damaged");
    }
    return value;
  }

  private void count() {
    if (++values > MOST_VALUES) {
      throw in.bad("the pickle has more than " + MOST_VALUES + " values; at most so many are read");
    }
  }

  /** Begins a row of values that {@link #marked} takes. */
  void mark() {
    push(MARK);
  }

  /** Returns how many values are remembered. */
  long remembered() {
    return memo.size();
  }

  void push(Object value) {
    count();
    stack.add(value);
  }

  Object top() {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
      throw in.bad("the pickle takes a value that is not there; the file is damaged");
    }
    return stack.get(stack.size() - 1);
  }

  Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  /** Takes so many values off the stack. */
  List<Object> last(int count) {
    Object[] items = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return List.of(items);
  }

  /** Takes the values above the last mark off the stack, and the mark. */
  List<Object> marked() {
    List<Object> items = new ArrayList<>();
    while (!stack.isEmpty()) {
      Object value = stack.remove(stack.size() - 1);
      if (value == MARK) {
        Collections.reverse(items);
        return items;
      }
      items.add(value);
    }
    throw in.bad("the pickle takes values up to a mark that is not there; the file is damaged");
  }

  @SuppressWarnings("unchecked") // a list of ours holds anything
  List<Object> list() {
    if (!(top() instanceof ArrayList)) {
      throw in.bad("the pickle appends to something that is no list; the file is damaged");
    }
    return (List<Object>) top();
  }

  @SuppressWarnings("unchecked") // a map of ours holds anything
  void put(List<Object> items) {
    if (!(top() instanceof LinkedHashMap)) {
      throw in.bad("the pickle sets an entry of something that is no dictionary; it is damaged");
    }
    if (items.size() % 2 != 0) {
      throw in.bad("a dictionary has a key without a value; the file is damaged");
    }
    Map<Object, Object> map = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      map.put(key(items.get(i)), items.get(i + 1));
      count();
    }
  }

  /** Keys that have parts are compared by identity: their hash could take for ever. */
  private static Object key(Object value) {
    boolean plain =
        value instanceof String
            || value instanceof Number
            || value instanceof Boolean
            || value == Pickle.NONE;
    return plain ? value : new Key(value);
  }

  /** A key that equals only itself. */
  private static final class Key {
    private final Object value;

    Key(Object value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return "a key of " + value.getClass().getSimpleName();
    }
  }
}
