package org.lamina.layer;

import java.util.List;
import org.lamina.opencl.DeviceBuffer;

/**
 * A layer compiled for one place in a network: what it wants of the memory around it, and how to
 * make its launches once that memory is placed.
 *
 * <p>The engine decides where everything lies; {@link Binder#bind} is then called once, and running
 * the layer is enqueuing its launches. A program allocates nothing.
 *
 * @param inputs how every input must lie in memory; a larger halo than asked for is fine
 * @param outputVector channels in a block of the output; its halo is up to whoever reads it
 * @param aliasing what output and inputs may share
 * @param parameters device memory derived from the layer's parameters
 * @param scratch floats of working memory during the layer, for the largest batch
 * @param binder makes the launches
 */
public record LayerProgram(
    List<Layout> inputs,
    int outputVector,
    Aliasing aliasing,
    List<PackedBuffer> parameters,
    long scratch,
    Binder binder) {

  /** Copies the lists. */
  public LayerProgram {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** What the output of a layer may share with its inputs; sharing is never required. */
  public enum Aliasing {
    /** Nothing: inputs are read after the first output is written. */
    NONE,
    /** The output may lie where the first input lies: each element is read before it is written. */
    IN_PLACE,
    /** Input k may be the k-th slice of the output, channels in order: a concatenation. */
    SLICES
  }

  /** Where everything that a layer touches lies. */
  public record Bindings(
      List<View> inputs,
      View output,
      List<DeviceBuffer> parameters,
      DeviceBuffer scratch,
      long scratchOffset) {

    /** Copies the lists. */
    public Bindings {
      inputs = List.copyOf(inputs);
      parameters = List.copyOf(parameters);
    }

    /** Returns the only input, or the first of several. */
    public View input() {
      return inputs.get(0);
    }
  }

  /** Makes the launches of a layer. */
  @FunctionalInterface
  public interface Binder {
    /** Returns the launches in the order they have to be enqueued; none if nothing is to do. */
    List<Launch> bind(Bindings bindings);
  }

  /** Returns a program without parameters or working memory. */
  static LayerProgram plain(
      List<Layout> inputs, int outputVector, Aliasing aliasing, Binder binder) {
    return new LayerProgram(inputs, outputVector, aliasing, List.of(), 0, binder);
  }
}
