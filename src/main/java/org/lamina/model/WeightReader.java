package org.lamina.model;

import java.util.function.Function;
import org.lamina.tensor.Tensor;
import org.lamina.weights.WeightSource;

/**
 * Gives weights to a plan, one after another, and keeps none: once a plan has packed a tensor into
 * device memory the array it came in is garbage.
 *
 * <p>A collector would leave that where it is until the heap is full, and the heap would stay as
 * large as the largest weights. AlexNet's first fully connected layer alone has 151 MB, so the
 * process would hold most weights twice. Hence a collection is asked for, but only after tensors
 * that are worth the milliseconds it takes.
 */
final class WeightReader implements Function<String, Tensor> {

  private static final long WORTH_A_COLLECTION = 12L << 20;

  private final WeightSource source;
  private final Runnable collector;
  private String layer = "";
  private long garbage;

  WeightReader(WeightSource source) {
    this(source, System::gc);
  }

  WeightReader(WeightSource source, Runnable collector) {
    this.source = source;
    this.collector = collector;
  }

  /** Reads a tensor; when one of another layer is asked for, those of the last are packed. */
  @Override
  public Tensor apply(String name) {
    String next = name.substring(0, name.lastIndexOf('.') + 1);
    if (!next.equals(layer)) {
      collect();
      layer = next;
    }
    Tensor tensor = source.read(name).orElseThrow();
    garbage += tensor.shape().volume() * Float.BYTES;
    return tensor;
  }

  /** Frees the arrays of the tensors that were read, if they are large. */
  void collect() {
    if (garbage >= WORTH_A_COLLECTION) {
      collector.run();
      garbage = 0;
    }
  }
}
