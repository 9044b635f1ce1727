package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.formats.onnx.Operand.Constant;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.formats.onnx.schema.NodeProto;
import org.lamina.formats.onnx.schema.TensorProto;

/** A node with what it reads. */
final class Call {

  private final NodeProto node;
  private final int opset;
  private final List<Optional<Operand>> inputs;
  private final Map<String, AttributeProto> attributes = new HashMap<>();
  private final Assembly net;
  private final Elements elements;
  private final Map<String, Integer> reads;
  private final Set<String> results;

  /** Thrown if an operator must know beforehand what depends on an input of the model. */
  static final class Demand extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String tensor;

    private Demand(String tensor) {
      super("a value is needed of " + tensor, null, false, false);
      this.tensor = tensor;
    }

    /** Returns the name of the tensor that must be known. */
    String tensor() {
      return tensor;
    }
  }

  /**
   * Makes a call.
   *
   * @param inputs what the node reads; empty where an optional input is left out
   * @param reads how often every tensor of the model is read; the model's results once more
   * @param results the model's results
   */
  Call(
      NodeProto node,
      int opset,
      List<Optional<Operand>> inputs,
      Assembly net,
      Elements elements,
      Map<String, Integer> reads,
      Set<String> results) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.net = net;
    this.elements = elements;
    this.reads = reads;
    this.results = results;
    node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
  }

  NodeProto node() {
    return node;
  }

  /** Returns the version of the operators. */
  int opset() {
    return opset;
  }

  /** Returns the network that is being made. */
  Assembly net() {
    return net;
  }

  String operator() {
    return node.getOpType();
  }

  /** Returns what to call a layer made of this node. */
  String hint() {
    return !node.getName().isEmpty()
        ? node.getName()
        : node.getOutputCount() > 0 ? node.getOutput(0) : operator().toLowerCase(Locale.ROOT);
  }

  /** Returns what to call a layer with these weights. */
  String hint(Values weight) {
    String layer = LayerNames.ofWeight(weight.name());
    return layer.isEmpty() ? hint() : layer;
  }

  /** Returns the number of results that somebody may read. */
  int outputs() {
    return node.getOutputCount();
  }

  /** Returns whether a result is named, so that somebody may read it. */
  boolean wants(int output) {
    return output < outputs() && !node.getOutput(output).isEmpty();
  }

  /** Returns whether a result is read. */
  boolean isRead(int output) {
    return wants(output) && reads.getOrDefault(node.getOutput(output), 0) > 0;
  }

  /** Returns whether a result is one of the model's. */
  boolean isResult(int output) {
    return wants(output) && results.contains(node.getOutput(output));
  }

  /** Returns whether nobody else reads an input. */
  boolean isOnlyReader(int input) {
    return reads.getOrDefault(node.getInput(input), 0) == 1;
  }

  int count() {
    return inputs.size();
  }

  /** Returns whether an optional input is there. */
  boolean has(int input) {
    return input < inputs.size() && inputs.get(input).isPresent();
  }

  /**
   * Returns an input.
   *
   * @throws Unfit if it is missing
   */
  Operand input(int input) {
    if (!has(input)) {
      throw Unfit.because("input %d is missing", input + 1);
    }
    return inputs.get(input).orElseThrow();
  }

  boolean isConstant(int input) {
    return input(input) instanceof Constant;
  }

  /**
   * Returns an input that is computed when the network runs.
   *
   * @throws Unfit if it is a constant or missing
   */
  Activation activation(int input) {
    if (input(input) instanceof Activation activation) {
      return activation;
    }
    throw Unfit.because(
        "input %d, '%s', is a constant, and what is computed from constants alone is no layer",
        input + 1, node.getInput(input));
  }

  /**
   * Returns an input that must be known beforehand.
   *
   * @throws Demand if it is computed when the network runs, or given to it
   */
  Values constant(int input) {
    if (input(input) instanceof Constant constant) {
      return constant.values();
    }
    throw new Demand(node.getInput(input));
  }

  /** Returns an input that must be known beforehand, if it is there. */
  Optional<Values> optional(int input) {
    return has(input) ? Optional.of(constant(input)) : Optional.empty();
  }

  /**
   * Sees to it that all inputs have the same batch, if there is one: what has another, or fewer
   * axes, can only be a constant.
   *
   * @throws Demand if an input is none
   */
  void alignBatches() {
    int rank = 0;
    int batch = 1;
    for (int i = 0; i < count(); i++) {
      rank = Math.max(rank, has(i) ? input(i).dims().size() : 0);
    }
    for (int i = 0; i < count(); i++) {
      if (has(i) && input(i).dims().size() == rank && rank > 0) {
        batch = Math.max(batch, input(i).dims().get(0));
      }
    }
    for (int i = 0; net.batched() && i < count(); i++) {
      List<Integer> dims = has(i) ? input(i).dims() : List.of();
      if (has(i) && (dims.size() < rank || rank > 0 && dims.get(0) != batch)) {
        constant(i);
      }
    }
  }

  boolean hasAttribute(String name) {
    return attributes.containsKey(name);
  }

  long integer(String name, long fallback) {
    return hasAttribute(name) ? attributes.get(name).getI() : fallback;
  }

  float number(String name, float fallback) {
    return hasAttribute(name) ? attributes.get(name).getF() : fallback;
  }

  String text(String name, String fallback) {
    return hasAttribute(name) ? attributes.get(name).getS().toStringUtf8() : fallback;
  }

  Optional<TensorProto> tensor(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeProto::getT);
  }

  List<Float> numbers(String name) {
    return hasAttribute(name) ? attributes.get(name).getFloatsList() : List.of();
  }

  Elements elements() {
    return elements;
  }

  /** Returns a list of integers held within what an int can be; empty if it is not there. */
  Optional<int[]> integers(String name) {
    return Optional.ofNullable(attributes.get(name))
        .map(
            attribute ->
                attribute.getIntsList().stream()
                    .mapToInt(
                        v -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, v)))
                    .toArray());
  }

  /** Returns integers that were an attribute once and are an input now; empty if neither is. */
  Optional<int[]> integers(String attribute, int input) {
    return has(input) ? Optional.of(constant(input).ints()) : integers(attribute);
  }

  /** Returns fields of a layer, in order. */
  static Map<String, Object> fields(Object... keysAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return fields;
  }

  /** Returns all inputs, which must be computed when the network runs. */
  List<Activation> activations() {
    List<Activation> all = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      all.add(activation(i));
    }
    return all;
  }
}
