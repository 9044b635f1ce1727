package org.lamina.layer;

import java.util.List;
import org.lamina.opencl.Session;

/** What drivers can be asked to run in tests. */
public final class Drivers {

  private Drivers() {}

  /** Returns whether kernels are interpreted, thousands of times as slowly as they would run. */
  static boolean interpret(Session session) {
    return session.device().platform().contains("Oclgrind");
  }

  /**
   * Returns whether only kernels with short loops can be run: where they are interpreted, and on
   * devices that end long ones early (llvmpipe, see {@code opencl.Quirks}).
   */
  static boolean tinyOnly(Session session) {
    return interpret(session) || session.device().loopRounds() < Long.MAX_VALUE;
  }

  /**
   * Returns whether a driver takes half a minute and more for kernels of 8 lanes: Mesa's takes
   * vectors apart before all else.
   */
  public static boolean buildSlowly(Session session) {
    return session.device().name().startsWith("llvmpipe");
  }

  /** Returns whether a driver builds a family's kernels in seconds. */
  public static boolean builds(Session session, Family family) {
    return family.vector() <= 4 || !buildSlowly(session);
  }

  /** Returns the families whose kernels a driver builds in seconds. */
  public static List<Family> built(Session session, List<Family> families) {
    return families.stream().filter(family -> builds(session, family)).toList();
  }
}
