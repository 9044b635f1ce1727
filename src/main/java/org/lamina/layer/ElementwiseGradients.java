package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.Elementwise.Operation;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * The way back through the layers that combine inputs element by element: dy is changed by one
 * input after the other, and summed where an input was stretched.
 */
final class ElementwiseGradients {

  private static final String FILE = "elementwise_gradient.cl";

  /** What a step makes of a gradient; the position is the code in the kernel. */
  private enum Change {
    COPY,
    NEGATE,
    MULTIPLY,
    DIVIDE,
    NEGATE_AND_DIVIDE,
    WHERE_EQUAL,
    WHERE_DIFFERENT
  }

  /** A step, and the number of the input that it reads. */
  private record Step(Change change, int input) {}

  private final GradientSite site;
  private final Operation operation;
  private final Chw y;

  private ElementwiseGradients(GradientSite site, Operation operation) {
    this.site = site;
    this.operation = operation;
    y = site.signature().output();
  }

  static GradientProgram compile(GradientSite site, Operation operation) {
    GradientProgram program =
        GradientProgram.ofGradient(
            site, Aliasing.NONE, new ElementwiseGradients(site, operation)::bind);
    boolean additive = operation == Operation.ADD || operation == Operation.SUBTRACT;
    boolean selects = operation == Operation.MAXIMUM || operation == Operation.MINIMUM;
    Chw y = site.signature().output();
    boolean stretches = site.signature().inputs().stream().anyMatch(x -> !x.equals(y));
    program = additive ? program : program.readingInputs();
    program = selects ? program.readingOutput() : program;
    return stretches
        ? program.withScratch(Layout.of(site.vector()).volume(y, site.batch()))
        : program;
  }

  private List<Step> steps(int k) {
    List<Step> steps = new ArrayList<>();
    switch (operation) {
      case ADD -> steps.add(new Step(Change.COPY, k));
      case SUBTRACT -> steps.add(new Step(k == 0 ? Change.COPY : Change.NEGATE, k));
      case MULTIPLY -> {
        for (int j = 0; j < site.inputs().size(); j++) {
          if (j != k) {
            steps.add(new Step(Change.MULTIPLY, j));
          }
        }
      }
      case DIVIDE -> {
        if (k == 1) {
          steps.add(new Step(Change.MULTIPLY, 0));
          steps.add(new Step(Change.NEGATE_AND_DIVIDE, 1));
        }
        steps.add(new Step(Change.DIVIDE, 1));
      }
      case MAXIMUM, MINIMUM -> {
        // Of several that are equal the first has the gradient.
        for (int j = 0; j < k; j++) {
          steps.add(new Step(Change.WHERE_DIFFERENT, j));
        }
        steps.add(new Step(Change.WHERE_EQUAL, k));
      }
    }
    return steps;
  }

  private List<Launch> bind(Bindings bindings) {
    List<Launch> launches = new ArrayList<>();
    for (int k = 0; k < site.inputs().size(); k++) {
      Optional<View> wanted = bindings.inputGradients().get(k);
      if (wanted.isPresent()) {
        bind(k, bindings, wanted.get(), launches);
      }
    }
    return launches;
  }

  private void bind(int k, Bindings bindings, View dx, List<Launch> launches) {
    boolean stretched = !dx.shape().equals(y);
    Layout layout = Layout.of(site.vector());
    View to =
        stretched
            ? View.of(bindings.scratch().buffer(), bindings.scratch().offset(), y, layout)
            : dx;
    View from = bindings.gradient();
    for (Step step : steps(k)) {
      launches.add(change(step, bindings, from, to));
      from = to;
    }
    if (stretched) {
      launches.add(sums(bindings, to, dx));
    }
  }

  private Launch change(Step step, Bindings bindings, View from, View to) {
    Kernel kernel = bindings.program(FILE).kernel("elementwise_backward");
    from.bind(kernel, "g");
    to.bind(kernel, "r");
    // Where a step reads no input, or no output, any tensor of this shape will do.
    View x = bindings.inputs().get(step.input()).orElse(from);
    Elementwise.bind(kernel, "x", x, y);
    bindings.output().orElse(from).bind(kernel, "y");
    kernel.set("change", step.change().ordinal()).set("blocks", to.blocks());
    kernel.set("channels", y.c()).set("height", y.h()).set("width", y.w());
    return new Launch(kernel, n -> Ranges.planes(bindings, y.h(), y.w(), n * to.blocks()));
  }

  private Launch sums(Bindings bindings, View from, View dx) {
    Chw x = dx.shape();
    Kernel kernel = bindings.program(FILE).kernel("stretched_sums");
    from.bind(kernel, "g");
    dx.bind(kernel, "dx");
    kernel.set("blocks", dx.blocks()).set("height", x.h()).set("width", x.w());
    kernel.set("channels", x.c()).set("g_channels", y.c());
    kernel.set("g_height", y.h()).set("g_width", y.w());
    return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * dx.blocks()));
  }
}
