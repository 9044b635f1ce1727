package org.lamina.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.layer.Add;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.Flatten;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Relu;
import org.lamina.layer.Rounding;
import org.lamina.layer.Softmax;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.WeightSource;

/** Writes a network with one input and one output as an ONNX model (opset 13) for the peer. */
final class OnnxModel {

  private static final long IR_VERSION = 8;
  private static final long OPSET = 13;
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private final Message graph = new Message();
  private final WeightSource weights;

  private OnnxModel(WeightSource weights) {
    this.weights = weights;
  }

  static Message of(Network network, WeightSource weights) {
    OnnxModel model = new OnnxModel(weights);
    network.nodes().forEach(model::add);
    model.graph.text(2, network.name());
    for (Map.Entry<String, Chw> input : network.inputs().entrySet()) {
      Chw shape = input.getValue();
      model.graph.message(11, port(input.getKey(), List.of(shape.c(), shape.h(), shape.w())));
    }
    for (String output : network.outputs()) {
      model.graph.message(12, new Message().text(1, output).message(2, anyFloats()));
    }
    return new Message()
        .number(1, IR_VERSION)
        .text(2, "lamina-benchmarks")
        .message(7, model.graph)
        .message(8, new Message().text(1, "").number(2, OPSET));
  }

  private static Message anyFloats() {
    return new Message().message(1, new Message().number(1, FLOAT));
  }

  private static Message port(String name, List<Integer> image) {
    Message shape = new Message().message(1, new Message().text(2, "N"));
    image.forEach(extent -> shape.message(1, new Message().number(1, extent)));
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private void add(Node node) {
    Layer layer = node.layer();
    if (layer instanceof Convolution conv) {
      Message made = operation("Conv", node, withParameters(node, "weight", "bias"));
      window(made, conv.kernel(), conv.stride(), conv.pad());
      ints(made, "dilations", conv.dilation().h(), conv.dilation().w());
      integer(made, "group", conv.groups());
      graph.message(1, made);
    } else if (layer instanceof FullyConnected) {
      String flat = node.name() + "/flat";
      graph.message(1, named("Flatten", flat, node.from(), flat));
      List<String> inputs = new ArrayList<>(withParameters(node, "weight", "bias"));
      inputs.set(0, flat);
      Message made = operation("Gemm", node, inputs);
      integer(made, "transB", 1);
      graph.message(1, made);
    } else if (layer instanceof MaxPooling pool) {
      Message made = operation("MaxPool", node, node.from());
      window(made, pool.kernel(), pool.stride(), pool.pad());
      integer(made, "ceil_mode", pool.round() == Rounding.CEIL ? 1 : 0);
      graph.message(1, made);
    } else if (layer instanceof AveragePooling pool) {
      Message made = operation("AveragePool", node, node.from());
      window(made, pool.kernel(), pool.stride(), pool.pad());
      integer(made, "ceil_mode", pool.round() == Rounding.CEIL ? 1 : 0);
      integer(made, "count_include_pad", pool.countPadding() ? 1 : 0);
      graph.message(1, made);
    } else if (layer instanceof LocalResponseNormalization lrn) {
      Message made = operation("LRN", node, node.from());
      real(made, "alpha", lrn.average() ? lrn.alpha() : lrn.alpha() * lrn.size());
      real(made, "beta", lrn.beta());
      real(made, "bias", lrn.k());
      integer(made, "size", lrn.size());
      graph.message(1, made);
    } else if (layer instanceof BatchNormalization norm) {
      Message made =
          operation(
              "BatchNormalization",
              node,
              withParameters(node, "weight", "bias", "running_mean", "running_var"));
      real(made, "epsilon", norm.epsilon());
      graph.message(1, made);
    } else {
      graph.message(1, simple(node));
    }
  }

  private static Message simple(Node node) {
    Layer layer = node.layer();
    if (layer instanceof Softmax || layer instanceof Concat) {
      Message made = operation(layer instanceof Softmax ? "Softmax" : "Concat", node, node.from());
      integer(made, "axis", 1);
      return made;
    }
    Map<Class<?>, String> types =
        Map.of(
            Relu.class, "Relu",
            Add.class, "Add",
            Flatten.class, "Flatten",
            Dropout.class, "Identity",
            GlobalAveragePooling.class, "GlobalAveragePool");
    String type = types.get(layer.getClass());
    if (type == null) {
      throw new IllegalArgumentException(
          "layer '%s': no peer is given a %s".formatted(node.name(), layer.key()));
    }
    return operation(type, node, node.from());
  }

  /** Returns the inputs of a node and its parameters, which become part of the model. */
  private List<String> withParameters(Node node, String... parameters) {
    List<String> inputs = new ArrayList<>(node.from());
    for (String parameter : parameters) {
      String name = node.name() + "." + parameter;
      weights.read(name).ifPresent(tensor -> graph.message(5, initializer(name, tensor)));
      if (weights.shapes().containsKey(name)) {
        inputs.add(name);
      }
    }
    return inputs;
  }

  private static Message initializer(String name, Tensor tensor) {
    Message made = new Message();
    Shape shape = tensor.shape();
    for (int extent : shape.extents()) {
      made.number(1, extent);
    }
    return made.number(2, FLOAT).text(8, name).floats(9, tensor.values());
  }

  private static Message operation(String type, Node node, List<String> inputs) {
    return named(type, node.name(), inputs, node.name());
  }

  private static Message named(String type, String name, List<String> inputs, String output) {
    Message made = new Message();
    inputs.forEach(input -> made.text(1, input));
    return made.text(2, output).text(3, name).text(4, type);
  }

  private static void window(Message made, Extent kernel, Extent stride, Padding pad) {
    ints(made, "kernel_shape", kernel.h(), kernel.w());
    ints(made, "strides", stride.h(), stride.w());
    ints(made, "pads", pad.top(), pad.left(), pad.bottom(), pad.right());
  }

  private static void ints(Message made, String name, int... values) {
    Message attribute = new Message().text(1, name);
    for (int value : values) {
      attribute.number(8, value);
    }
    made.message(5, attribute.number(20, ATTRIBUTE_INTS));
  }

  private static void integer(Message made, String name, int value) {
    made.message(5, new Message().text(1, name).number(3, value).number(20, ATTRIBUTE_INT));
  }

  private static void real(Message made, String name, double value) {
    made.message(5, new Message().text(1, name).real(2, (float) value).number(20, ATTRIBUTE_FLOAT));
  }
}
