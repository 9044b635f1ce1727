package org.lamina.layer;

import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Keeps the zeros around planes that convolutions read as padding. */
public final class Halo {

  private Halo() {}

  /**
   * Returns the launch that writes zeros around every plane, and nothing inside.
   *
   * @param session where the kernel is built
   * @param view the images; the halo must lie within its pitches
   * @param halo rows and columns around each plane
   */
  public static Launch zero(Session session, View view, Padding halo) {
    Chw shape = view.shape();
    int height = halo.top() + shape.h() + halo.bottom();
    Kernel kernel = session.program("halo.cl", Macros.none()).kernel("halo_zero");
    view.bind(kernel, "x");
    kernel.set("vector", view.vector()).set("blocks", view.blocks());
    kernel.set("height", shape.h()).set("width", shape.w());
    kernel.set("top", halo.top()).set("left", halo.left());
    kernel.set("bottom", halo.bottom()).set("right", halo.right());
    int width = halo.left() + shape.w() + halo.right();
    boolean cpu = session.device().isCpu();
    return new Launch(kernel, n -> Ranges.planes(session, cpu, height, width, n * view.blocks()));
  }
}
