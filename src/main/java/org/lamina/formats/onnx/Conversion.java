package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.FormatException;
import org.lamina.formats.Unsupported;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.formats.onnx.Operand.Constant;
import org.lamina.formats.onnx.Operand.Unknown;
import org.lamina.formats.onnx.schema.GraphProto;
import org.lamina.formats.onnx.schema.NodeProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;
import org.lamina.weights.Printable;

/**
 * A graph becoming a network, under one assumption: that the first axis is the batch, or that it is
 * not. Nodes that have no form are noted, and what depends on them is passed over, so that all of
 * them are found.
 */
final class Conversion {

  private final OnnxFile file;
  private final GraphProto graph;
  private final int opset;
  private final boolean folds;
  private final Set<String> offered;
  private final Assembly net;
  private final Folding folding = new Folding();
  private final Map<String, Operand> tensors = new HashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();
  private final Set<String> results = new HashSet<>();
  private final Map<String, String> inputs = new LinkedHashMap<>();
  private final List<Unsupported> unsupported = new ArrayList<>();

  private Conversion(OnnxFile file, boolean batched, Set<String> offered, boolean folds) {
    this.file = file;
    this.folds = folds;
    graph = file.model().getGraph();
    this.offered = new HashSet<>(offered);
    graph.getInitializerList().forEach(tensor -> this.offered.add(tensor.getName()));
    opset = file.opset();
    net = new Assembly(batched);
  }

  /**
   * Converts a graph.
   *
   * @param constants the values of graph inputs that are taken for constants
   * @param offered the graph inputs that could be
   * @param shapes the extents of the other graph inputs
   * @param folds whether operators on constants are worked out
   * @throws FormatException if the graph itself is wrong
   * @throws Call.Demand if an operator must know something beforehand that depends on an input
   */
  static Conversion of(
      OnnxFile file,
      boolean batched,
      Map<String, Values> constants,
      Set<String> offered,
      Map<String, List<Integer>> shapes,
      boolean folds) {
    Conversion conversion = new Conversion(file, batched, offered, folds);
    conversion.countReads();
    conversion.addInitializers();
    constants.forEach((name, values) -> conversion.put(name, new Constant(values)));
    conversion.addInputs(shapes);
    for (NodeProto node : conversion.graph.getNodeList()) {
      conversion.add(node);
    }
    conversion.checkBatch(shapes);
    return conversion;
  }

  /** All inputs that are read must have the same batch. */
  private void checkBatch(Map<String, List<Integer>> shapes) {
    Set<Integer> batches = new HashSet<>();
    inputs.keySet().stream()
        .filter(input -> net.batched() && reads.containsKey(input))
        .map(shapes::get)
        .forEach(dims -> batches.add(dims.size() < 2 ? 0 : dims.get(0)));
    if (batches.contains(0) || batches.size() > 1) {
      refuse(inputs.keySet().toString(), "input", Unfit.mixesBatch("what the model reads"));
    }
  }

  private void countReads() {
    for (NodeProto node : graph.getNodeList()) {
      node.getInputList().forEach(name -> reads.merge(name, 1, Integer::sum));
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      reads.merge(output.getName(), 1, Integer::sum);
      results.add(output.getName());
    }
  }

  private void addInitializers() {
    for (TensorProto tensor : graph.getInitializerList()) {
      put(tensor.getName(), new Constant(file.elements().of(tensor)));
    }
  }

  private void addInputs(Map<String, List<Integer>> shapes) {
    for (ValueInfoProto input : graph.getInputList()) {
      List<Integer> dims = shapes.get(input.getName());
      if (tensors.containsKey(input.getName()) || dims == null) {
        continue;
      }
      try {
        Activation activation = net.input(input.getName(), dims);
        inputs.put(input.getName(), activation.name());
        put(input.getName(), activation);
      } catch (Unfit e) {
        refuse(input.getName(), "input", e);
        put(input.getName(), new Unknown());
      }
    }
  }

  private void put(String name, Operand operand) {
    if (name.isEmpty()) {
      return;
    }
    if (tensors.putIfAbsent(name, operand) != null) {
      throw new FormatException(
          "%s: two tensors are called '%s'".formatted(file.path(), Printable.text(name)));
    }
  }

  private void refuse(String node, String operator, Unfit why) {
    unsupported.add(new Unsupported(node, operator, why.getMessage()));
  }

