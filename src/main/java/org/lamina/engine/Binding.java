package org.lamina.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamina.engine.Plan.Stage;
import org.lamina.layer.Folding;
import org.lamina.layer.Halo;
import org.lamina.layer.Launch;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.layer.PackedBuffer;
import org.lamina.layer.Parameter;
import org.lamina.layer.Reorder;
import org.lamina.layer.View;
import org.lamina.network.Node;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** Turns a schedule into memory and launches on a device; used once. */
final class Binding {

  private final Schedule schedule;
  private final Session session;
  private final List<DeviceBuffer> owned;
  private final List<DeviceBuffer> arenas = new ArrayList<>();
  private final Map<Value, View> lent = new IdentityHashMap<>();

  /** Allocates the arenas; everything allocated is added to {@code owned} at once. */
  Binding(Schedule schedule, Session session, List<DeviceBuffer> owned) {
    this.schedule = schedule;
    this.session = session;
    this.owned = owned;
    for (long floats : schedule.placement().arenas()) {
      arenas.add(allocate(floats));
    }
  }

  private DeviceBuffer allocate(long floats) {
    DeviceBuffer buffer = session.allocate(floats);
    owned.add(buffer);
    return buffer;
  }

  /** Makes a value that the host writes lie in memory shared with the host, not in its arena. */
  void lend(Value input, DeviceBuffer shared) {
    owned.add(shared);
    lent.put(input, View.of(shared, 0, input.shape(), input.layout()));
  }

  /** Returns where a value lies. */
  View view(Value value) {
    if (lent.containsKey(value)) {
      return lent.get(value);
    }
    Value root = value.root();
    Placement.Place place = schedule.placement().of(root);
    View whole = View.of(arenas.get(place.arena()), place.offset(), root.shape(), root.layout());
    return value == root ? whole : whole.slice(value.channel(), value.shape().c());
  }

  /** Loads the weights and binds every operation. */
  List<Stage> stages(Function<String, Tensor> weights) {
    List<Operation> operations = schedule.operations().operations();
    Map<Value, Boolean> cleared = new IdentityHashMap<>();
    List<Stage> stages = new ArrayList<>();
    for (Operation operation : operations) {
      List<Launch> launches = new ArrayList<>();
      Value root = operation.output().root();
      if (!root.layout().halo().isNone() && cleared.put(root, true) == null) {
        Launch zeros = Halo.zero(session, view(root), root.layout().halo());
        if (schedule.placement().lasts(root)) {
          zeros.enqueue(schedule.batch());
        } else { // the memory held something else before, so they are written in every run
          launches.add(zeros);
        }
      }
      launches.addAll(launches(operation, weights));
      stages.add(new Stage(operation, List.copyOf(launches)));
    }
    return List.copyOf(stages);
  }

  private List<Launch> launches(Operation operation, Function<String, Tensor> weights) {
    View output = view(operation.output());
    if (operation.step().isEmpty()) {
      return List.of(Reorder.bind(session, view(operation.inputs().get(0)), output));
    }
    LayerProgram program = operation.program().orElseThrow();
    Placement.Place scratch =
        program.scratch() == 0 ? new Placement.Place(0, 0) : schedule.placement().of(operation);
    return program
        .binder()
        .bind(
            new Bindings(
                session,
                schedule.family(),
                operation.inputs().stream().map(this::view).toList(),
                output,
                parameters(operation.step().get(), program, weights),
                arenas.get(scratch.arena()),
                scratch.offset()));
  }

  private List<DeviceBuffer> parameters(
      Step step, LayerProgram program, Function<String, Tensor> weights) {
    if (program.parameters().isEmpty()) {
      return List.of();
    }
    Node node = step.node();
    List<Tensor> tensors = tensors(node, weights);
    for (Node folded : step.folded()) {
      tensors = Folding.fold(tensors, folded.layer(), tensors(folded, weights));
    }
    return packed(node, program, tensors);
  }

  private static List<Tensor> tensors(Node node, Function<String, Tensor> weights) {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : node.signature().parameters()) {
      String name = node.name() + "." + parameter.name();
      Tensor tensor = weights.apply(name);
      if (!tensor.shape().equals(parameter.shape())) {
        throw new IllegalArgumentException(
            "%s must be %s, but is %s".formatted(name, parameter.shape(), tensor.shape()));
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private List<DeviceBuffer> packed(Node node, LayerProgram program, List<Tensor> tensors) {
    List<DeviceBuffer> packed = new ArrayList<>();
    for (PackedBuffer wanted : program.parameters()) {
      DeviceBuffer buffer = allocate(wanted.floats());
      buffer.writeMapped(
          out -> {
            wanted.packer().pack(tensors, out);
            if (out.hasRemaining()) {
              throw new IllegalStateException(
                  "%s of %s was not filled: %d floats are missing"
                      .formatted(wanted.name(), node.name(), out.remaining()));
            }
          });
      packed.add(buffer);
    }
    return packed;
  }
}
