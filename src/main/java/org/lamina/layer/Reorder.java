package org.lamina.layer;

import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Copies a batch of images from one place and layout to another. */
public final class Reorder {

  private Reorder() {}

  /**
   * Returns the launch that copies every element of {@code from} to {@code to}; lanes of {@code to}
   * beyond its last channel become zero, its halo is left as it is.
   *
   * @param session where the kernel is built
   * @param from what to copy
   * @param to where to; must not overlap {@code from}
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Launch bind(Session session, View from, View to) {
    if (!from.shape().equals(to.shape())) {
      throw new IllegalArgumentException(
          "cannot copy images of %s to images of %s".formatted(from.shape(), to.shape()));
    }
    return bind(session, from, to, 0);
  }

  /**
   * Returns the launch that copies {@code from} to the channels of {@code to} from {@code first}
   * on, which need not be at the start of a block; if these are the last channels, the lanes beyond
   * them become zero.
   */
  static Launch bind(Session session, View from, View to, int first) {
    Chw shape = from.shape();
    int end = first + shape.c();
    int firstBlock = first / to.vector();
    int blocks = (end + to.vector() - 1) / to.vector() - firstBlock;
    Kernel kernel = session.program("reorder.cl", Macros.none()).kernel("reorder");
    from.bind(kernel, "x");
    to.bind(kernel, "y");
    kernel.set("x_vector", from.vector()).set("y_vector", to.vector());
    kernel.set("first", first).set("channels", shape.c());
    kernel.set("end", end == to.shape().c() ? to.blocks() * to.vector() : end);
    kernel.set("first_block", firstBlock).set("blocks", blocks);
    kernel.set("height", shape.h()).set("width", shape.w());
    boolean cpu = session.device().isCpu();
    return new Launch(kernel, n -> Ranges.planes(session, cpu, shape.h(), shape.w(), n * blocks));
  }
}
