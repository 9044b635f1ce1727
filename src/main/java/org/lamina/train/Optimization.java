package org.lamina.train;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.Family;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.train.Optimizer.Adam;
import org.lamina.train.Optimizer.AdamW;
import org.lamina.train.Optimizer.Lars;
import org.lamina.train.Optimizer.RmsProp;
import org.lamina.train.Optimizer.Sgd;

/**
 * An optimiser at work on flat weights in device memory: one launch a step, three more where norms
 * are needed. Steps wait for nothing. See {@code opencl/optimizer.cl}.
 */
final class Optimization implements AutoCloseable {

  /** Elements that one work-group takes: enough to be worth one, few enough to share out. */
  private static final int CHUNK = 1 << 14;

  private static final int GPU_LANES = 64;

  /**
   * A tensor that is changed.
   *
   * @param name its name, for example {@code conv1.weight}
   * @param offset floats before it in the weights and in the gradients
   * @param floats its size
   * @param rate what its learning rate is multiplied by
   * @param decay what its weight decay is multiplied by
   */
  record Target(String name, long offset, long floats, double rate, double decay) {}

  private final Optimizer optimizer;
  private final Session session;
  private final List<DeviceBuffer> owned = new ArrayList<>();
  private final List<DeviceBuffer> memories = new ArrayList<>();
  private final DeviceBuffer total;
  private final List<Kernel> norms = new ArrayList<>();
  private final List<Range> normRanges = new ArrayList<>();
  private final Kernel step;
  private final Range stepRange;
  private final boolean normed;

  /**
   * Allocates the memories, filled with zeros, and binds the kernels.
   *
   * @param targets what is changed; nothing else is touched
   * @param clip the largest norm of all gradients together, 0 for any
   */
  Optimization(
      Session session,
      Family family,
      Optimizer optimizer,
      List<Target> targets,
      DeviceBuffer weights,
      DeviceBuffer gradients,
      double clip) {
    this.optimizer = optimizer;
    this.session = session;
    normed = clip > 0 || optimizer instanceof Lars;
    for (int i = 0; i < optimizer.memories(); i++) {
      DeviceBuffer memory = own("an optimiser's memory", weights.floats());
      zero(memory);
      memories.add(memory);
    }
    float[] chunkTable = chunks(targets);
    int chunks = chunkTable.length / 4;
    final DeviceBuffer table = filled(chunkTable);
    final DeviceBuffer factors = filled(factors(targets));
    total = filled(new float[] {0, 1});
    int lanes = family.isCpu() ? 1 : GPU_LANES;
    Program program = session.program("optimizer.cl", macros(family, lanes));
    stepRange = Range.cover(lanes, 1, chunks, lanes, 1, 1);
    DeviceBuffer measured = filled(new float[2 * targets.size()]);
    if (normed) {
      DeviceBuffer tensors = filled(tensors(targets));
      DeviceBuffer partial = filled(new float[2 * chunks * lanes]);
      bindNorms(program, weights, gradients, table, tensors, partial, measured);
      norms.get(2).set("tensors", targets.size()).set("clip", (float) clip);
      normRanges.addAll(
          List.of(
              stepRange,
              Range.cover(targets.size(), 1, 1, 1, 1, 1),
              Range.cover(1, 1, 1, 1, 1, 1)));
    }
    step = program.kernel("optimizer_step");
    step.set("weights", weights)
        .set("gradients", gradients)
        .set("first", memories.isEmpty() ? weights : memories.get(0))
        .set("second", memories.size() < 2 ? weights : memories.get(1))
        .set("chunks", table)
        .set("factors", factors)
        .set("norms", measured)
        .set("total", total);
  }

  private void bindNorms(
      Program program,
      DeviceBuffer weights,
      DeviceBuffer gradients,
      DeviceBuffer chunks,
      DeviceBuffer tensors,
      DeviceBuffer partial,
      DeviceBuffer measured) {
    norms.add(
        program
            .kernel("optimizer_squares")
            .set("weights", weights)
            .set("gradients", gradients)
            .set("chunks", chunks)
            .set("partial", partial));
    norms.add(
        program
            .kernel("optimizer_norms")
            .set("tensors", tensors)
            .set("partial", partial)
            .set("norms", measured));
    norms.add(program.kernel("optimizer_total").set("norms", measured).set("total", total));
  }

  /**
   * Enqueues one step.
   *
   * @param rate the learning rate
   * @param number how many steps there are with this one, from 1
   */
  void step(double rate, long number) {
    for (int i = 0; i < norms.size(); i++) {
      Kernel kernel = norms.get(i);
      normRanges.get(i).parts().forEach(kernel::enqueue);
    }
    Constants c = constants(number);
    step.set("learning_rate", (float) rate)
        .set("weight_decay", (float) optimizer.weightDecay())
        .set("a", (float) c.a())
        .set("b", (float) c.b())
        .set("c1", (float) c.c1())
        .set("c2", (float) c.c2())
        .set("epsilon", (float) c.epsilon())
        .set("trust", (float) c.trust());
    stepRange.parts().forEach(step::enqueue);
  }

