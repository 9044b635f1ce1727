package org.lamina.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.lamina.engine.ParameterTable.Segment;
import org.lamina.layer.Floats;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** The parameters of a training plan on the device, their gradients, and running statistics. */
final class ParameterMemory {

  private final ParameterTable trainedTable;
  private final ParameterTable frozenTable;
  private final ParameterTable statisticsTable;
  private final DeviceBuffer trained;
  private final DeviceBuffer gradients;
  private final DeviceBuffer frozen;
  private final DeviceBuffer statistics;

  ParameterMemory(TrainingSchedule schedule, Session session, List<DeviceBuffer> owned) {
    trainedTable = schedule.trained();
    frozenTable = schedule.frozen();
    statisticsTable = schedule.statistics();
    trained = allocate(session, "parameters", trainedTable, owned);
    gradients = allocate(session, "gradients", trainedTable, owned);
    frozen = allocate(session, "frozen parameters", frozenTable, owned);
    statistics = allocate(session, "running statistics", statisticsTable, owned);
  }

  private static DeviceBuffer allocate(
      Session session, String purpose, ParameterTable table, List<DeviceBuffer> owned) {
    long floats = Math.max(1, table.floats());
    DeviceBuffer buffer = session.allocate(purpose, floats);
    owned.add(buffer);
    zero(buffer);
    return buffer;
  }

  /** Writes zeros, a piece at a time: a mapping may not have 2 GiB. */
  private static void zero(DeviceBuffer buffer) {
    long piece = 1 << 24;
    for (long at = 0; at < buffer.floats(); at += piece) {
      long count = Math.min(piece, buffer.floats() - at);
      buffer.write(at, FloatBuffer.allocate((int) count));
    }
  }

  /** Fills everything. */
  void load(Function<String, Tensor> weights) {
    List<Segment> all = new ArrayList<>(trainedTable.segments());
    all.addAll(frozenTable.segments());
    all.addAll(statisticsTable.segments());
    all.forEach(segment -> write(segment.name(), weights.apply(segment.name())));
  }

  /** Returns where a parameter or statistic lies. */
  Floats place(String name) {
    if (trainedTable.contains(name)) {
      return new Floats(trained, trainedTable.segment(name).offset());
    }
    if (frozenTable.contains(name)) {
      return new Floats(frozen, frozenTable.segment(name).offset());
    }
    return new Floats(statistics, statisticsTable.segment(name).offset());
  }

  private Segment segment(String name) {
    if (trainedTable.contains(name)) {
      return trainedTable.segment(name);
    }
    return frozenTable.contains(name) ? frozenTable.segment(name) : statisticsTable.segment(name);
  }

  /** Returns where the gradient of a trained parameter lies. */
  Floats gradient(String name) {
    return new Floats(gradients, trainedTable.segment(name).offset());
  }

  DeviceBuffer trained() {
    return trained;
  }

  DeviceBuffer gradients() {
    return gradients;
  }

  DeviceBuffer statistics() {
    return statistics;
  }

  void write(String name, Tensor tensor) {
    Segment segment = segment(name);
    if (!tensor.shape().equals(segment.shape())) {
      throw new IllegalArgumentException(
          "%s must be %s, but is %s".formatted(name, segment.shape(), tensor.shape()));
    }
    Floats place = place(name);
    place.buffer().write(place.offset(), FloatBuffer.wrap(tensor.values()));
  }

  Tensor read(String name) {
    return read(segment(name), place(name));
  }

  Tensor readGradient(String name) {
    return read(segment(name), gradient(name));
  }

  private static Tensor read(Segment segment, Floats place) {
    Tensor tensor = Tensor.zeros(segment.shape());
    place.buffer().read(place.offset(), FloatBuffer.wrap(tensor.values()));
    return tensor;
  }
}
