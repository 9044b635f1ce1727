package org.lamina.formats.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.TensorOrigin;
import org.lamina.formats.Unsupported;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.weights.Printable;

/**
 * A model that has become a network, and how the tensors of both correspond. The elements of both
 * are in the same order.
 *
 * @param imported the network with its weights; to be closed
 * @param batched whether the first axis of the model's tensors is the batch; if not, the batch is 1
 * @param inputs the network's input for every input of the model that is one
 * @param outputs the network's layer for every result of the model
 * @param shapes the extents of the results in the model
 * @param constants inputs of the model whose values became part of the network
 */
public record OnnxGraph(
    Imported imported,
    boolean batched,
    Map<String, String> inputs,
    Map<String, String> outputs,
    Map<String, Shape> shapes,
    Set<String> constants)
    implements AutoCloseable {

  /** Copies the collections, keeping their order. */
  public OnnxGraph {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    constants = Collections.unmodifiableSet(new LinkedHashSet<>(constants));
  }

  /**
   * Reads a model.
   *
   * @param path the model
   * @param options how it is imported. An input whose value is given there is taken for a constant
   *     if an operator must know it beforehand (weights, extents, limits) or it holds integers; the
   *     others stay inputs
   * @throws FormatException if the file is wrong, or has what Lamina has no form for
   * @throws org.lamina.weights.WeightsException if tensors are wrong
   */
  public static OnnxGraph read(Path path, ImportOptions options) {
    OnnxFile file = OnnxFile.open(path);
    try {
      Map<String, Values> values = new LinkedHashMap<>();
      options
          .constants()
          .forEach((name, tensor) -> values.put(name, OnnxFile.tensor(tensor).named(name)));
      return new Reading(file, options, values).graph();
    } catch (Unfit e) {
      file.close();
      throw new FormatException(path + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    imported.close();
  }

  /** The way from a file to a graph. */
  private static final class Reading {
    private final OnnxFile file;
    private final ImportOptions options;
    private final Map<String, Values> offered;
    private final ModelInputs inputs;

    Reading(OnnxFile file, ImportOptions options, Map<String, Values> offered) {
      this.file = file;
      this.options = options;
      this.offered = offered;
      inputs = ModelInputs.of(file, options, offered);
    }

    OnnxGraph graph() {
      Attempt attempt = attempt(true);
      if (!attempt.conversion().unsupported().isEmpty()) {
        Attempt other = attempt(false);
        boolean better =
            other.conversion().unsupported().size() < attempt.conversion().unsupported().size();
        attempt = better ? other : attempt;
      }
      List<Unsupported> unsupported = new ArrayList<>(inputs.unsupported());
      unsupported.addAll(attempt.conversion().unsupported());
      Map<String, Activation> results = results(attempt.conversion(), unsupported);
      if (!unsupported.isEmpty()) {
        throw FormatException.unsupported(file.path(), "ONNX", unsupported);
      }
      return finished(attempt, results);
    }

    private record Attempt(Conversion conversion, Map<String, Values> constants) {}

    private Attempt attempt(boolean batched) {
      Map<String, Values> constants = new LinkedHashMap<>(inputs.constants());
      while (true) {
        try {
          Conversion conversion =
              Conversion.of(
                  file,
                  batched,
                  constants,
                  offered.keySet(),
                  inputs.shapes(),
                  options.foldConstants());
          return new Attempt(conversion, constants);
        } catch (Call.Demand e) {
          // What it depends on are inputs that were offered: each round takes one more for
          // constant.
          for (String source : Conversion.sources(file.model().getGraph(), e.tensor())) {
            if (offered.containsKey(source)) {
              constants.put(source, offered.get(source));
            }
          }
        }
      }
    }

    private Map<String, Activation> results(Conversion conversion, List<Unsupported> unsupported) {
      Map<String, Activation> results = new LinkedHashMap<>();
      for (ValueInfoProto output : file.model().getGraph().getOutputList()) {
        String name = output.getName();
        Operand operand =
            conversion
                .tensor(name)
                .orElseThrow(
                    () ->
                        new FormatException(
                            "%s: nothing makes the result '%s'"
                                .formatted(file.path(), Printable.text(name))));
        if (operand instanceof Activation activation) {
          results.put(name, activation);
        } else if (operand instanceof Operand.Constant || unsupported.isEmpty()) {
          unsupported.add(
              new Unsupported(
                  name, "output", "it is a constant: no input of the network leads to it"));
        }
      }
      if (results.isEmpty() && unsupported.isEmpty()) {
        throw new FormatException(file.path() + ": the model has no results");
      }
      return results;
    }

    private OnnxGraph finished(Attempt attempt, Map<String, Activation> results) {
      Assembly net = attempt.conversion().net();
      Map<String, Activation> made = Finish.results(net, results);
      List<String> remarks = new ArrayList<>();
      if (options.foldNormalization()) {
        List<String> folded = NormalizationFolding.apply(net, made);
        remarks.add("%d batch normalisations folded into weights".formatted(folded.size()));
      }
      remarks.add(
          net.batched()
              ? "the first axis is taken for the batch"
              : "the whole of every tensor is one image, because operators mix the first axis");
      attempt
          .constants()
          .keySet()
          .forEach(name -> remarks.add("input '%s' became a constant".formatted(name)));
      Network network =
          Network.of(
              name(), net.inputs(), net.entries().values(), inputs.preprocessing(net.inputs()));
      Map<String, String> outputs = new LinkedHashMap<>();
      Map<String, Shape> shapes = new LinkedHashMap<>();
      made.forEach(
          (name, x) -> {
            outputs.put(name, x.name());
            shapes.put(name, new Shape(x.dims()));
          });
      Map<String, String> read = new LinkedHashMap<>(attempt.conversion().inputs());
      read.values().retainAll(net.inputs().keySet());
      Imported imported =
          new Imported(
              "ONNX",
              network,
              Optional.of(new OnnxWeights(file, ordered(network, net.weights()))),
              origins(net.weights()),
              remarks);
      return new OnnxGraph(
          imported, net.batched(), read, outputs, shapes, attempt.constants().keySet());
    }

    private static Map<String, Values> ordered(Network network, Map<String, Values> weights) {
      Map<String, Values> ordered = new LinkedHashMap<>();
      org.lamina.weights.Weights.parameters(network)
          .keySet()
          .forEach(name -> ordered.put(name, weights.get(name)));
      return ordered;
    }

    private String name() {
      String graph = file.model().getGraph().getName();
      String stem = file.path().getFileName().toString().replaceFirst("\\.[^.]*$", "");
      boolean says =
          !graph.isBlank() && !graph.matches("(?i)(main_)?graph|torch.jit.export|tf2onnx");
      return options.name().orElseGet(() -> new LayerNames().take(says ? graph : stem, "network"));
    }

    private Map<String, TensorOrigin> origins(Map<String, Values> weights) {
      Map<String, List<Integer>> stored = new LinkedHashMap<>();
      for (TensorProto tensor : file.model().getGraph().getInitializerList()) {
        stored.put(tensor.getName(), tensor.getDimsList().stream().map(Long::intValue).toList());
      }
      Map<String, TensorOrigin> origins = new LinkedHashMap<>();
      weights.forEach(
          (name, values) ->
              origins.put(
                  name,
                  new TensorOrigin(
                      values.name(),
                      new Shape(stored.getOrDefault(values.name(), values.dims())),
                      values.change())));
      return origins;
    }
  }
}
