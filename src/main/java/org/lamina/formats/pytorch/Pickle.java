package org.lamina.formats.pytorch;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.lamina.weights.Printable;

/**
 * Reads what a Python pickle describes, of any protocol, without running any of it: plain values,
 * lists, dictionaries, and the few calls that make tensors. Whatever else a pickle wants to look up
 * or call is refused by its name.
 *
 * <p>A pickle is a program for a machine with a stack. Values become {@link Long}, {@link
 * BigInteger}, {@link Double}, {@link Boolean}, {@link String}, {@code byte[]}, {@link List}
 * (tuples too), {@link Map} and {@link StridedTensor}; Python's {@code None} is {@link #NONE}.
 *
 * <p>Source: the descriptions of the opcodes in Python's {@code pickletools}.
 */
final class Pickle {

  /** Python's None. */
  static final Object NONE = "None".toCharArray();

  private final PickleInput in;
  private final Function<Object, Object> persistent;
  private final PickleStack stack;

  private Pickle(PickleInput in, Function<Object, Object> persistent) {
    this.in = in;
    this.stack = new PickleStack(in);
    this.persistent = persistent;
  }

  /**
   * Reads one pickle.
   *
   * @param persistent makes a value of what the pickle calls a persistent id
   * @throws org.lamina.weights.WeightsException if it is damaged, or wants more than is allowed
   */
  static Object read(PickleInput in, Function<Object, Object> persistent) {
    return new Pickle(in, persistent).run();
  }

  private Object run() {
    while (true) {
      int code = in.byte1();
      if (code == '.') {
        Object result = stack.pop();
        if (!stack.isEmpty()) {
          throw in.bad("the pickle leaves values behind; the file is damaged");
        }
        return result;
      }
      if (!number(code) && !text(code) && !container(code) && !stackOrMemo(code)) {
        named(code);
      }
    }
  }

