package org.lamina.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.lamina.engine.ParameterTable.Segment;
import org.lamina.layer.View;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.tensor.Tensor;

/** Finds the first value of a step that is NaN or infinite. */
final class Diagnosis {

  private final TrainingSchedule schedule;
  private final TrainingBinding binding;
  private final ParameterMemory parameters;

  Diagnosis(TrainingSchedule schedule, TrainingBinding binding, ParameterMemory parameters) {
    this.schedule = schedule;
    this.binding = binding;
    this.parameters = parameters;
  }

  /** Returns what is wrong with inputs and parameters, if anything. */
  Optional<String> before(int images) {
    for (var input : schedule.trainingInputs().entrySet()) {
      Optional<String> found = check("input " + input.getKey(), input.getValue(), images);
      if (found.isPresent()) {
        return found;
      }
    }
    return first(schedule.trained(), false)
        .or(() -> first(schedule.frozen(), false))
        .or(() -> first(schedule.statistics(), false));
  }

  /** Returns what is wrong with the results of a task that has just run. */
  Optional<String> after(Task task, int images) {
    for (Value value : task.writes()) {
      Optional<String> found = check(task.label(), value, images);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Returns what is wrong with the gradients of the parameters. */
  Optional<String> gradients() {
    return first(schedule.trained(), true);
  }

  private Optional<String> first(ParameterTable table, boolean gradient) {
    List<Segment> segments = table.segments();
    for (Segment segment : segments) {
      String name = segment.name();
      Tensor tensor = gradient ? parameters.readGradient(name) : parameters.read(name);
      for (float v : tensor.values()) {
        if (!Float.isFinite(v)) {
          return Optional.of("%s%s: has %s".formatted(gradient ? "gradient of " : "", name, v));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> check(String what, Value value, int images) {
    View view = binding.view(value);
    DeviceBuffer buffer = view.buffer();
    long last =
        view.offset()
            + (images - 1L) * view.image()
            + (view.blocks() - 1L) * view.plane()
            + (view.shape().h() - 1L) * view.row()
            + (long) view.shape().w() * view.vector();
    float[] values = new float[Math.toIntExact(last - view.offset())];
    buffer.read(view.offset(), FloatBuffer.wrap(values));
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < view.shape().c(); c++) {
        int plane = n * view.image() + c / view.vector() * view.plane() + c % view.vector();
        for (int h = 0; h < view.shape().h(); h++) {
          for (int w = 0; w < view.shape().w(); w++) {
            float v = values[plane + h * view.row() + w * view.vector()];
            if (!Float.isFinite(v)) {
              return Optional.of(
                  "%s: image %d, channel %d, pixel (%d, %d) is %s".formatted(what, n, c, h, w, v));
            }
          }
        }
      }
    }
    return Optional.empty();
  }
}
