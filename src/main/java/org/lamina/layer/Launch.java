package org.lamina.layer;

import java.util.function.IntFunction;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Range;

/**
 * One kernel with all its arguments bound, ready to be enqueued for any number of images up to the
 * plan's batch.
 *
 * @param kernel the kernel; nobody else binds or enqueues it. If it has an argument {@code batch},
 *     that is the number of images of the run and set before each
 * @param range the work-items for that many images
 */
public record Launch(Kernel kernel, IntFunction<Range> range) {

  /** Enqueues the kernel for {@code images} images, in parts if need be; returns at once. */
  public void enqueue(int images) {
    if (kernel.hasArgument("batch")) {
      kernel.set("batch", images);
    }
    range.apply(images).parts().forEach(kernel::enqueue);
  }

  /** Returns how often {@link #enqueue} enqueues the kernel: more than once for huge batches. */
  public int parts(int images) {
    return range.apply(images).parts().size();
  }
}
