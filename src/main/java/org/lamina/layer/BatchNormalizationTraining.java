package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Program;
import org.lamina.tensor.Chw;

/**
 * The programs of {@link BatchNormalization} where weights change: by the batch's statistics, both
 * ways, and by the running ones for evaluation and where they are frozen.
 */
final class BatchNormalizationTraining {

  private static final String FILE = "batch_normalization_training.cl";

  private final BatchNormalization layer;
  private final Chw shape;
  private final int vector;
  private final int blocks;
  private final int batch;

  private BatchNormalizationTraining(BatchNormalization layer, Chw shape, int vector, int batch) {
    this.layer = layer;
    this.shape = shape;
    this.vector = vector;
    this.batch = batch;
    blocks = Layout.of(vector).blocks(shape.c());
  }

  private long lanes() {
    return 2L * blocks * vector;
  }

  static LayerProgram compile(BatchNormalization layer, Site site) {
    var made =
        new BatchNormalizationTraining(
            layer, site.signature().output(), site.vector(), site.batch());
    boolean training = site.phase() == Phase.TRAINING;
    boolean repeats = site.phase() == Phase.REPETITION;
    boolean saving = training || repeats || site.phase() == Phase.FROZEN;
    return new LayerProgram(
        List.of(Layout.of(site.vector())),
        site.vector(),
        // The way back needs x.
        training || repeats ? LayerProgram.Aliasing.NONE : LayerProgram.Aliasing.IN_PLACE,
        List.of(),
        training ? made.lanes() * site.batch() : saving ? 0 : made.lanes(),
        saving ? made.lanes() : 0,
        bindings -> made.forward(bindings, site));
  }

