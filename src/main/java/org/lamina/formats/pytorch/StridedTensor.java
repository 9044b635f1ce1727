package org.lamina.formats.pytorch;

import java.util.List;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;

/**
 * A tensor as PyTorch describes it: element {@code (i, j, …)} is element {@code offset +
 * i*strides[0] + j*strides[1] + …} of its storage.
 *
 * @param storage where the elements lie
 * @param type of the elements; the storage's but where that is untyped bytes
 * @param offset of the first, in elements
 * @param shape the extents
 * @param strides in elements, at least 0
 */
record StridedTensor(
    Storage storage, ElementType type, long offset, Shape shape, List<Long> strides) {

  StridedTensor {
    strides = List.copyOf(strides);
  }

  /** Returns how many elements the storage has, in units of this tensor's type. */
  long available() {
    return storage.elements() * storage.type().bytes() / type.bytes();
  }

  /** Returns how far the last element that is used lies from the first; -1 if there is none. */
  long reach() {
    if (shape.volume() == 0) {
      return -1;
    }
    long reach = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      reach =
          Math.addExact(
              reach, Math.multiplyExact((long) shape.extent(axis) - 1, strides.get(axis)));
    }
    return reach;
  }

  /** Returns whether the elements lie one behind the other, the last axis fastest. */
  boolean contiguous() {
    long expected = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.extent(axis) != 1 && strides.get(axis) != expected) {
        return false;
      }
      expected *= shape.extent(axis);
    }
    return true;
  }
}
