package org.lamina.formats.onnx;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.formats.onnx.schema.NodeProto;

/** A graph that is being written: its nodes, and its tensors, whose values come when written. */
final class Sheet {

  /** The numbers of types of attributes. */
  private static final int FLOAT = 1;

  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int INTS = 7;

  /**
   * A tensor of the graph.
   *
   * @param name its name there
   * @param dims its extents
   * @param integers whether it holds 64-bit integers
   * @param values a {@code float[]} or {@code long[]}
   * @param from the parameter it comes from; empty if it is a constant
   * @param change what was done to that
   */
  record Stored(
      String name,
      List<Integer> dims,
      boolean integers,
      Supplier<?> values,
      String from,
      String change) {}

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<Stored> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  List<NodeProto> nodes() {
    return nodes;
  }

  List<Stored> tensors() {
    return tensors;
  }

  /** Makes a name unique by a number. */
  String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * Adds a node with one result.
   *
   * @param result the name of node and result
   */
  String node(String operator, String result, List<String> inputs, AttributeProto... attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(result)
            .addAllInput(inputs)
            .addOutput(result)
            .addAllAttribute(List.of(attributes))
            .build());
    return result;
  }

  /** Adds a tensor of floats. */
  String floats(String name, List<Integer> dims, float... values) {
    String unique = unique(name);
    tensors.add(new Stored(unique, dims, false, () -> values, "", ""));
    return unique;
  }

  /** Adds a list of integers. */
  String integers(String name, long... values) {
    String unique = unique(name);
    tensors.add(new Stored(unique, List.of(values.length), true, () -> values, "", ""));
    return unique;
  }

  /** Adds a tensor of floats that comes from a parameter. */
  String parameter(
      String name, String from, List<Integer> dims, String change, Supplier<float[]> values) {
    String unique = unique(name);
    tensors.add(new Stored(unique, dims, false, values, from, change));
    return unique;
  }

  static AttributeProto number(String name, double value) {
    return AttributeProto.newBuilder().setName(name).setType(FLOAT).setF((float) value).build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(INT).setI(value).build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto integers(String name, List<Integer> values) {
    AttributeProto.Builder builder = AttributeProto.newBuilder().setName(name).setType(INTS);
    values.forEach(builder::addInts);
    return builder.build();
  }
}
