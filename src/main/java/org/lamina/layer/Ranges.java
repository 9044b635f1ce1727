package org.lamina.layer;

import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;

/** How many work-items to start for kernels that walk over planes with strided loops. */
final class Ranges {

  // Enough work-groups that a slow core does not keep the others waiting.
  private static final int GROUPS_PER_UNIT = 16;

  private Ranges() {}

  /**
   * Returns a range for a kernel that loops {@code for (h = get_global_id(1); h < height; h +=
   * get_global_size(1))}, likewise {@code w} over dimension 0, and takes its plane from dimension
   * 2, which is exact.
   *
   * <p>On the CPU family a work-item takes whole rows, as many as leave enough work-groups for all
   * cores; on the GPU family it takes one element.
   */
  static Range planes(Bindings bindings, int height, int width, int planes) {
    return planes(bindings.session(), bindings.family().isCpu(), height, width, planes);
  }

  /** Returns the same range for launches that belong to no layer. */
  static Range planes(Session session, boolean cpu, int height, int width, int planes) {
    if (!cpu) {
      int x = width >= 16 ? 16 : width >= 8 ? 8 : 4;
      int y = height == 1 ? 1 : 64 / x;
      return Range.cover(width, height, planes, x, y, 1);
    }
    int rows = Math.min(height, Math.max(1, (wanted(session) + planes - 1) / planes));
    return Range.cover(1, rows, planes, 1, 1, 1);
  }

  /**
   * Returns a range for a kernel of the CPU family that divides rows among the work-items of
   * dimension 1, and takes its plane from dimension 2.
   *
   * @param least rows that a work-item should have at least
   */
  static Range bands(Bindings bindings, int height, int least, int planes) {
    int wanted = (wanted(bindings.session()) + planes - 1) / planes;
    return Range.cover(1, Math.max(1, Math.min(height / least, wanted)), planes, 1, 1, 1);
  }

  /**
   * Returns a range for a kernel that loops {@code for (i = get_global_id(0); i < elements; i +=
   * get_global_size(0))} and takes its image from dimension 2, which is exact.
   */
  static Range elements(Bindings bindings, int elements, int images) {
    return elements(bindings.session(), bindings.family(), elements, images);
  }

  /** Returns the same ranges for the way back. */
  static Range planes(GradientProgram.Bindings bindings, int height, int width, int planes) {
    return planes(bindings.session(), bindings.family().isCpu(), height, width, planes);
  }

  /** Returns the range of {@link #elements(Bindings, int, int)}. */
  static Range elements(Session session, Family family, long elements, int images) {
    if (!family.isCpu()) {
      return Range.cover(elements, 1, images, 64, 1, 1);
    }
    return Range.cover(Math.min(elements, wanted(session)), 1, images, 1, 1, 1);
  }

  private static int wanted(Session session) {
    return GROUPS_PER_UNIT * session.device().computeUnits();
  }
}
