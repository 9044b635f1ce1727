package org.lamina.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lamina.layer.Choices;
import org.lamina.layer.Family;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.PackedBuffer;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;

/**
 * Everything about running a network that can be decided without a device: the steps, their
 * programs, the layout of every tensor and its place in memory.
 *
 * <p>All activations live in one arena (or few, where a device allows no single allocation that
 * large), placed so that what is not alive at the same time overlaps; small ones with a halo have a
 * place of their own, whose zeros last. The bytes a schedule states are the bytes its plan
 * allocates.
 */
public final class Schedule {

  // What values with a halo may take that are never overwritten: their zeros are written once, not
  // in every run. A launch matters less where they are larger.
  private static final long LASTING_FLOATS = (1L << 20) / Float.BYTES;
  // Before the inputs are written, which is at -1.
  private static final int ALWAYS = -2;

  private final Network network;
  private final Family family;
  private final int batch;
  private final Choices choices;
  private final Operations operations;
  private final Placement placement;
  private final long lasting; // floats of values that are never overwritten

  private Schedule(
      Network network,
      Family family,
      int batch,
      Set<String> kept,
      long largestArena,
      Choices choices) {
    this.network = network;
    this.family = family;
    this.batch = batch;
    this.choices = choices.orPrecision(network.precision());
    operations = new Operations(network, family, batch, kept, this.choices);
    Sharing.apply(
        operations.operations(), operations.inputs().values(), operations.outputs().values());
    lasting = Math.min(LASTING_FLOATS, largestArena / Float.BYTES);
    var blocks = blocks().stream().collect(Collectors.partitioningBy(each -> each.first() < -1));
    placement = new Placement(blocks.get(false), blocks.get(true), largestArena / Float.BYTES);
  }

  /**
   * Makes the schedule of a network with the default choices.
   *
   * @param network the network
   * @param family the kernels it will use
   * @param batch the largest number of images in one run, at least 1
   * @param kept names of layers whose results are wanted besides the network's outputs
   * @param largestArena bytes that may be allocated at once
   * @throws org.lamina.network.NetworkException if a kept layer does not exist or a tensor has more
   *     elements than kernels can count, 2^31 - 1 with padding
   */
  public static Schedule of(
      Network network, Family family, int batch, Set<String> kept, long largestArena) {
    return of(network, family, batch, kept, largestArena, Choices.defaults());
  }

