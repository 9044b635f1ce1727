package org.lamina.layer;

import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * A batch of images somewhere in device memory: element (n, c, h, w) lies at {@code offset + n *
 * image + (c / vector) * plane + h * row + w * vector + c % vector}.
 *
 * <p>Halos, slices of a concatenation and places in an arena are all just other numbers here, so
 * kernels need not know of them; {@code opencl/common/tensor.clh} is the other half of this record.
 *
 * @param buffer the memory
 * @param offset floats before element (0, 0, 0, 0)
 * @param shape the shape of one image
 * @param vector channels in a block
 * @param image floats from one image to the next
 * @param plane floats from one block of channels to the next
 * @param row floats from one row to the next
 */
public record View(
    DeviceBuffer buffer, long offset, Chw shape, int vector, int image, int plane, int row) {

  /** Returns the view of a batch that begins {@code start} floats into a buffer. */
  public static View of(DeviceBuffer buffer, long start, Chw shape, Layout layout) {
    int row = layout.row(shape);
    long interior =
        start + (long) layout.halo().top() * row + (long) layout.halo().left() * layout.vector();
    return new View(
        buffer, interior, shape, layout.vector(), layout.image(shape), layout.plane(shape), row);
  }

  /** Returns the blocks of channels of one image. */
  public int blocks() {
    return (shape.c() + vector - 1) / vector;
  }

  /**
   * Returns the view of {@code channels} channels from channel {@code first} on.
   *
   * @throws IllegalArgumentException if {@code first} is not at the start of a block
   */
  public View slice(int first, int channels) {
    if (first % vector != 0) {
      throw new IllegalArgumentException(
          "a slice must start at a multiple of %d channels, but starts at %d"
              .formatted(vector, first));
    }
    return new View(
        buffer,
        offset + (long) (first / vector) * plane,
        new Chw(channels, shape.h(), shape.w()),
        vector,
        image,
        plane,
        row);
  }

  /** Binds this view to the kernel argument declared by {@code TENSOR(name)}. */
  public void bind(Kernel kernel, String name) {
    kernel
        .set(name, buffer)
        .set(name + "_offset", offset)
        .set(name + "_image", image)
        .set(name + "_plane", plane)
        .set(name + "_row", row);
  }
}
