package org.lamina.formats.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.engine.Plan;
import org.lamina.formats.ImportOptions;
import org.lamina.opencl.Session;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;

/** Runs a sketched model in ONNX Runtime and as a network of ours. */
final class SketchRun {

  private static final double RELATIVE = 2e-5;
  private static final double ABSOLUTE = 1e-5;

  private SketchRun() {}

  /**
   * Returns what differs; empty if nothing does.
   *
   * @throws OrtException if ONNX Runtime refuses the model
   */
  static String compare(
      ModelSketch sketch, List<String> outputs, Path folder, Session session, ImportOptions options)
      throws OrtException {
    try {
      Path file = Files.write(folder.resolve("sketch.onnx"), sketch.build().toByteArray());
      Map<String, float[]> expected = new LinkedHashMap<>();
      Map<String, long[]> shapes = new LinkedHashMap<>();
      runtime(sketch, outputs, file, expected, shapes);
      try (OnnxGraph graph = OnnxGraph.read(file, options)) {
        return differences(sketch, graph, session, expected, shapes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void runtime(
      ModelSketch sketch,
      List<String> outputs,
      Path file,
      Map<String, float[]> values,
      Map<String, long[]> shapes)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession model = environment.createSession(file.toString(), options)) {
      for (Map.Entry<String, float[]> input : sketch.inputs().entrySet()) {
        long[] dims = sketch.shapes().get(input.getKey());
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.getValue()), dims));
      }
      try (OrtSession.Result result = model.run(tensors)) {
        for (String output : outputs) {
          OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
          FloatBuffer found = tensor.getFloatBuffer();
          float[] all = new float[found.remaining()];
          found.get(all);
          values.put(output, all);
          shapes.put(output, tensor.getInfo().getShape());
        }
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static String differences(
      ModelSketch sketch,
      OnnxGraph graph,
      Session session,
      Map<String, float[]> expected,
      Map<String, long[]> shapes) {
    TensorFile weights = graph.imported().weights().orElseThrow();
    Weights.check(graph.imported().network(), weights);
    int images = 1;
    if (graph.batched()) {
      images = (int) sketch.shapes().get(graph.inputs().keySet().iterator().next())[0];
    }
    try (Plan plan =
        Plan.of(
            graph.imported().network(),
            session,
            images,
            name -> weights.read(name).orElseThrow())) {
      graph.inputs().forEach((model, ours) -> plan.input(ours).put(sketch.inputs().get(model)));
      plan.run(images);
      for (Map.Entry<String, float[]> output : expected.entrySet()) {
        long[] dims =
            graph.shapes().get(output.getKey()).extents().stream()
                .mapToLong(Integer::longValue)
                .toArray();
        if (!Arrays.equals(dims, shapes.get(output.getKey()))) {
          return "%s is %s, not %s"
              .formatted(
                  output.getKey(),
                  Arrays.toString(dims),
                  Arrays.toString(shapes.get(output.getKey())));
        }
        FloatBuffer found = plan.output(graph.outputs().get(output.getKey()));
        float[] wanted = output.getValue();
        for (int i = 0; i < wanted.length; i++) {
          double error = Math.abs(found.get(i) - wanted[i]);
          if (!(error <= RELATIVE * Math.abs(wanted[i]) + ABSOLUTE)
              && Float.compare(found.get(i), wanted[i]) != 0) {
            return "%s[%d] is %g, not %g".formatted(output.getKey(), i, found.get(i), wanted[i]);
          }
        }
      }
      return "";
    }
  }
}
