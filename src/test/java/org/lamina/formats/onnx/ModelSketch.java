package org.lamina.formats.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.formats.onnx.schema.GraphProto;
import org.lamina.formats.onnx.schema.ModelProto;
import org.lamina.formats.onnx.schema.NodeProto;
import org.lamina.formats.onnx.schema.OperatorSetIdProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.formats.onnx.schema.TensorShapeProto;
import org.lamina.formats.onnx.schema.TensorShapeProto.Dimension;
import org.lamina.formats.onnx.schema.TypeProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;

/** A model written by a test: inputs, initialised tensors, nodes. */
final class ModelSketch {

  private final int opset;
  private final Random random;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sketch");
  private final Map<String, float[]> inputs = new LinkedHashMap<>();
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  ModelSketch(int opset, long seed) {
    this.opset = opset;
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  int opset() {
    return opset;
  }

  /** Adds an input with random values. */
  String input(String name, int... dims) {
    graph.addInput(info(name, dims));
    inputs.put(name, values(dims));
    shapes.put(name, Arrays.stream(dims).asLongStream().toArray());
    return name;
  }

  float[] values(int... dims) {
    float[] values = new float[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Adds a tensor with random values. */
  String weights(String name, int... dims) {
    return floats(name, dims, values(dims));
  }

  String floats(String name, int[] dims, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    graph.addInitializer(tensor(name, 1, dims).setRawData(ByteString.copyFrom(bytes)));
    return name;
  }

  String integers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    graph.addInitializer(tensor(name, 7, values.length).setRawData(ByteString.copyFrom(bytes)));
    return name;
  }

  static TensorProto.Builder tensor(String name, int type, int... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    Arrays.stream(dims).forEach(tensor::addDims);
    return tensor;
  }

  /** Adds a tensor as it is. */
  ModelSketch tensor(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** Adds a node with results called after it. */
  void node(String operator, List<String> from, List<String> to, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName("the_" + operator)
            .addAllInput(from)
            .addAllOutput(to)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds results of unknown extents, which no engine minds. */
  ModelSketch outputs(List<String> names) {
    for (String name : names) {
      graph.addOutput(
          ValueInfoProto.newBuilder()
              .setName(name)
              .setType(
                  TypeProto.newBuilder()
                      .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))));
    }
    return this;
  }

  private static ValueInfoProto info(String name, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    Arrays.stream(dims).forEach(d -> shape.addDim(Dimension.newBuilder().setDimValue(d)));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
        .build();
  }

  Map<String, float[]> inputs() {
    return inputs;
  }

  Map<String, long[]> shapes() {
    return shapes;
  }

  ModelProto build() {
    return ModelProto.newBuilder()
        .setIrVersion(opset >= 21 ? 10 : 8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
        .setGraph(graph)
        .build();
  }

  static AttributeProto ints(String name, int... values) {
    return Sheet.integers(name, Arrays.stream(values).boxed().toList());
  }
}
