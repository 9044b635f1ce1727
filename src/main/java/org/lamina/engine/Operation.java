package org.lamina.engine;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram;

/**
 * One thing a plan does: run a step, or copy a value into another layout.
 *
 * @param label what it is called in reports
 * @param step the layers; none for a copy
 * @param program their program; none for a copy
 * @param inputs the values it reads
 * @param output the value it writes
 */
record Operation(
    String label,
    Optional<Step> step,
    Optional<LayerProgram> program,
    List<Value> inputs,
    Value output) {

  static Operation copy(Value from, Value to) {
    return new Operation(
        "copy " + from.name(), Optional.empty(), Optional.empty(), List.of(from), to);
  }

  static Operation run(Step step, LayerProgram program, List<Value> inputs, Value output) {
    return new Operation(step.label(), Optional.of(step), Optional.of(program), inputs, output);
  }
}
