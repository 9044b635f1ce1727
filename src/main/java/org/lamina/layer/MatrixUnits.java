package org.lamina.layer;

/** Whether a device multiplies small matrices by instructions of their own. */
public enum MatrixUnits {
  /** It has no such instructions, or they were not found to be right. */
  NONE,
  /** Those of NVIDIA's GPUs from compute capability 8.0 on, see {@code opencl/common/mma.clh}. */
  INSTRUCTION,
  /** The same kernels with local memory instead of the instruction; for tests. */
  EMULATED
}
