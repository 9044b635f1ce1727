package org.lamina.formats.pytorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;

/** What a pickle of tensors may call; carried out here, on descriptions, and not in Python. */
final class Calls {

  private static final int MOST_AXES = 64;

  private Calls() {}

  /** Returns what the call would make; refuses every other by its name. */
  static Object call(PickleInput in, Object function, Object arguments) {
    if (!(function instanceof Global global) || !global.callable()) {
      throw in.bad(
          "the pickle wants to call "
              + (function instanceof Global known
                  ? Printable.text(known.name())
                  : "a value that is no function")
              + "; refused");
    }
    if (!(arguments instanceof List<?> list)) {
      throw in.bad(global.name() + " is called without a tuple of arguments");
    }
    return switch (global.name()) {
      case Global.ORDERED_DICT -> dictionary(in, list);
      case Global.SIZE -> list.size() == 1 ? list.get(0) : list;
      case Global.PARAMETER -> tensorIn(in, list);
      default -> tensor(in, global.name(), list);
    };
  }

  private static Map<Object, Object> dictionary(PickleInput in, List<?> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return map;
    }
    // Python 2 gives the entries as a list of pairs.
    if (arguments.size() > 1 || !(arguments.get(0) instanceof List<?> pairs)) {
      throw in.bad("collections.OrderedDict is called with what is no list of pairs");
    }
    for (Object pair : pairs) {
      if (!(pair instanceof List<?> two && two.size() == 2 && two.get(0) instanceof String)) {
        throw in.bad("collections.OrderedDict is called with what is no list of pairs");
      }
      map.put(two.get(0), two.get(1));
    }
    return map;
  }

  private static Object tensorIn(PickleInput in, List<?> arguments) {
    if (arguments.isEmpty() || !(arguments.get(0) instanceof StridedTensor)) {
      throw in.bad("a parameter that is no tensor; the file is damaged");
    }
    return arguments.get(0);
  }

  private static StridedTensor tensor(PickleInput in, String call, List<?> arguments) {
    int fewest = call.equals(Global.TENSOR) ? 4 : call.equals(Global.TENSOR_V3) ? 7 : 6;
    if (arguments.size() < fewest || !(arguments.get(0) instanceof Storage storage)) {
      throw in.bad(call + " is called without a storage and its " + fewest + " arguments");
    }
    ElementType type = call.equals(Global.TENSOR_V3) ? type(in, arguments.get(6)) : storage.type();
    List<Long> extents = numbers(in, arguments.get(2));
    List<Long> strides = numbers(in, arguments.get(3));
    if (extents.size() != strides.size() || extents.size() > MOST_AXES) {
      throw in.bad(
          "a tensor with %d extents and %d strides; the file is damaged"
              .formatted(extents.size(), strides.size()));
    }
    List<Integer> shape = new ArrayList<>();
    for (long extent : extents) {
      if (extent > Integer.MAX_VALUE) {
        throw in.bad("a tensor has an axis of " + extent + "; at most 2147483647 are possible");
      }
      shape.add((int) extent);
    }
    long offset = number(in, arguments.get(1));
    return checked(in, new StridedTensor(storage, type, offset, new Shape(shape), strides));
  }

  /** Sees to it that the tensor lies inside its storage. */
  private static StridedTensor checked(PickleInput in, StridedTensor tensor) {
    try {
      long last = Math.addExact(tensor.offset(), tensor.reach());
      if (tensor.shape().volume() > 0 && last >= tensor.available()) {
        throw in.bad(
            "a tensor %s at element %d with strides %s needs %d elements, but its storage '%s' has %d"
                .formatted(
                    tensor.shape(),
                    tensor.offset(),
                    tensor.strides(),
                    last + 1,
                    Printable.text(tensor.storage().key()),
                    tensor.available()));
      }
      tensor.shape().volume();
    } catch (ArithmeticException e) {
      throw in.bad("a tensor " + tensor.shape() + " is larger than anything can be");
    }
    return tensor;
  }

  private static ElementType type(PickleInput in, Object value) {
    if (value instanceof Global global && global.type().isPresent()) {
      return global.type().get();
    }
    throw in.bad("a tensor of a type that is not known; the file is damaged");
  }

  private static List<Long> numbers(PickleInput in, Object value) {
    if (!(value instanceof List<?> list)) {
      throw in.bad("a tensor without a tuple of extents or strides; the file is damaged");
    }
    if (list.size() > MOST_AXES) {
      throw in.bad("a tensor with " + list.size() + " axes; at most " + MOST_AXES + " are read");
    }
    return list.stream().map(item -> number(in, item)).toList();
  }

  static long number(PickleInput in, Object value) {
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw in.bad("a whole number of at least 0 was expected; the file is damaged");
  }
}