  private boolean number(int code) {
    switch (code) {
      case 'N' -> stack.push(NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'J' -> stack.push((long) in.int4());
      case 'K' -> stack.push((long) in.byte1());
      case 'M' -> stack.push((long) in.byte2());
      case 'G' -> stack.push(in.double8());
      case 0x8a -> stack.push(integer(in.bytes(in.byte1())));
      case 0x8b -> stack.push(integer(in.bytes(in.unsigned4())));
      case 'I' -> stack.push(writtenInteger(in.line()));
      case 'L' -> stack.push(writtenLong(in.line()));
      case 'F' -> stack.push(writtenFloat(in.line()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Two's complement, the lowest byte first. */
  private Object integer(byte[] bytes) {
    if (bytes.length > 64) {
      throw in.bad("a whole number of " + bytes.length + " bytes; at most 64 are read");
    }
    if (bytes.length == 0) {
      return 0L;
    }
    for (int i = 0; i < bytes.length / 2; i++) {
      byte swap = bytes[i];
      bytes[i] = bytes[bytes.length - 1 - i];
      bytes[bytes.length - 1 - i] = swap;
    }
    return plain(new BigInteger(bytes));
  }

  private static Object plain(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private Object writtenInteger(String text) {
    // Protocol 0 writes booleans so.
    return text.equals("01") ? (Object) true : text.equals("00") ? false : writtenLong(text);
  }

  private Object writtenLong(String text) {
    String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
    if (!digits.matches("-?[0-9]{1,150}")) {
      throw in.bad("'" + Printable.text(text) + "' is no whole number");
    }
    return plain(new BigInteger(digits));
  }

  private Object writtenFloat(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    try {
      return lower.endsWith("inf")
          ? (Object) (lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
          : Double.valueOf(lower.endsWith("nan") ? "NaN" : text);
    } catch (NumberFormatException e) {
      throw in.bad("'" + Printable.text(text) + "' is no number");
    }
  }

  private boolean text(int code) {
    switch (code) {
      case 'X', 'T' -> stack.push(in.text(in.unsigned4()));
      case 0x8c, 'U' -> stack.push(in.text(in.byte1()));
      case 0x8d -> stack.push(in.text(in.int8()));
      case 'B' -> stack.push(in.bytes(in.unsigned4()));
      case 'C' -> stack.push(in.bytes(in.byte1()));
      case 0x8e, 0x96 -> stack.push(in.bytes(in.int8()));
      case 'S' -> stack.push(quoted(in.line()));
      case 'V' -> stack.push(in.line());
      default -> {
        return false;
      }
    }
    return true;
  }

  private String quoted(String line) {
    boolean quotes =
        line.length() >= 2
            && (line.charAt(0) == '\'' || line.charAt(0) == '"')
            && line.charAt(line.length() - 1) == line.charAt(0);
    if (!quotes) {
      throw in.bad("a text without its quotes; the file is damaged");
    }
    return line.substring(1, line.length() - 1);
  }

  private boolean container(int code) {
    switch (code) {
      case ']' -> stack.push(new ArrayList<>());
      case '}' -> stack.push(new LinkedHashMap<>());
      case ')' -> stack.push(List.of());
      case 't', 'l' -> stack.push(stack.marked());
      case 0x85 -> stack.push(stack.last(1));
      case 0x86 -> stack.push(stack.last(2));
      case 0x87 -> stack.push(stack.last(3));
      case 'd' -> {
        List<Object> items = stack.marked();
        stack.push(new LinkedHashMap<>());
        stack.put(items);
      }
      case 'a' -> {
        Object value = stack.pop();
        stack.list().add(value);
      }
      case 'e' -> {
        List<Object> items = stack.marked();
        stack.list().addAll(items);
      }
      case 's' -> stack.put(stack.last(2));
      case 'u' -> stack.put(stack.marked());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean stackOrMemo(int code) {
    switch (code) {
      case 0x80 -> protocol(in.byte1());
      case 0x95 -> in.int8(); // the length of a frame: only a help for buffering
      case '(' -> stack.mark();
      case '0' -> stack.pop();
      case '1' -> stack.marked();
      case '2' -> stack.push(stack.top());
      case 'q' -> stack.remember(in.byte1());
      case 'r' -> stack.remember(in.unsigned4());
      case 0x94 -> stack.remember(stack.remembered());
      case 'p' -> stack.remember(index(in.line()));
      case 'h' -> stack.push(stack.recall(in.byte1()));
      case 'j' -> stack.push(stack.recall(in.unsigned4()));
      case 'g' -> stack.push(stack.recall(index(in.line())));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void protocol(int version) {
    if (version > 5) {
      throw in.bad("the pickle is of protocol " + version + "; 0 to 5 are known");
    }
  }

  private long index(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw in.bad("'" + Printable.text(text) + "' is no place in the memo");
    }
    return Long.parseLong(text);
  }

  /** What looks something up by its name, or calls it. */
  private void named(int code) {
    switch (code) {
      case 'c' -> stack.push(global(in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = stack.last(2);
        stack.push(global(string(names.get(0)), string(names.get(1))));
      }
      case 'R' -> {
        List<Object> call = stack.last(2);
        stack.push(Calls.call(in, call.get(0), call.get(1)));
      }
      case 'b' -> build();
      case 'Q' -> stack.push(persistent.apply(stack.pop()));
      case 'P' -> stack.push(persistent.apply(in.line()));
      case 'i' -> throw refused(in.line() + "." + in.line());
      case 0x81, 0x92, 'o' -> throw refused("a class to make an object of");
      case 0x82, 0x83, 0x84 -> throw refused("a registered extension");
      case 0x8f, 0x90, 0x91 -> throw in.bad("the pickle has a set; no file of tensors needs one");
      case 0x97, 0x98 -> throw in.bad("the pickle wants buffers from outside the file");
      default ->
          throw in.bad(
              String.format(
                  Locale.ROOT, "0x%02x is no instruction of a pickle; the file is damaged", code));
    }
  }

  /** Looks at the name, and at nothing else. */
  private Global global(String module, String name) {
    Global global = new Global(module + "." + name);
    if (!global.known()) {
      throw refused(global.name());
    }
    return global;
  }

  private RuntimeException refused(String name) {
    return in.bad(
        "the pickle wants to call "
            + Printable.text(name)
            + ", and nothing in a file is ever called; only tensors, dictionaries and plain values"
            + " are read: save the state dict alone, torch.save(model.state_dict(), file)");
  }

  /** Attributes that are set on a dictionary say nothing of its tensors. */
  private void build() {
    stack.pop();
    Object target = stack.top();
    if (!(target instanceof Map) && !(target instanceof StridedTensor)) {
      throw in.bad("the pickle wants to set attributes of something that is no dictionary");
    }
  }

  private String string(Object value) {
    if (!(value instanceof String text)) {
      throw in.bad("a name that is no text; the file is damaged");
    }
    return text;
  }
}