  /**
   * Returns the norm of all gradients of the last step before they were clipped; waits for it.
   *
   * @throws IllegalStateException if the optimiser has no use for it and did not compute it
   */
  double gradientNorm() {
    if (!normed) {
      throw new IllegalStateException("the norm is computed for clipping and for lars only");
    }
    return Math.sqrt(total.read()[0]);
  }

  /** Returns what the optimiser remembers: laid out like the weights. */
  List<DeviceBuffer> memories() {
    return List.copyOf(memories);
  }

  /** The constants of a step as the kernel takes them. */
  private record Constants(
      double a, double b, double c1, double c2, double epsilon, double trust) {}

  private Constants constants(long number) {
    if (optimizer instanceof Sgd sgd) {
      return new Constants(sgd.momentum(), 0, 0, 0, 0, 0);
    } else if (optimizer instanceof Adam adam) {
      return adam(adam.beta1(), adam.beta2(), adam.epsilon(), number);
    } else if (optimizer instanceof AdamW adam) {
      return adam(adam.beta1(), adam.beta2(), adam.epsilon(), number);
    } else if (optimizer instanceof RmsProp rms) {
      return new Constants(rms.decay(), rms.momentum(), 0, 0, rms.epsilon(), 0);
    }
    Lars lars = (Lars) optimizer;
    return new Constants(lars.momentum(), 0, 0, 0, lars.epsilon(), lars.trust());
  }

  private static Constants adam(double beta1, double beta2, double epsilon, long number) {
    return new Constants(
        beta1,
        beta2,
        1 / (1 - Math.pow(beta1, number)),
        1 / (1 - Math.pow(beta2, number)),
        epsilon,
        0);
  }

  private Macros macros(Family family, int lanes) {
    boolean momentum =
        optimizer instanceof Sgd sgd
            ? sgd.momentum() > 0
            : optimizer instanceof RmsProp rms ? rms.momentum() > 0 : optimizer instanceof Lars;
    boolean nesterov = optimizer instanceof Sgd sgd && sgd.nesterov();
    return Macros.none()
        .define("VECTOR", family.vector())
        .define("LANES_EACH", lanes)
        .define("OPTIMIZER", code())
        .define("MOMENTUM", momentum ? 1 : 0)
        .define("NESTEROV", nesterov ? 1 : 0);
  }

  private int code() {
    if (optimizer instanceof Sgd sgd) {
      return sgd.form() == Sgd.Form.PAPER ? 0 : 1;
    } else if (optimizer instanceof Adam) {
      return 2;
    } else if (optimizer instanceof AdamW) {
      return 3;
    }
    return optimizer instanceof RmsProp ? 4 : 5;
  }

  private static float[] chunks(List<Target> targets) {
    List<Float> table = new ArrayList<>();
    for (int tensor = 0; tensor < targets.size(); tensor++) {
      Target target = targets.get(tensor);
      for (long done = 0; done < target.floats(); done += CHUNK) {
        long start = target.offset() + done;
        table.add(Float.intBitsToFloat((int) start));
        table.add(Float.intBitsToFloat((int) (start >>> 32)));
        table.add(Float.intBitsToFloat((int) Math.min(CHUNK, target.floats() - done)));
        table.add(Float.intBitsToFloat(tensor));
      }
    }
    return array(table);
  }

  private static float[] tensors(List<Target> targets) {
    List<Float> table = new ArrayList<>();
    int first = 0;
    for (Target target : targets) {
      int chunks = Math.toIntExact((target.floats() + CHUNK - 1) / CHUNK);
      table.add(Float.intBitsToFloat(first));
      table.add(Float.intBitsToFloat(chunks));
      first += chunks;
    }
    return array(table);
  }

  private static float[] factors(List<Target> targets) {
    List<Float> table = new ArrayList<>();
    for (Target target : targets) {
      table.add((float) target.rate());
      table.add((float) target.decay());
    }
    return array(table);
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private DeviceBuffer filled(float[] values) {
    DeviceBuffer buffer = own("an optimiser's tables", values.length);
    buffer.write(values);
    return buffer;
  }

  private DeviceBuffer own(String purpose, long floats) {
    DeviceBuffer buffer = session.allocate(purpose, floats);
    owned.add(buffer);
    return buffer;
  }

  private static void zero(DeviceBuffer buffer) {
    long part = 1 << 20;
    for (long at = 0; at < buffer.floats(); at += part) {
      buffer.writeMapped(
          at,
          Math.min(part, buffer.floats() - at),
          floats -> {
            while (floats.hasRemaining()) {
              floats.put(0);
            }
          });
    }
  }

  /** Releases the memories and tables. */
  @Override
  public void close() {
    owned.forEach(DeviceBuffer::close);
  }
}
