package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.layer.Extent;
import org.lamina.layer.Padding;
import org.lamina.layer.Parameter;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;

/** A layer on its way out: what it reads in the graph, and what its nodes are added to. */
final class Outgoing {

  /**
   * A result in the graph.
   *
   * @param tensor its name
   * @param flat whether it is [N, C] there; otherwise [N, C, H, W]
   * @param shape what it is in the network
   */
  record Result(String tensor, boolean flat, Chw shape) {}

  private final Node node;
  private final Sheet sheet;
  private final List<Result> inputs;
  private final WeightSource weights;

  Outgoing(Node node, Sheet sheet, List<Result> inputs, WeightSource weights) {
    this.node = node;
    this.sheet = sheet;
    this.inputs = inputs;
    this.weights = weights;
  }

  Node node() {
    return node;
  }

  Sheet sheet() {
    return sheet;
  }

  int inputs() {
    return inputs.size();
  }

  Chw shape() {
    return node.signature().output();
  }

  Chw shape(int input) {
    return inputs.get(input).shape();
  }

  /** Returns an input as it is. */
  Result any(int input) {
    return inputs.get(input);
  }

  boolean allFlat() {
    return inputs.stream().allMatch(Result::flat);
  }

  /** Returns an input as [N, C, H, W]. */
  String image(int input) {
    Result x = inputs.get(input);
    return x.flat() ? reshaped(x.tensor(), name("image"), x.shape()) : x.tensor();
  }

  /** Returns an input as [N, C*H*W]. */
  String flat(int input) {
    Result x = inputs.get(input);
    return x.flat()
        ? x.tensor()
        : sheet.node("Flatten", name("flat"), List.of(x.tensor()), Sheet.integer("axis", 1));
  }

  /** Adds a step that makes images of this shape. */
  String reshaped(String tensor, String result, Chw shape) {
    String wanted = sheet.integers(node.name() + ".shape", 0, shape.c(), shape.h(), shape.w());
    return sheet.node("Reshape", result, List.of(tensor, wanted));
  }

  /** Returns a name for a step on the way to the layer's result. */
  String name(String step) {
    return sheet.unique(node.name() + "/" + step);
  }

  /** Returns all inputs as images. */
  List<String> images() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      all.add(image(i));
    }
    return all;
  }

  /** Adds a step on the way. */
  String step(String operator, String step, List<String> from, AttributeProto... attributes) {
    return sheet.node(operator, name(step), from, attributes);
  }

  /** Adds the last step, whose result is an image. */
  Result last(String operator, List<String> from, AttributeProto... attributes) {
    return new Result(
        sheet.node(operator, sheet.unique(node.name()), from, attributes), false, shape());
  }

  /** Adds the last step, whose result is as flat as the input. */
  Result same(String operator, List<String> from, AttributeProto... attributes) {
    return new Result(
        sheet.node(operator, sheet.unique(node.name()), from, attributes), any(0).flat(), shape());
  }

  /** Adds a parameter of the layer as it is. */
  String parameter(String name) {
    return parameter(name, dims(name), "", UnaryOperator.identity());
  }

  /** Adds a parameter with one value for each channel, beside images. */
  String perChannel(String name) {
    int channels = dims(name).get(0);
    return parameter(name, List.of(channels, 1, 1), "[C, 1, 1]", UnaryOperator.identity());
  }

  /** Adds a changed parameter of the layer. */
  String parameter(String name, List<Integer> dims, String change, UnaryOperator<float[]> by) {
    String from = node.name() + "." + name;
    return sheet.parameter(from, from, dims, change, () -> by.apply(values(from)));
  }

  private float[] values(String from) {
    return weights.read(from).map(Tensor::values).orElseThrow();
  }

  /** Returns the extents of a parameter. */
  List<Integer> dims(String name) {
    return node.signature().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Parameter::shape)
        .findFirst()
        .orElseThrow()
        .extents();
  }

  boolean has(String name) {
    return node.signature().parameters().stream().anyMatch(p -> p.name().equals(name));
  }

  /** Adds a number. */
  String number(String name, double value) {
    return sheet.floats(node.name() + "." + name, List.of(), (float) value);
  }

  /** Adds the same number for each of some channels. */
  String filled(String name, int channels, float value) {
    float[] all = new float[channels];
    java.util.Arrays.fill(all, value);
    return sheet.floats(node.name() + "." + name, List.of(channels), all);
  }

  static AttributeProto pair(String name, Extent extent) {
    return Sheet.integers(name, List.of(extent.h(), extent.w()));
  }

  static AttributeProto pads(Padding pad) {
    return Sheet.integers("pads", List.of(pad.top(), pad.left(), pad.bottom(), pad.right()));
  }

  /** Adds the last step that pads, before and after every axis. */
  String padded(String from, String result, int[] before, int[] after, double value) {
    long[] pads = new long[8];
    for (int i = 0; i < 3; i++) {
      pads[i + 1] = before[i];
      pads[i + 5] = after[i];
    }
    String amounts = sheet.integers(node.name() + ".pads", pads);
    return sheet.node("Pad", result, List.of(from, amounts, number("value", value)));
  }

  /** Returns what messages and reports call a parameter. */
  static String parameterName(Node node, Parameter parameter) {
    return Weights.name(node, parameter);
  }
}