  private List<Launch> forward(LayerProgram.Bindings bindings, Site site) {
    Learning learning = bindings.learning().orElseThrow();
    Program program = bindings.program(FILE);
    Floats scratch = new Floats(bindings.scratch(), bindings.scratchOffset());
    List<Launch> launches = new ArrayList<>();
    Floats saved = site.phase() == Phase.EVALUATION ? scratch : learning.state();
    if (site.phase() == Phase.TRAINING) {
      launches.add(imageStatistics(program, bindings, scratch));
      launches.add(statistics(program, bindings, scratch, learning));
    } else if (site.phase() != Phase.REPETITION) {
      launches.add(runningStatistics(program, bindings, saved, learning));
    }
    Kernel kernel = program.kernel("batch_normalise");
    bindings.input().bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    saved.bind(kernel, "saved");
    bindAffine(kernel, learning).set("channels", shape.c());
    (layer.affine() ? learning.values().get(1) : saved).bind(kernel, "beta");
    Activations.code(site.fused()).bind(kernel);
    kernel.set("height", shape.h()).set("width", shape.w());
    launches.add(
        new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
    return launches;
  }

  private Kernel bindAffine(Kernel kernel, Learning learning) {
    // Without them any memory will do.
    learning.values().get(0).bind(kernel, "gamma");
    return kernel.set("affine", layer.affine() ? 1 : 0);
  }

  private Launch imageStatistics(Program program, LayerProgram.Bindings bindings, Floats parts) {
    Kernel kernel = program.kernel("batch_image_statistics");
    bindings.input().bind(kernel, "x");
    parts.bind(kernel, "parts");
    kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, n));
  }

  private Launch statistics(
      Program program, LayerProgram.Bindings bindings, Floats parts, Learning learning) {
    Kernel kernel = program.kernel("batch_statistics");
    parts.bind(kernel, "parts");
    learning.state().bind(kernel, "saved");
    bindRunning(kernel, learning);
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    kernel.set("epsilon", (float) layer.epsilon()).set("momentum", (float) layer.momentum());
    return single(kernel, bindings);
  }

  private Launch runningStatistics(
      Program program, LayerProgram.Bindings bindings, Floats saved, Learning learning) {
    Kernel kernel = program.kernel("batch_running_statistics");
    bindRunning(kernel, learning);
    saved.bind(kernel, "saved");
    kernel.set("channels", shape.c()).set("epsilon", (float) layer.epsilon());
    return single(kernel, bindings);
  }

  private Launch single(Kernel kernel, LayerProgram.Bindings bindings) {
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, 1));
  }

  private void bindRunning(Kernel kernel, Learning learning) {
    int first = layer.affine() ? 2 : 0;
    learning.values().get(first).bind(kernel, "running_mean");
    learning.values().get(first + 1).bind(kernel, "running_var");
  }

  static GradientProgram backward(BatchNormalization layer, GradientSite site) {
    var made =
        new BatchNormalizationTraining(
            layer, site.signature().output(), site.vector(), site.batch());
    if (site.phase() == Phase.FROZEN) {
      return made.frozen(site);
    }
    return GradientProgram.ofGradient(
            site, Aliasing.IN_PLACE, bindings -> made.backward(bindings, site))
        .readingInputs()
        .withScratch(made.lanes() * (made.batch + 1));
  }

  private List<Launch> backward(GradientProgram.Bindings bindings, GradientSite site) {
    Program program = bindings.program(FILE);
    Floats parts = bindings.scratch();
    Floats sums = new Floats(parts.buffer(), parts.offset() + lanes() * batch);
    List<Launch> launches = new ArrayList<>();
    launches.add(imageGradients(program, bindings, parts));
    launches.add(gradients(program, bindings, parts, sums));
    if (site.wantsInput()) {
      Kernel kernel = program.kernel("batch_normalise_backward");
      bindings.input().bind(kernel, "x");
      bindings.gradient().bind(kernel, "dy");
      bindings.inputGradient().bind(kernel, "dx");
      bindings.learning().state().bind(kernel, "saved");
      sums.bind(kernel, "sums");
      bindAffine(kernel, bindings.learning()).set("channels", shape.c());
      kernel.set("height", shape.h()).set("width", shape.w());
      launches.add(
          new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
    }
    return launches;
  }

  /** By running statistics: every value for itself, so that dx needs neither x nor sums. */
  private GradientProgram frozen(GradientSite site) {
    boolean learns = site.wantsParameter(0);
    GradientProgram program =
        GradientProgram.ofGradient(
                site, Aliasing.IN_PLACE, bindings -> frozen(bindings, site, learns))
            .withScratch(learns ? lanes() * (batch + 1) : 0);
    return learns ? program.readingInputs() : program;
  }

  private List<Launch> frozen(
      GradientProgram.Bindings bindings, GradientSite site, boolean learns) {
    Program program = bindings.program(FILE);
    List<Launch> launches = new ArrayList<>();
    if (learns) {
      Floats parts = bindings.scratch();
      Floats sums = new Floats(parts.buffer(), parts.offset() + lanes() * batch);
      launches.add(imageGradients(program, bindings, parts));
      launches.add(gradients(program, bindings, parts, sums));
    }
    if (site.wantsInput()) {
      Kernel kernel = program.kernel("batch_frozen_backward");
      bindings.gradient().bind(kernel, "dy");
      bindings.inputGradient().bind(kernel, "dx");
      bindings.learning().state().bind(kernel, "saved");
      bindAffine(kernel, bindings.learning()).set("channels", shape.c());
      kernel.set("height", shape.h()).set("width", shape.w());
      launches.add(
          new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
    }
    return launches;
  }

  private Launch imageGradients(Program program, GradientProgram.Bindings bindings, Floats parts) {
    Kernel kernel = program.kernel("batch_image_gradients");
    bindings.input().bind(kernel, "x");
    bindings.gradient().bind(kernel, "dy");
    parts.bind(kernel, "parts");
    bindings.learning().state().bind(kernel, "saved");
    kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, n));
  }

  private Launch gradients(
      Program program, GradientProgram.Bindings bindings, Floats parts, Floats sums) {
    Kernel kernel = program.kernel("batch_gradients");
    parts.bind(kernel, "parts");
    sums.bind(kernel, "sums");
    List<Optional<Floats>> learned = bindings.parameterGradients();
    boolean wanted = layer.affine() && learned.get(0).isPresent() && learned.get(1).isPresent();
    (wanted ? learned.get(0).get() : sums).bind(kernel, "dgamma");
    (wanted ? learned.get(1).get() : sums).bind(kernel, "dbeta");
    kernel.set("affine", wanted ? 1 : 0).set("channels", shape.c());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, 1));
  }
}
