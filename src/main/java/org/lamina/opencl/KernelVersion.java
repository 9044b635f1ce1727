package org.lamina.opencl;

import java.util.List;

/** Tells whether kernels are the ones that something was found out about. */
public final class KernelVersion {

  private static final int DIGITS = 16;

  private KernelVersion() {}

  /**
   * Returns 16 digits that change with every change of some kernel files or of what these include.
   *
   * @param files names of files under {@code opencl/}
   * @throws ClException if there is no such file
   */
  public static String of(List<String> files) {
    String[] sources = files.stream().map(Sources::read).toArray(String[]::new);
    return Hash.of(sources).hex().substring(0, DIGITS);
  }
}