  /**
   * Makes the schedule of a network.
   *
   * @param network the network
   * @param family the kernels it will use
   * @param batch the largest number of images in one run, at least 1
   * @param kept names of layers whose results are wanted besides the network's outputs
   * @param largestArena bytes that may be allocated at once
   * @param choices the precision of weights and the algorithms that are wanted
   * @throws org.lamina.network.NetworkException if a kept layer does not exist or a tensor has more
   *     elements than kernels can count, 2^31 - 1 with padding
   */
  public static Schedule of(
      Network network,
      Family family,
      int batch,
      Set<String> kept,
      long largestArena,
      Choices choices) {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch must be at least 1, but is " + batch);
    }
    Set<String> all = new LinkedHashSet<>(network.outputs());
    kept.forEach(name -> all.add(network.node(name).name()));
    try {
      return new Schedule(network, family, batch, all, largestArena, choices);
    } catch (ArithmeticException e) {
      throw tooLarge(network);
    }
  }

  /** Returns the complaint about the largest tensor of a network, too large to be counted. */
  private static NetworkException tooLarge(Network network) {
    Node worst =
        network.nodes().stream().max(Comparator.comparingDouble(Schedule::elements)).orElseThrow();
    return new NetworkException(
        worst.name(),
        "from",
        String.format(
            Locale.ROOT,
            "it makes %s of %s%s; a tensor, with its padding, may have at most %,d elements",
            worst.signature().output(),
            worst.signature().input(),
            worst.signature().parameters().isEmpty()
                ? ""
                : " with weights of " + worst.signature().parameters().get(0).shape(),
            Integer.MAX_VALUE));
  }

  /** Returns the elements of the largest tensor of a layer, roughly: they may exceed a long. */
  private static double elements(Node node) {
    double most = Math.max(node.signature().input().volume(), node.signature().output().volume());
    for (Parameter parameter : node.signature().parameters()) {
      double elements = 1;
      for (int extent : parameter.shape().extents()) {
        elements *= extent;
      }
      most = Math.max(most, elements);
    }
    return most;
  }

  /** Returns the schedule of the same network for the outputs alone, without a limit on arenas. */
  public static Schedule of(Network network, Family family, int batch) {
    return of(network, family, batch, Set.of(), Long.MAX_VALUE);
  }

  private List<Placement.Block> blocks() {
    long left = lasting;
    Set<Value> roots = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Placement.Block> blocks = new ArrayList<>();
    List<Value> all = new ArrayList<>(operations.inputs().values());
    operations.operations().forEach(operation -> all.add(operation.output()));
    for (Value value : all) {
      Value root = value.root();
      if (roots.add(root)) {
        long floats = root.layout().volume(root.shape(), batch);
        boolean lasts = !root.layout().halo().isNone() && floats <= left;
        left -= lasts ? floats : 0;
        blocks.add(
            lasts
                ? new Placement.Block(root, floats, ALWAYS, operations.operations().size())
                : new Placement.Block(root, floats, root.first(), root.last()));
      }
    }
    for (int i = 0; i < operations.operations().size(); i++) {
      Operation operation = operations.operations().get(i);
      long scratch = operation.program().map(LayerProgram::scratch).orElse(0L);
      if (scratch > 0) {
        blocks.add(new Placement.Block(operation, scratch, i, i));
      }
    }
    return blocks;
  }

  /** Returns the network. */
  public Network network() {
    return network;
  }

  /** Returns the kernel family. */
  public Family family() {
    return family;
  }

  /** Returns the largest number of images in one run. */
  public int batch() {
    return batch;
  }

  /** Returns the choices it was made with. */
  public Choices choices() {
    return choices;
  }

  /** Returns the bytes of activations and working memory. */
  public long activationBytes() {
    return placement.arenas().stream().mapToLong(floats -> floats * Float.BYTES).sum();
  }

  /** Returns the bytes of weights as the kernels want them. */
  public long parameterBytes() {
    return operations.operations().stream()
        .flatMap(operation -> operation.program().stream())
        .flatMap(program -> program.parameters().stream())
        .mapToLong(PackedBuffer::floats)
        .map(floats -> floats * Float.BYTES)
        .sum();
  }

  /** Returns all bytes of device memory that the plan takes. */
  public long bytes() {
    return activationBytes() + parameterBytes();
  }

  /** Returns the bytes of the largest tensor that the host writes or reads in a run. */
  public long largestTransfer() {
    return Stream.concat(
                operations.inputs().values().stream(), operations.outputs().values().stream())
            .mapToLong(value -> value.shape().volume())
            .max()
            .orElse(0)
        * batch
        * Float.BYTES;
  }

  /** Returns the bytes of the largest single allocation. */
  public long largestAllocation() {
    long parameters =
        operations.operations().stream()
            .flatMap(operation -> operation.program().stream())
            .flatMap(program -> program.parameters().stream())
            .mapToLong(PackedBuffer::floats)
            .max()
            .orElse(0);
    long arenas = placement.arenas().stream().mapToLong(floats -> floats).max().orElse(0);
    return Math.max(parameters, arenas) * Float.BYTES;
  }

  /**
   * Returns a lower bound for {@link #activationBytes}: the largest sum, over all operations, of
   * what is alive during one of them.
   */
  public long liveBytes() {
    long most = 0;
    for (int i = 0; i < operations.operations().size(); i++) {
      int at = i;
      most =
          Math.max(
              most,
              blocks().stream()
                  .filter(block -> block.first() <= at && at <= block.last())
                  .mapToLong(Placement.Block::floats)
                  .sum());
    }
    return most * Float.BYTES;
  }

  /**
   * Returns the device bytes that every layer adds, its result and its weights, by the layer's
   * name; for telling where memory goes.
   */
  public Map<String, Long> bytesByLayer() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Operation operation : operations.operations()) {
      Value output = operation.output();
      long floats = output.layout().volume(output.shape(), batch);
      for (PackedBuffer buffer :
          operation.program().map(LayerProgram::parameters).orElse(List.of())) {
        floats += buffer.floats();
      }
      bytes.merge(
          operation.step().map(step -> step.node().name()).orElse(operation.label()),
          floats * Float.BYTES,
          Long::sum);
    }
    return bytes;
  }

  /** Returns the shapes of the results that can be read, by layer name. */
  public Map<String, Chw> outputs() {
    Map<String, Chw> shapes = new LinkedHashMap<>();
    operations.outputs().forEach((name, value) -> shapes.put(name, value.shape()));
    return shapes;
  }

  Operations operations() {
    return operations;
  }

  Placement placement() {
    return placement;
  }
}