  private void add(NodeProto node) {
    List<Optional<Operand>> from = new ArrayList<>();
    for (String name : node.getInputList()) {
      Operand operand = tensors.get(name);
      if (operand == null && !name.isEmpty()) {
        throw new FormatException(
            "%s: node '%s' (%s) reads '%s', which nothing before it makes"
                .formatted(
                    file.path(),
                    Printable.text(node.getName()),
                    Printable.text(node.getOpType()),
                    Printable.text(name)));
      }
      from.add(Optional.ofNullable(operand));
    }
    List<? extends Operand> made = List.of();
    Call call = new Call(node, opset, from, net, file.elements(), reads, results);
    try {
      made = results(call, from);
    } catch (Call.Demand e) {
      if (offered.containsAll(sources(graph, e.tensor()))) {
        throw e;
      }
      refuse(call.hint(), label(node), demanded(e.tensor()));
    } catch (Unfit e) {
      refuse(call.hint(), label(node), e);
    } catch (IndexOutOfBoundsException
        | ClassCastException
        | NegativeArraySizeException
        | NoSuchElementException e) {
      // A stranger's node may lack what its operator cannot do without.
      refuse(call.hint(), label(node), Unfit.because("it is not what the operator wants to be"));
    } catch (ArithmeticException e) {
      refuse(call.hint(), label(node), Unfit.because("its extents are too large"));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      put(node.getOutput(i), i < made.size() ? made.get(i) : new Unknown());
    }
  }

  private Unfit demanded(String tensor) {
    return Unfit.because(
        inputs.containsKey(tensor)
            ? "it must know '%1$s' beforehand, but that is an input of the model;"
                + " give its value with --constant %1$s=FILE.pb"
            : "it must know '%1$s' beforehand, but that is computed when the model runs;"
                + " a product or window of two results is no layer of a convolutional network",
        Printable.text(tensor));
  }

  private static String label(NodeProto node) {
    return node.getDomain().isEmpty()
        ? node.getOpType()
        : node.getDomain() + "." + node.getOpType();
  }

  private List<? extends Operand> results(Call call, List<Optional<Operand>> from) {
    String operator = call.operator();
    boolean known = Operators.rule(operator).isPresent() || Folding.knows(operator);
    if (!known || !(call.node().getDomain().isEmpty() || isOnnx(call.node().getDomain()))) {
      throw Unfit.because("Lamina has no layer for this operator");
    }
    if (from.stream().anyMatch(operand -> operand.orElse(null) instanceof Unknown)) {
      return List.of();
    }
    if (operator.equals("Shape") && call.input(0) instanceof Activation activation) {
      return List.of(new Constant(Folding.shape(call, activation)));
    }
    boolean constant =
        from.stream().allMatch(operand -> operand.isEmpty() || operand.get() instanceof Constant);
    if (constant && Folding.knows(operator)) {
      return folded(call, from);
    }
    if (Operators.rule(operator).isEmpty()) {
      throw Unfit.because("Lamina has no layer for this operator; on constants it is worked out");
    }
    return Operators.rule(operator).get().convert(call);
  }

  private static boolean isOnnx(String domain) {
    return domain.equals("ai.onnx");
  }

  private List<Constant> folded(Call call, List<Optional<Operand>> from) {
    if (!folds && !call.operator().equals("Constant")) {
      throw Unfit.because("it reads constants alone, and folding them was not wanted");
    }
    List<Values> values =
        from.stream()
            .flatMap(Optional::stream)
            .map(operand -> ((Constant) operand).values())
            .toList();
    return folding.fold(call, values).stream().map(Constant::new).toList();
  }

  /** Returns what has no form. */
  List<Unsupported> unsupported() {
    return unsupported;
  }

  Assembly net() {
    return net;
  }

  /** Returns the network's name of every graph input that it reads. */
  Map<String, String> inputs() {
    return inputs;
  }

  /** Returns a tensor of the model; empty if nothing makes it. */
  Optional<Operand> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Returns the graph inputs, or initializers, that a tensor is made of. */
  static Set<String> sources(GraphProto graph, String tensor) {
    Map<String, NodeProto> makers = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> makers.put(output, node));
    }
    Set<String> sources = new LinkedHashSet<>();
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(tensor));
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (name.isEmpty() || !seen.add(name)) {
        continue;
      }
      NodeProto maker = makers.get(name);
      if (maker == null) {
        sources.add(name);
      } else {
        open.addAll(maker.getInputList());
      }
    }
    return sources;
  }
}
