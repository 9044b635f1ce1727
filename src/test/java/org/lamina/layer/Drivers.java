package org.lamina.layer;

import org.lamina.opencl.Session;

/** What drivers can be asked to run in tests. */
final class Drivers {

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
}
