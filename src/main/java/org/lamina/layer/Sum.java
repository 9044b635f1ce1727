package org.lamina.layer;

import java.util.Optional;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Adds two batches of images. */
public final class Sum {

  private Sum() {}

  /**
   * Returns the launch that writes {@code a + b} to {@code y}, element by element.
   *
   * @param session where the kernel is built
   * @param family whose layout all three have
   * @param y may be the same memory as {@code a} or {@code b}
   */
  public static Launch bind(Session session, Family family, View a, View b, View y) {
    Chw shape = y.shape();
    Kernel kernel =
        session
            .program("add.cl", Macros.none().define("VECTOR", family.vector()))
            .kernel("add_forward");
    a.bind(kernel, "a");
    b.bind(kernel, "b");
    y.bind(kernel, "y");
    Activations.code(Optional.empty()).bind(kernel);
    kernel.set("blocks", y.blocks()).set("height", shape.h()).set("width", shape.w());
    return new Launch(
        kernel, n -> Ranges.planes(session, family.isCpu(), shape.h(), shape.w(), n * y.blocks()));
  }
}
