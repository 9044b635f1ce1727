package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * Fully connected layers on CPUs where weights change: {@code opencl/fully_connected_training.cl},
 * which reads and writes them as files store them.
 */
final class FullyConnectedTraining {

  private static final String FILE = "fully_connected_training.cl";
  // Units of a work-item: multiples of what a panel has, and enough that images are read rarely.
  private static final int UNITS = 96;
  private static final int GRADIENT_UNITS = 5 * UNITS;
  // Vectors of the depth of a work-item on the way back: the kernels' slices times COLUMNS.
  private static final int INPUT_VECTORS = 8;
  private static final int WEIGHTS_VECTORS = 16;

  private final FullyConnected layer;
  private final int vector;
  private final int depth;

  private FullyConnectedTraining(FullyConnected layer, Signature signature, int vector) {
    this.layer = layer;
    this.vector = vector;
    depth = Math.toIntExact(signature.input().volume());
  }

  static LayerProgram compile(FullyConnected layer, Site site) {
    var made = new FullyConnectedTraining(layer, site.signature(), site.vector());
    return new LayerProgram(
        List.of(Layout.of(site.vector())),
        site.vector(),
        LayerProgram.Aliasing.NONE,
        List.of(),
        (long) site.batch() * made.depth,
        bindings -> made.forward(bindings, site));
  }

  private List<Launch> forward(LayerProgram.Bindings bindings, Site site) {
    List<Launch> launches = new ArrayList<>();
    Learning learning = bindings.learning().orElseThrow();
    Kernel kernel = bindings.program(FILE).kernel("fully_connected_forward_natural");
    Floats scratch = new Floats(bindings.scratch(), bindings.scratchOffset());
    runs(bindings.session(), site.family(), bindings.input(), scratch, launches).bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    learning.values().get(0).bind(kernel, "weights");
    // Without a bias any memory will do.
    learning.values().get(layer.bias() ? 1 : 0).bind(kernel, "bias");
    Activations.code(site.fused()).bind(kernel);
    int part = part();
    kernel
        .set("with_bias", layer.bias() ? 1 : 0)
        .set("units", layer.units())
        .set("depth", depth)
        .set("part", part);
    launches.add(
        new Launch(kernel, n -> Range.cover((layer.units() + part - 1) / part, 1, 1, 1, 1, 1)));
    return launches;
  }

  /** Returns whether every image is one run of floats, and nothing beside. */
  private static boolean isRun(View view) {
    Chw shape = view.shape();
    boolean touching = view.blocks() == 1 || view.plane() == view.vector();
    return shape.h() * shape.w() == 1 && touching;
  }

  /** Returns images as runs of floats; adds the launch that copies them if they are none. */
  private static View runs(
      Session session, Family family, View view, Floats to, List<Launch> launches) {
    if (isRun(view)) {
      return view;
    }
    int elements = Math.toIntExact(view.shape().volume());
    View flat = View.of(to.buffer(), to.offset(), new Chw(elements, 1, 1), Layout.of(1));
    launches.add(Copies.flatten(session, family, view, flat));
    return flat;
  }

  /** Returns the units of a work-item: a multiple of two blocks, fewer where few are. */
  private int part() {
    return layer.units() > 16 * UNITS ? UNITS : 2 * vector;
  }

  static GradientProgram backward(FullyConnected layer, GradientSite site) {
    var made = new FullyConnectedTraining(layer, site.signature(), site.vector());
    Layout layout = Layout.of(site.vector());
    return new GradientProgram(
        List.of(site.wantsParameter(0) ? Optional.of(layout) : Optional.empty()),
        Optional.empty(),
        layout,
        site.vector(),
        GradientProgram.Aliasing.NONE,
        List.of(),
        (long) site.batch() * (2L * made.depth + layer.units()),
        bindings -> made.backward(bindings, site));
  }

  /** Returns how many parts of so many vectors the depth has. */
  private int parts(int vectors) {
    return (depth + vectors * vector - 1) / (vectors * vector);
  }

  private List<Launch> backward(GradientProgram.Bindings bindings, GradientSite site) {
    List<Launch> launches = new ArrayList<>();
    Floats scratch = bindings.scratch();
    Floats after = new Floats(scratch.buffer(), scratch.offset() + (long) site.batch() * depth);
    Floats last = new Floats(scratch.buffer(), after.offset() + (long) site.batch() * depth);
    View dy = runs(bindings.session(), site.family(), bindings.gradient(), last, launches);
    if (site.wantsInput()) {
      Kernel kernel = bindings.program(FILE).kernel("fully_connected_backward_input");
      View dx = bindings.inputGradient();
      // Lanes beyond the last channel have to be written too.
      boolean direct = isRun(dx) && depth % vector == 0;
      View flat = View.of(after.buffer(), after.offset(), new Chw(depth, 1, 1), Layout.of(1));
      dy.bind(kernel, "dy");
      (direct ? dx : flat).bind(kernel, "dx");
      bindings.learning().values().get(0).bind(kernel, "weights");
      kernel.set("units", layer.units()).set("depth", depth);
      launches.add(new Launch(kernel, n -> Range.cover(parts(INPUT_VECTORS), 1, 1, 1, 1, 1)));
      if (!direct) {
        launches.add(CopyGradients.flatten(bindings.session(), site.family(), flat, dx));
      }
    }
    if (site.wantsParameter(0)) {
      Kernel kernel = bindings.program(FILE).kernel("fully_connected_backward_weights");
      runs(bindings.session(), site.family(), bindings.input(), scratch, launches)
          .bind(kernel, "x");
      dy.bind(kernel, "dy");
      bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
      kernel.set("units", layer.units()).set("depth", depth);
      kernel.set("units_each", GRADIENT_UNITS);
      int columns = (layer.units() + GRADIENT_UNITS - 1) / GRADIENT_UNITS;
      launches.add(
          new Launch(kernel, n -> Range.cover(parts(WEIGHTS_VECTORS), columns, 1, 1, 1, 1)));
    }
    if (site.wantsParameter(1)) {
      launches.add(ChannelSums.bias(bindings));
    }
    return launches;
  }
}
