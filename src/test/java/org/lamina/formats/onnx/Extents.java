package org.lamina.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.lamina.formats.onnx.schema.AttributeProto;

/** Random extents. */
final class Extents {

  private Extents() {}

  static int[] dims(Random random, int least, int most) {
    int[] dims = new int[least + random.nextInt(most - least + 1)];
    Arrays.setAll(dims, i -> 1 + random.nextInt(4));
    return dims;
  }

  static int pick(Random random, int... from) {
    return from[random.nextInt(from.length)];
  }

  static AttributeProto[] of(List<AttributeProto> list) {
    return list.toArray(AttributeProto[]::new);
  }

  static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** Returns extents that can be broadcast to others. */
  static int[] smaller(Random r, int[] dims) {
    int skip = dims.length == 0 ? 0 : r.nextInt(dims.length + 1);
    int[] small = Arrays.copyOfRange(dims, skip, dims.length);
    for (int i = 0; i < small.length; i++) {
      small[i] = r.nextBoolean() ? 1 : small[i];
    }
    return small;
  }
}
