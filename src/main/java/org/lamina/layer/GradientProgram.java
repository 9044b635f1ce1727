package org.lamina.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Session;

/**
 * The way back through a layer, compiled for one place in a network: from dy, the gradient of the
 * loss by the layer's output, to the gradients by its inputs and parameters.
 *
 * <p>It may read inputs and output of the forward pass, each only if it says so: what nobody reads
 * need not be kept. A launch whose kernel has an int argument {@code accumulate} adds to the
 * parameters' gradients where that is 1 and overwrites them where it is 0; it is set before each
 * step. Gradients by inputs are always written, never added to.
 *
 * @param inputs for every input, how it must lie if it is read; empty if it is not
 * @param output how the output must lie if it is read; empty if it is not
 * @param gradient how dy must lie
 * @param vector channels in a block of the gradients by the inputs
 * @param aliasing what dy and the gradients by the inputs may share
 * @param parameters device memory derived from the layer's parameters
 * @param scratch floats of working memory, for the largest batch
 * @param binder makes the launches
 */
public record GradientProgram(
    List<Optional<Layout>> inputs,
    Optional<Layout> output,
    Layout gradient,
    int vector,
    Aliasing aliasing,
    List<PackedBuffer> parameters,
    long scratch,
    Binder binder) {

  /** Copies the lists. */
  public GradientProgram {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** What dy and the gradients by the inputs may share. */
  public enum Aliasing {
    /** Nothing: dy is read after the first of them is written. */
    NONE,
    /** The first input's gradient may lie where dy lies; sharing is not required. */
    IN_PLACE,
    /** Every input's gradient is dy itself; there are no launches, and the binder is not called. */
    SAME,
    /** The gradient by input k may be the k-th slice of dy, channels in order; not required. */
    SLICES
  }

  /** Returns the program of a layer whose gradient needs nothing but dy, one input, no weights. */
  static GradientProgram ofGradient(GradientSite site, Aliasing aliasing, Binder binder) {
    Layout layout = Layout.of(site.vector());
    return new GradientProgram(
        Collections.nCopies(site.inputs().size(), Optional.empty()),
        Optional.empty(),
        layout,
        site.vector(),
        aliasing,
        List.of(),
        0,
        binder);
  }

  /**
   * Returns the program of a layer with one input, weights and perhaps a bias that has a launch for
   * each gradient; the input is read if the weights' is wanted.
   */
  static GradientProgram ofWeights(
      GradientSite site,
      Function<Bindings, Launch> byInput,
      Function<Bindings, Launch> byWeights,
      Function<Bindings, Launch> byBias) {
    Binder binder =
        bindings -> {
          List<Launch> launches = new ArrayList<>();
          if (site.wantsInput()) {
            launches.add(byInput.apply(bindings));
          }
          if (site.wantsParameter(0)) {
            launches.add(byWeights.apply(bindings));
          }
          if (site.wantsParameter(1)) {
            launches.add(byBias.apply(bindings));
          }
          return launches;
        };
    GradientProgram program = ofGradient(site, Aliasing.NONE, binder);
    return site.wantsParameter(0) ? program.readingInputs() : program;
  }

  /** Returns the program of a layer whose inputs' gradients all are dy. */
  static GradientProgram same(GradientSite site) {
    return ofGradient(site, Aliasing.SAME, bindings -> List.of());
  }

  /** Returns the same program, but it reads all inputs in the family's layout. */
  GradientProgram readingInputs() {
    List<Optional<Layout>> read = Collections.nCopies(inputs.size(), Optional.of(gradient));
    return new GradientProgram(
        read, output, gradient, vector, aliasing, parameters, scratch, binder);
  }

  /** Returns the same program, but it reads the output in the family's layout. */
  GradientProgram readingOutput() {
    return new GradientProgram(
        inputs, Optional.of(gradient), gradient, vector, aliasing, parameters, scratch, binder);
  }

  /** Returns the same program with so many floats of working memory. */
  GradientProgram withScratch(long floats) {
    return new GradientProgram(
        inputs, output, gradient, vector, aliasing, parameters, floats, binder);
  }

  /**
   * Where everything lies that the way back touches.
   *
   * @param session where kernels are built
   * @param family which kernels fit the device
   * @param inputs the inputs that are read
   * @param output the output if it is read
   * @param gradient dy
   * @param inputGradients where wanted, the gradients by the inputs
   * @param parameterGradients where wanted, the gradients by the parameters, as files store them
   * @param parameters device memory as {@link GradientProgram#parameters} asked for, already filled
   * @param learning the layer's parameters and what its forward pass kept
   * @param scratch the working memory
   */
  public record Bindings(
      Session session,
      Family family,
      List<Optional<View>> inputs,
      Optional<View> output,
      View gradient,
      List<Optional<View>> inputGradients,
      List<Optional<Floats>> parameterGradients,
      List<DeviceBuffer> parameters,
      Learning learning,
      Floats scratch) {

    /** Copies the lists. */
    public Bindings {
      inputs = List.copyOf(inputs);
      inputGradients = List.copyOf(inputGradients);
      parameterGradients = List.copyOf(parameterGradients);
      parameters = List.copyOf(parameters);
    }

    /** Returns the first input. */
    public View input() {
      return inputs.get(0).orElseThrow();
    }

    /** Returns the gradient by the first input. */
    public View inputGradient() {
      return inputGradients.get(0).orElseThrow();
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

  /** Makes the launches. */
  @FunctionalInterface
  public interface Binder {
    /**
     * Builds the kernels and returns the launches in the order they have to be enqueued.
     *
     * @throws org.lamina.opencl.ClException if the kernels do not build or the device lacks a
     *     resource
     */
    List<Launch> bind(Bindings bindings);
  }

  /** Returns a binder that makes the launches of both, one after the other. */
  static Binder both(Binder first, Binder second) {
    return bindings -> {
      List<Launch> launches = new ArrayList<>(first.bind(bindings));
      launches.addAll(second.bind(bindings));
      return launches;
    };
  }
}
