package org.lamina.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.engine.Plan;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.onnx.schema.ModelProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;
import org.lamina.network.Network;
import org.lamina.opencl.Session;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** One of ONNX's own backend tests: a model, what it is given, and what it must make of it. */
record BackendCase(Path folder) {

  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-6;

  /** Returns the tests in a folder and below, in order. */
  static List<BackendCase> in(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.endsWith("model.onnx"))
          .map(file -> new BackendCase(file.getParent()))
          .sorted((a, b) -> a.folder().compareTo(b.folder()))
          .toList();
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  /**
   * Imports the model and runs it on every set of values.
   *
   * @return why the model is refused; empty if it ran and was right
   */
  Optional<String> run(Session session) throws IOException {
    List<Path> sets;
    try (Stream<Path> all = Files.list(folder)) {
      sets = all.filter(Files::isDirectory).sorted().toList();
    }
    for (Path set : sets) {
      Map<String, Path> given = tensors(set, "input", names(true));
      OnnxGraph graph;
      try {
        graph =
            OnnxGraph.read(
                folder.resolve("model.onnx"), ImportOptions.DEFAULTS.withConstants(given));
      } catch (FormatException e) {
        return Optional.of(reason(e));
      }
      try (graph) {
        run(session, graph, given, tensors(set, "output", names(false)));
      }
    }
    return Optional.empty();
  }

  private static String reason(FormatException e) {
    return e.unsupported().isEmpty()
        ? e.getMessage()
        : e.unsupported().get(0).operator() + ": " + e.unsupported().get(0).reason();
  }

  private List<String> names(boolean inputs) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
    List<ValueInfoProto> infos =
        inputs ? model.getGraph().getInputList() : model.getGraph().getOutputList();
    List<String> known =
        model.getGraph().getInitializerList().stream().map(tensor -> tensor.getName()).toList();
    return infos.stream()
        .map(ValueInfoProto::getName)
        .filter(name -> !known.contains(name))
        .toList();
  }

  private static Map<String, Path> tensors(Path set, String kind, List<String> names) {
    Map<String, Path> tensors = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Path file = set.resolve(kind + "_" + i + ".pb");
      if (Files.exists(file)) {
        tensors.put(names.get(i), file);
      }
    }
    return tensors;
  }

  private void run(
      Session session, OnnxGraph graph, Map<String, Path> given, Map<String, Path> expected) {
    Network network = graph.imported().network();
    TensorFile weights = graph.imported().weights().orElseThrow();
    Weights.check(network, weights);
    assertEquals(
        network.nodes(),
        NetworkFile.parse(name(), NetworkWriter.print(network)).nodes(),
        "as YAML and back");
    Map<String, Values> inputs = new LinkedHashMap<>();
    graph.inputs().forEach((model, ours) -> inputs.put(ours, OnnxFile.tensor(given.get(model))));
    int images = graph.batched() ? inputs.values().iterator().next().dims().get(0) : 1;
    try (Plan plan = Plan.of(network, session, images, name -> weights.read(name).orElseThrow())) {
      inputs.forEach((name, values) -> plan.input(name).put(values.floats()));
      plan.run(images);
      expected.forEach((name, file) -> compare(graph, plan, name, OnnxFile.tensor(file)));
    }
  }

  private void compare(OnnxGraph graph, Plan plan, String output, Values expected) {
    assertEquals(expected.dims(), graph.shapes().get(output).extents(), name() + " " + output);
    FloatBuffer found = plan.output(graph.outputs().get(output));
    float[] wanted = expected.floats();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      float value = found.get(i);
      boolean close =
          Math.abs(value - wanted[i]) <= RELATIVE * Math.abs(wanted[i]) + ABSOLUTE
              || Float.compare(value, wanted[i]) == 0;
      if (!close) {
        wrong.add(String.format(Locale.ROOT, "[%d] %g, not %g", i, value, wanted[i]));
      }
    }
    if (!wrong.isEmpty()) {
      fail(
          "%s %s: %d of %d values are wrong: %s"
              .formatted(
                  name(),
                  output,
                  wrong.size(),
                  wanted.length,
                  wrong.subList(0, Math.min(5, wrong.size()))));
    }
  }
}
