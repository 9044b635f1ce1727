package org.lamina.opencl;

/**
 * What drivers and JOCL do wrong, and what is done about it. All of it is here, and each entry
 * names the smallest case that shows it.
 */
final class Quirks {

  /**
   * All types of devices, to be used instead of {@code CL.CL_DEVICE_TYPE_ALL}.
   *
   * <p>JOCL 2.0.6 declares that constant as {@code long x = 0xFFFFFFFF}, an int that becomes 64 set
   * bits, and rusticl (Mesa 22.3) answers an unknown bit with CL_INVALID_DEVICE_TYPE. Smallest
   * case: {@code clGetDeviceIDs(rusticl, CL_DEVICE_TYPE_ALL, 0, null, count)} finds no device.
   */
  static final long ALL_DEVICE_TYPES = 0xFFFFFFFFL;

  private Quirks() {}

  /**
   * Returns more compiler options for a device.
   *
   * <p>Oclgrind 21.10 cannot interpret LLVM's {@code freeze}, which its own optimiser produces from
   * loops with an invariant test inside; it stops with "Unsupported instruction: freeze" and the
   * kernel does nothing. Smallest case: {@code activation_forward} of opencl/activation.cl.
   */
  static String options(Device device) {
    return isOclgrind(device) ? "-cl-opt-disable " : "";
  }

  /**
   * Returns whether a device is only to be chosen if there is no other of its kind.
   *
   * <p>Clover, Mesa's old driver, fails to compile much of OpenCL C 1.2 and has no maintainer;
   * llvmpipe is a GPU's driver run by a CPU, with its 8 or more "compute units" on two cores, and
   * an Oclgrind device calls itself a GPU and checks every instruction.
   */
  static boolean isLastResort(Device device) {
    return device.platform().equals("Clover")
        || device.name().startsWith("llvmpipe")
        || isOclgrind(device);
  }

  /**
   * Returns whether a time of an event is not a time.
   *
   * <p>Rusticl (Mesa 22.3) accepts CL_QUEUE_PROFILING_ENABLE and reports 0, 2 and 3 for when a
   * command was queued, started and finished. Smallest case: any launch. A true device clock counts
   * nanoseconds and has long passed this limit when a program can ask.
   */
  static boolean isNoTime(long nanos) {
    return nanos < 1000;
  }

  /**
   * Returns whether a driver ends the process when it is given a binary that it did not make.
   *
   * <p>Rusticl (Mesa 22.3) panics with 'unknown version' (rusticl/core/program.rs) and aborts,
   * where others return CL_INVALID_BINARY. Smallest case: {@code clCreateProgramWithBinary} with
   * the bytes 1, 2, 3. Binaries reach a driver only if the hash in the file is right and the key,
   * which has the versions of driver and platform in it, is the same, so that it gets its own; only
   * the test of foreign binaries must spare it.
   */
  static boolean abortsOnForeignBinaries(Device device) {
    return device.platform().equals("rusticl");
  }

  /**
   * Returns how many rounds all loops of a work-item together may have.
   *
   * <p>Mesa's llvmpipe (22.3, both through rusticl and Clover) ends every loop of a work-item after
   * 65,535 rounds of all its loops together, to save shaders from hanging, and says nothing; what
   * was summed so far becomes the result. Smallest case: {@code for (int i = 0; i < 70000; ++i) sum
   * += 1;} gives 65,535.
   */
  static long loopRounds(Device device) {
    return device.name().startsWith("llvmpipe") ? 65_535 : Long.MAX_VALUE;
  }

  /**
   * Returns whether a device gets an algorithm wrong.
   *
   * <p>Mesa's llvmpipe (22.3, through rusticl) takes minutes to build the kernels of Winograd's
   * algorithm for CPUs, and gives wrong results with them. Smallest case: a convolution of 5
   * filters of 11×11 with stride 4 on an image of 3×15×19, in vectors of 4.
   */
  static boolean miscomputes(String device, String algorithm) {
    return device.startsWith("llvmpipe") && algorithm.startsWith("winograd");
  }

  /**
   * Returns whether a device takes what is written to a part of a buffer for uninitialised.
   *
   * <p>Oclgrind 21.10 replaces the whole buffer's record of what is initialised by one of the size
   * of the part, and then reports every read of it. Smallest case: write 256 floats, write 64 of
   * them again from the 64th on, copy these in a kernel. Writing the whole buffer does no harm.
   */
  static boolean forgetsPartialWrites(Device device) {
    return isOclgrind(device);
  }

  /**
   * Returns whether a device can work on memory of the host where it is.
   *
   * <p>A CPU does. Oclgrind checks addresses by buffers of its own, and llvmpipe copies whatever it
   * is given; neither gains anything.
   */
  static boolean sharesMemory(Device device) {
    return device.isCpu() && !device.name().startsWith("llvmpipe") && !isOclgrind(device);
  }

  private static boolean isOclgrind(Device device) {
    return device.platform().equals("Oclgrind");
  }
}
