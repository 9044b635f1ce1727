package org.lamina.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.layer.Launch;
import org.lamina.layer.View;
import org.lamina.network.Network;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** What the losses of a training plan read and write besides tensors: labels, targets, results. */
final class LossMemory {

  private static final int RESULTS = 2;

  private final TrainingSchedule schedule;
  private final DeviceBuffer labels;
  private final DeviceBuffer results;
  private final ByteBuffer hostLabels;
  private final float[] hostResults;
  private final List<DeviceBuffer> extras = new ArrayList<>();
  private final Map<String, FloatBuffer> targets = new HashMap<>();
  private final Map<Kernel, Double> steps = new IdentityHashMap<>();

  LossMemory(TrainingSchedule schedule, Session session, List<DeviceBuffer> owned) {
    this.schedule = schedule;
    int batch = schedule.options().batch();
    labels = allocate(session, owned, batch);
    results = allocate(session, owned, resultFloats(schedule));
    hostResults = new float[Math.toIntExact(resultFloats(schedule))];
    hostLabels = direct(batch);
    for (Loss loss : schedule.options().losses()) {
      DeviceBuffer extra = allocate(session, owned, extraFloats(schedule, loss));
      extras.add(extra);
      if (loss.kind() == Loss.Kind.CROSS_ENTROPY) {
        extra.write(classWeights(loss, Math.toIntExact(extra.floats())));
      } else {
        targets.put(loss.layer(), direct(Math.toIntExact(extra.floats())).asFloatBuffer());
      }
    }
  }

  /** Returns the bytes of device memory that the losses take. */
  static long bytes(TrainingSchedule schedule) {
    long floats = schedule.options().batch() + resultFloats(schedule);
    for (Loss loss : schedule.options().losses()) {
      floats += extraFloats(schedule, loss);
    }
    return floats * Float.BYTES;
  }

  private static long resultFloats(TrainingSchedule schedule) {
    return (long) schedule.options().losses().size() * schedule.options().batch() * RESULTS;
  }

  private static long extraFloats(TrainingSchedule schedule, Loss loss) {
    Chw shape = shape(schedule.network(), loss);
    return loss.kind() == Loss.Kind.CROSS_ENTROPY
        ? shape.c()
        : shape.volume() * schedule.options().batch();
  }

  private static Chw shape(Network network, Loss loss) {
    return network.shape(TrainingSchedule.compared(network, loss));
  }

  /**
   * Throws unless a loss fits its layer.
   *
   * @throws IllegalArgumentException if it does not
   */
  static void check(Network network, Loss loss) {
    Chw shape = shape(network, loss);
    if (loss.kind() != Loss.Kind.CROSS_ENTROPY) {
      return;
    }
    if (shape.h() * shape.w() != 1) {
      throw new IllegalArgumentException(
          "loss '%s': cross-entropy compares images of one pixel, but the layer has %s"
              .formatted(loss.layer(), shape));
    }
    if (!loss.classWeights().isEmpty() && loss.classWeights().size() != shape.c()) {
      throw new IllegalArgumentException(
          "loss '%s' has %d class weights, but the layer has %d classes"
              .formatted(loss.layer(), loss.classWeights().size(), shape.c()));
    }
  }

  private static float[] classWeights(Loss loss, int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = loss.classWeights().isEmpty() ? 1 : loss.classWeights().get(c).floatValue();
    }
    return weights;
  }

  private static DeviceBuffer allocate(Session session, List<DeviceBuffer> owned, long floats) {
    DeviceBuffer buffer = session.allocate("labels and losses", floats);
    owned.add(buffer);
    return buffer;
  }

  private static ByteBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder());
  }

  /** Returns the host memory of the labels. */
  IntBuffer labels() {
    return hostLabels.asIntBuffer();
  }

  /** Returns the host memory of what a layer's result is compared with. */
  FloatBuffer targets(String layer) {
    FloatBuffer buffer = targets.get(layer);
    if (buffer == null) {
      throw new IllegalArgumentException(
          "layer '%s' is not compared with numbers; those that are: %s"
              .formatted(layer, targets.keySet()));
    }
    return buffer.duplicate();
  }

  /** Returns the launch that works out a loss and, where a gradient is given, its gradient. */
  Launch bind(Session session, int index, View x, View dx, boolean backward) {
    Loss loss = schedule.options().losses().get(index);
    boolean classes = loss.kind() == Loss.Kind.CROSS_ENTROPY;
    Kernel kernel =
        session
            .program("loss.cl", Macros.none().define("VECTOR", x.vector()))
            .kernel(classes ? "cross_entropy" : "mean_squares");
    x.bind(kernel, "x");
    dx.bind(kernel, "dx");
    kernel
        .set("results", results)
        .set("results_offset", (long) index * schedule.options().batch() * RESULTS)
        .set("channels", x.shape().c())
        .set("share", 0f)
        .set("backward", backward ? 1 : 0);
    if (classes) {
      kernel.set("labels", labels).set("weights", extras.get(index));
      kernel.set("smoothing", (float) loss.smoothing());
    } else {
      kernel.set("targets", extras.get(index));
      kernel.set("height", x.shape().h()).set("width", x.shape().w());
    }
    if (backward) {
      steps.put(kernel, loss.weight());
    }
    return new Launch(kernel, n -> Range.cover(n, 1, 1, 1, 1, 1));
  }

  /** Sets of how many images the mean loss is meant. */
  void setTotal(int total) {
    steps.forEach((kernel, weight) -> kernel.set("share", (float) (weight / total)));
  }

  /**
   * Sends labels and targets of a step to the device.
   *
   * @throws IllegalArgumentException if a label is no class
   */
  void upload(int images) {
    List<Loss> losses = schedule.options().losses();
    for (int i = 0; i < losses.size(); i++) {
      Loss loss = losses.get(i);
      if (loss.kind() == Loss.Kind.CROSS_ENTROPY) {
        checkLabels(images, shape(schedule.network(), loss).c());
        labels.write(0, hostLabels.asFloatBuffer().limit(images));
      } else {
        long image = shape(schedule.network(), loss).volume();
        int floats = Math.toIntExact(images * image);
        extras.get(i).write(0, targets(loss.layer()).position(0).limit(floats));
      }
    }
  }

  private void checkLabels(int images, int classes) {
    IntBuffer values = labels();
    for (int i = 0; i < images; i++) {
      if (values.get(i) < 0 || values.get(i) >= classes) {
        throw new IllegalArgumentException(
            "image %d has the label %d; classes are 0 to %d"
                .formatted(i, values.get(i), classes - 1));
      }
    }
  }

  /** Returns what the last step found; waits for it. */
  StepResult result(int images) {
    results.read(0, FloatBuffer.wrap(hostResults));
    List<StepResult.Term> terms = new ArrayList<>();
    List<Loss> losses = schedule.options().losses();
    for (int i = 0; i < losses.size(); i++) {
      double sum = 0;
      int top1 = 0;
      int top5 = 0;
      boolean classes = losses.get(i).kind() == Loss.Kind.CROSS_ENTROPY;
      for (int n = 0; n < images; n++) {
        int at = (i * schedule.options().batch() + n) * RESULTS;
        sum += hostResults[at];
        boolean finite = Float.isFinite(hostResults[at]);
        top1 += classes && finite && hostResults[at + 1] < 1 ? 1 : 0;
        top5 += classes && finite && hostResults[at + 1] < 5 ? 1 : 0;
      }
      terms.add(new StepResult.Term(losses.get(i), sum / images, top1, top5));
    }
    return new StepResult(images, terms);
  }
}
