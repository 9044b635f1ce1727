package org.lamina.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.layer.Choices;
import org.lamina.layer.Family;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Layout;
import org.lamina.layer.Site;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;

/**
 * Turns a network into operations on values: asks every layer for its program, and puts copies
 * where a reader wants another layout than the writer makes.
 */
final class Operations {

  private final Family family;
  private final int batch;
  private final Choices choices;
  private final Set<String> kept;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Value> copies = new LinkedHashMap<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();

  /** Makes the operations of a network; {@code kept} names the results that are asked for. */
  Operations(Network network, Family family, int batch, Set<String> kept, Choices choices) {
    this.family = family;
    this.batch = batch;
    this.choices = choices;
    this.kept = kept;
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              Value value = new Value(name, shape, 1, true);
              values.put(name, value);
              inputs.put(name, value);
            });
    Fusion.inference(
            network,
            kept,
            step -> step.layer().adds(site(step)),
            (layer, next) -> layer.pools(next, family))
        .forEach(this::add);
  }

  /** Returns the operations in order. */
  List<Operation> operations() {
    return operations;
  }

  /** Returns the values the host writes, by the name of the network input. */
  Map<String, Value> inputs() {
    return inputs;
  }

  /** Returns the values the host reads, by the name of the layer. */
  Map<String, Value> outputs() {
    return outputs;
  }

  private Site site(Step step) {
    Site site = new Site(family, step.signature(), batch, step.fused().map(Node::layer), choices);
    return step.added().isPresent() ? site.adding() : site;
  }

  private void add(Step step) {
    LayerProgram program = step.layer().compile(site(step));
    List<Value> read = new ArrayList<>();
    List<String> from = step.from();
    for (int k = 0; k < from.size(); k++) {
      read.add(inLayout(values.get(from.get(k)), program.inputs().get(k)));
    }
    boolean asked = kept.contains(step.output());
    Value output =
        new Value(
            step.output(),
            step.shape(),
            program.outputVector(),
            asked && isPlanar(step.shape(), program.outputVector()));
    values.put(step.output(), output);
    operations.add(Operation.run(step, program, read, output));
    if (asked) {
      outputs.put(step.output(), output.isDense() ? output : densified(output));
    }
  }

  /** Returns whether blocks of so many channels lie in memory as planes would. */
  private static boolean isPlanar(Chw shape, int vector) {
    return vector == 1 || shape.h() * shape.w() == 1 && shape.c() % vector == 0;
  }

  /** Returns the value in the layout that a reader wants; a copy of it if need be. */
  private Value inLayout(Value value, Layout wanted) {
    boolean fits = value.vector() == wanted.vector();
    boolean grows = !value.isDense() || wanted.halo().isNone();
    Value found = value;
    if (!fits || !grows) {
      found =
          copies.computeIfAbsent(
              value.name() + "@" + wanted.vector(),
              key -> copied(value, new Value(key, value.shape(), wanted.vector(), false)));
    }
    found.wantHalo(wanted.halo());
    return found;
  }

  private Value densified(Value value) {
    return copied(value, new Value(value.name(), value.shape(), 1, true));
  }

  private Value copied(Value from, Value to) {
    operations.add(Operation.copy(from, to));
    return to;
  }
}
