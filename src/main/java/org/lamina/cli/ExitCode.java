package org.lamina.cli;

/** What the command returns to the shell. */
final class ExitCode {

  /** Done. */
  static final int OK = 0;

  /** Something unexpected went wrong. */
  static final int FAILED = 1;

  /** The command line or the network file is wrong. */
  static final int USAGE = 2;

  /** There is no such device, it has too little memory, or it failed. */
  static final int DEVICE = 3;

  /** An image, a tensor, a file of weights or a run's folder is missing or wrong. */
  static final int DATA = 4;

  private ExitCode() {}
}
