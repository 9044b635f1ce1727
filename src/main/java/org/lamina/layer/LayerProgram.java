package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Session;

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
 * @param state floats that the way back needs and nothing else holds, such as a batch's mean
 * @param binder makes the launches
 * @param algorithm the name of the algorithm where the layer has several, see {@link
 *     Layer#algorithms}; empty otherwise
 * @param basis why it is that one
 */
public record LayerProgram(
    List<Layout> inputs,
    int outputVector,
    Aliasing aliasing,
    List<PackedBuffer> parameters,
    long scratch,
    long state,
    Binder binder,
    String algorithm,
    Basis basis) {

  /** A program of a layer that has only one algorithm and keeps nothing for the way back. */
  public LayerProgram(
      List<Layout> inputs,
      int outputVector,
      Aliasing aliasing,
      List<PackedBuffer> parameters,
      long scratch,
      Binder binder) {
    this(inputs, outputVector, aliasing, parameters, scratch, 0, binder);
  }

  /** A program of a layer that has only one algorithm. */
  public LayerProgram(
      List<Layout> inputs,
      int outputVector,
      Aliasing aliasing,
      List<PackedBuffer> parameters,
      long scratch,
      long state,
      Binder binder) {
    this(inputs, outputVector, aliasing, parameters, scratch, state, binder, "", Basis.ONLY);
  }

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

  /**
   * Where everything that a layer touches lies.
   *
   * @param session where kernels are built
   * @param family which kernels fit the device
   * @param inputs the inputs, in order
   * @param output the output
   * @param parameters device memory as {@link LayerProgram#parameters} asked for, already filled
   * @param scratch the buffer that holds the working memory
   * @param scratchOffset floats before the working memory in that buffer
   * @param learning what there is besides in {@link Phase#TRAINING}; empty in other phases
   */
  public record Bindings(
      Session session,
      Family family,
      List<View> inputs,
      View output,
      List<DeviceBuffer> parameters,
      DeviceBuffer scratch,
      long scratchOffset,
      Optional<Learning> learning) {

    /** Makes the bindings of a program that is not for training. */
    public Bindings(
        Session session,
        Family family,
        List<View> inputs,
        View output,
        List<DeviceBuffer> parameters,
        DeviceBuffer scratch,
        long scratchOffset) {
      this(session, family, inputs, output, parameters, scratch, scratchOffset, Optional.empty());
    }

    /** Copies the lists. */
    public Bindings {
      inputs = List.copyOf(inputs);
      parameters = List.copyOf(parameters);
    }

    /** Returns the only input, or the first of several. */
    public View input() {
      return inputs.get(0);
    }

    /** Returns the program of a kernel file for this family's {@code VECTOR} and further macros. */
    public Program program(String file, Macros macros) {
      return session.program(file, macros.define("VECTOR", family.vector()));
    }

    /** Returns the program of a kernel file that is specialised by {@code VECTOR} alone. */
    public Program program(String file) {
      return program(file, Macros.none());
    }
  }

  /** Makes the launches of a layer. */
  @FunctionalInterface
  public interface Binder {
    /**
     * Builds the kernels and returns the launches in the order they have to be enqueued; none if
     * nothing is to do.
     *
     * @throws org.lamina.opencl.ClException if the kernels do not build or the device lacks a
     *     resource
     */
    List<Launch> bind(Bindings bindings);
  }

  /** Returns the same as the program of an algorithm that was selected. */
  LayerProgram selected(Selection selection) {
    return new LayerProgram(
        inputs,
        outputVector,
        aliasing,
        parameters,
        scratch,
        state,
        binder,
        selection.algorithm(),
        selection.basis());
  }

  /** Returns a program without parameters or working memory. */
  static LayerProgram plain(
      List<Layout> inputs, int outputVector, Aliasing aliasing, Binder binder) {
    return new LayerProgram(inputs, outputVector, aliasing, List.of(), 0, binder);
  }
}
