package org.lamina.layer;

/**
 * By which instructions a device multiplies small matrices.
 *
 * @param instruction whose instruction it is
 * @param emulated whether local memory is used instead of the instruction; for tests
 */
public record MatrixUnits(Instruction instruction, boolean emulated) {

  /** An instruction, with its number for {@code opencl/common/matrix_tile.clh}. */
  public enum Instruction {
    /** {@code mma.sync} of NVIDIA's GPUs from compute capability 8.0 on. */
    NVIDIA_MMA("cl_nv_device_attribute_query"),
    /** WMMA of AMD's GPUs of the generation RDNA 3, halves alone. */
    AMD_WMMA("cl_amd_device_attribute_query"),
    /** {@code dpas} of Intel's GPUs with sub-groups of 16. */
    INTEL_DPAS_16("cl_intel_subgroup_matrix_multiply_accumulate"),
    /** {@code dpas} of Intel's GPUs with sub-groups of 8, halves alone. */
    INTEL_DPAS_8("cl_intel_subgroup_matrix_multiply_accumulate");

    private final String extension;

    Instruction(String extension) {
      this.extension = extension;
    }

    /** Returns an extension that every driver with this instruction has, and few others. */
    public String extension() {
      return extension;
    }

    /**
     * Returns whether the instruction multiplies numbers of a precision.
     *
     * @param products {@link Precision#TF32} or {@link Precision#HALF}
     */
    public boolean multiplies(Precision products) {
      return products == Precision.HALF || this == NVIDIA_MMA || this == INTEL_DPAS_16;
    }

    /** Returns the number that the kernels know the instruction by. */
    int code() {
      return ordinal() + 1;
    }
  }

  /** Returns the units that a device has. */
  public static MatrixUnits of(Instruction instruction) {
    return new MatrixUnits(instruction, false);
  }

  /** Returns the same kernels with local memory instead of the instruction. */
  public static MatrixUnits emulated(Instruction instruction) {
    return new MatrixUnits(instruction, true);
  }
}
