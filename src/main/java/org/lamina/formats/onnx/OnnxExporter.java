package org.lamina.formats.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.Exported;
import org.lamina.formats.Exporter;
import org.lamina.formats.FormatException;
import org.lamina.formats.Unsupported;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;
import org.lamina.weights.WeightSource;

/**
 * Writes networks as ONNX models of operator version 17.
 *
 * <p>Inputs are [N, C, H, W] with a batch of any size; results are [N, C] after fully connected
 * layers and [N, C, H, W] otherwise. Nodes have the names of the layers, tensors those of the
 * parameters.
 */
public final class OnnxExporter implements Exporter {

  /** The version of the operators that are written. */
  static final int OPSET = 17;

  @Override
  public String format() {
    return "ONNX";
  }

  @Override
  public List<String> endings() {
    return List.of(".onnx");
  }

  @Override
  public List<Exported> write(Network network, WeightSource weights, List<Path> files) {
    Path path = files.get(0);
    Sheet sheet = new Sheet();
    Map<String, Result> results = results(path, network, weights, sheet);
    ModelWriter.write(path, network, sheet, network.outputs().stream().map(results::get).toList());
    List<Exported> exported = new ArrayList<>();
    for (Sheet.Stored tensor : sheet.tensors()) {
      if (!tensor.from().isEmpty()) {
        exported.add(
            new Exported(tensor.from(), tensor.name(), new Shape(tensor.dims()), tensor.change()));
      }
    }
    return exported;
  }

  private static Map<String, Result> results(
      Path path, Network network, WeightSource weights, Sheet sheet) {
    Map<String, Result> results = new HashMap<>();
    network
        .inputs()
        .forEach((name, shape) -> results.put(name, new Result(sheet.unique(name), false, shape)));
    List<Unsupported> unsupported = new ArrayList<>();
    for (Node node : network.nodes()) {
      Optional<Exports.Rule> rule = Exports.rule(node.layer().getClass());
      if (rule.isEmpty()) {
        unsupported.add(
            new Unsupported(
                node.name(), node.layer().key(), "no operator of version 17 does what it does"));
        continue;
      }
      List<Result> from = node.from().stream().map(results::get).toList();
      if (from.contains(null)) {
        continue;
      }
      try {
        Outgoing out = new Outgoing(node, sheet, from, weights);
        results.put(node.name(), rule.get().write(out));
      } catch (Unfit e) {
        unsupported.add(new Unsupported(node.name(), node.layer().key(), e.getMessage()));
      }
    }
    if (!unsupported.isEmpty()) {
      throw FormatException.unsupported(path, "ONNX", unsupported);
    }
    return results;
  }
}
