package org.lamina.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Floats;
import org.lamina.layer.GradientProgram;
import org.lamina.layer.GradientSite;
import org.lamina.layer.Halo;
import org.lamina.layer.Launch;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Layout;
import org.lamina.layer.Learning;
import org.lamina.layer.Parameter;
import org.lamina.layer.Phase;
import org.lamina.layer.Reorder;
import org.lamina.layer.View;
import org.lamina.network.Node;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Philox;

/** Turns a training schedule into memory and launches on a device; used once. */
final class TrainingBinding {

  private final TrainingSchedule schedule;
  private final Session session;
  private final ParameterMemory parameters;
  private final Packings packings;
  private final LossMemory losses;
  private final DeviceBuffer samples;
  private final List<DeviceBuffer> arenas = new ArrayList<>();

  TrainingBinding(
      TrainingSchedule schedule,
      Session session,
      ParameterMemory parameters,
      Packings packings,
      LossMemory losses,
      List<DeviceBuffer> owned) {
    this.schedule = schedule;
    this.session = session;
    this.parameters = parameters;
    this.packings = packings;
    this.losses = losses;
    for (long floats : schedule.placement().arenas()) {
      DeviceBuffer arena = session.allocate("activations and gradients", floats);
      owned.add(arena);
      arenas.add(arena);
    }
    samples = session.allocate("sample numbers", schedule.options().batch());
    owned.add(samples);
  }

  /** Returns the launches of every task, in order. */
  List<List<Launch>> launches() {
    Map<Value, Boolean> cleared = new IdentityHashMap<>();
    List<List<Launch>> all = new ArrayList<>();
    for (Task task : schedule.tasks()) {
      List<Launch> launches = new ArrayList<>();
      for (Value value : task.writes()) {
        Value root = value.root();
        if (!root.layout().halo().isNone() && cleared.put(root, true) == null) {
          launches.add(Halo.zero(session, view(root), root.layout().halo()));
        }
      }
      launches.addAll(task.maker().launches(this, task));
      all.add(List.copyOf(launches));
    }
    return all;
  }

  DeviceBuffer samples() {
    return samples;
  }

  List<DeviceBuffer> arenas() {
    return arenas;
  }

  /** Returns where a value lies. */
  View view(Value value) {
    Value root = value.root();
    Placement.Place place = schedule.placement().of(root);
    View whole = View.of(arenas.get(place.arena()), place.offset(), root.shape(), root.layout());
    return value == root ? whole : whole.slice(value.channel(), value.shape().c());
  }

  private Floats floats(Storage storage) {
    if (storage.floats() == 0) {
      return new Floats(arenas.get(0), 0);
    }
    Placement.Place place = schedule.placement().of(storage);
    return new Floats(arenas.get(place.arena()), place.offset());
  }

  List<Launch> copy(Task task) {
    return List.of(Reorder.bind(session, view(task.reads().get(0)), view(task.writes().get(0))));
  }

  List<Launch> sum(Task task) {
    return List.of(
        org.lamina.layer.Sum.bind(
            session,
            schedule.family(),
            view(task.reads().get(0)),
            view(task.reads().get(1)),
            view(task.writes().get(0))));
  }

  List<Launch> loss(Task task, int index) {
    View x = view(task.reads().get(0));
    boolean backward = !task.writes().isEmpty();
    View dx = backward ? view(task.writes().get(0)) : x;
    return List.of(losses.bind(session, index, x, dx, backward));
  }

  List<Launch> forward(Task task, LayerProgram program, Phase phase) {
    Floats scratch = floats(task.storage().get(0));
    Node node = task.node().orElseThrow();
    return program
        .binder()
        .bind(
            new LayerProgram.Bindings(
                session,
                schedule.family(),
                task.reads().stream().map(this::view).toList(),
                view(task.writes().get(0)),
                packed(task),
                scratch.buffer(),
                scratch.offset(),
                Optional.of(learning(node, task))));
  }

  List<Launch> backward(Task task, GradientProgram program, GradientSite site) {
    Node node = task.node().orElseThrow();
    // dy comes first, then what is read of the way forward.
    Iterator<Value> reads = task.reads().iterator();
    final View gradient = view(reads.next());
    List<Optional<View>> inputs = new ArrayList<>();
    for (Optional<Layout> input : program.inputs()) {
      inputs.add(input.map(layout -> view(reads.next())));
    }
    Optional<View> output = program.output().map(layout -> view(reads.next()));
    List<Optional<View>> gradients = new ArrayList<>();
    int next = 0;
    for (boolean wanted : site.inputs()) {
      gradients.add(wanted ? Optional.of(view(task.writes().get(next++))) : Optional.empty());
    }
    List<Optional<Floats>> learned = new ArrayList<>();
    for (int k = 0; k < site.parameters().size(); k++) {
      String name = node.name() + "." + node.signature().parameters().get(k).name();
      learned.add(
          site.wantsParameter(k) ? Optional.of(parameters.gradient(name)) : Optional.empty());
    }
    return program
        .binder()
        .bind(
            new GradientProgram.Bindings(
                session,
                schedule.family(),
                inputs,
                output,
                gradient,
                gradients,
                learned,
                packed(task),
                learning(node, task),
                floats(task.storage().get(0))));
  }

  private List<DeviceBuffer> packed(Task task) {
    Node node = task.node().orElseThrow();
    return task.packed().stream().map(wanted -> packings.buffer(wanted, node)).toList();
  }

  private Learning learning(Node node, Task task) {
    List<Floats> values = new ArrayList<>();
    for (Parameter parameter : node.signature().parameters()) {
      values.add(parameters.place(node.name() + "." + parameter.name()));
    }
    Storage state = task.storage().get(task.storage().size() - 1);
    return new Learning(
        values, floats(state), new Floats(samples, 0), (int) Philox.stream(node.name()));
  }
}
