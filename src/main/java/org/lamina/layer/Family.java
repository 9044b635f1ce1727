package org.lamina.layer;

/**
 * Which kernels a device gets, and how its activations are laid out.
 *
 * <p>The CPU family keeps activations in blocks of {@code vector} channels ([N, C/vector, H, W,
 * vector], "NCHW16c") and gives every work-item enough for thousands of vector operations, without
 * barriers. The GPU family keeps them planar ([N, C, H, W]) and gives every work-item one element
 * or one register tile, sharing through local memory. Either runs on any device; the other one is
 * only slow there, which is how each is tested where there is no GPU.
 *
 * @param vector channels in a block: 4, 8 or 16 for CPUs; 1 for GPUs
 */
public record Family(int vector) {

  /** The family for GPUs: planar activations. */
  public static final Family GPU = new Family(1);

  /**
   * @throws IllegalArgumentException if the vector width is not 1, 4, 8 or 16
   */
  public Family {
    if (vector != 1 && vector != 4 && vector != 8 && vector != 16) {
      throw new IllegalArgumentException("vector must be 1, 4, 8 or 16, but is " + vector);
    }
  }

  /**
   * Returns the family for CPUs of a given vector width.
   *
   * @param vector floats in a vector register: 4 (SSE, NEON), 8 (AVX2) or 16 (AVX-512)
   */
  public static Family cpu(int vector) {
    return new Family(vector);
  }

  /** Returns the layout of activations without a halo. */
  public Layout layout() {
    return Layout.of(vector);
  }

  /** Returns whether this is the family for CPUs. */
  public boolean isCpu() {
    return vector > 1;
  }

  /** Returns {@code gpu} or, for example, {@code cpu8}. */
  @Override
  public String toString() {
    return isCpu() ? "cpu" + vector : "gpu";
  }
}
