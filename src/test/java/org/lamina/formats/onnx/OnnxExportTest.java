package org.lamina.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.engine.Plan;
import org.lamina.formats.ImportOptions;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;

/** Exported networks in ONNX Runtime, and back again as networks. */
final class OnnxExportTest {

  private static final int IMAGES = 2;
  private static final double RELATIVE = 1e-4;
  private static final double ABSOLUTE = 1e-7;

  private static Session session;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  static List<String> shipped() {
    return NetworkFile.shipped();
  }

  /** Small ones, and small variants: together they have every type of layer of the zoo. */
  @ParameterizedTest
  @CsvSource({
    "lenet,",
    "cifar10-quick,",
    "cifar10-13pct,",
    "resnet-20,",
    "squeezenet-1.1,",
    "googlenet-training,",
    "mobilenet-v1, side: 64"
  })
  void aVariantIsTheSameEverywhere(String name, String setting) throws OrtException {
    check(
        setting == null
            ? NetworkFile.find(name)
            : NetworkFile.parse("test", "extends: " + name + "\nlet: {" + setting + "}\n"));
  }

  /** The layers that no shipped network has. */
  @Test
  void otherLayersAreTheSameEverywhere() throws OrtException {
    check(
        NetworkFile.parse(
            "test",
            """
            network: others
            input: {shape: [4, 6, 6]}
            layers:
              - conv_transpose: {filters: 8, kernel: 3, stride: 2, pad: 1, output_padding: 1, groups: 2}
              - instance_norm: {}
              - prelu: {init: 0.3}
              - scale: {init: 0.7, bias_init: 0.1}
              - bias: {init: 0.2}
              - elu: {}
              - selu: {}
              - softplus: {}
              - clip: {max: 2}
              - hard_sigmoid: {}
              - hard_swish: {}
              - swish: {}
              - mish: {}
              - abs: {}
              - power: {exponent: 2, scale: 0.5, shift: 0.1}
              - depth_to_space: {block: 2}
              - space_to_depth: {block: 2}
              - depth_to_space: {block: 2, order: column_first}
              - space_to_depth: {block: 2}
              - reorg: {block: 2}
              - shuffle_channels: {groups: 4}
              - upsample: {scale: 2}
              - slice: {start: 4, end: 20, step: 2}
              - slice: {axis: width, start: -1, end: -2147483647, step: -1}
              - pad: {pad: [1, 2, 0, 1], mode: reflect}
              - pad: {pad: 1, mode: edge}
              - pad: {pad: 1, value: 0.5}
              - permute: {order: hwc}
              - lrn: {size: 3, region: within_channel}
              - local: {filters: 34, kernel: 2, stride: 3, groups: 17}
              - avg_pool: {kernel: 3, stride: 2, pad: 1, round: ceil}
              - reshape: {channels: -1, height: 1, width: 1}
              - mul: {name: square, from: [reshape1, reshape1]}
              - sub: {name: minus, from: [square, reshape1]}
              - log_softmax: {}
            """));
  }

  /** ONNX has gelu from version 20 on; what it is made of before does not come back. */
  @Test
  void geluIsTheSameInOnnxRuntime() throws OrtException {
    for (String kind : List.of("none", "tanh")) {
      Network network =
          NetworkFile.parse(
              "test",
              "network: g\ninput: {shape: [4, 2, 2]}\nlayers: [gelu: {approximate: "
                  + kind
                  + "}]\n");
      WeightSource weights = new SeededWeights(network, 1);
      Path file = folder.resolve("model.onnx");
      new OnnxExporter().write(network, weights, List.of(file));
      Map<String, float[]> inputs = inputs(network);
      compare(kind, run(network, weights, inputs), runtime(network, file, inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  @Tag("long")
  void everyShippedNetworkIsTheSameEverywhere(String name) throws OrtException {
    check(NetworkFile.find(name));
  }

  private void check(Network network) throws OrtException {
    WeightSource weights = new SeededWeights(network, 1);
    Path file = folder.resolve("model.onnx");
    int parameters = Weights.parameters(network).size();
    assertEquals(parameters, new OnnxExporter().write(network, weights, List.of(file)).size());
    Map<String, float[]> inputs = inputs(network);
    Map<String, float[]> expected = run(network, weights, inputs);
    compare("ONNX Runtime", expected, runtime(network, file, inputs));
    try (OnnxGraph back = OnnxGraph.read(file, ImportOptions.DEFAULTS)) {
      Network again = back.imported().network();
      WeightSource read = back.imported().weights().orElseThrow();
      Weights.check(again, read);
      compare("imported", expected, run(again, read, inputs));
    }
  }

  private static Map<String, float[]> inputs(Network network) {
    Map<String, float[]> inputs = new LinkedHashMap<>();
    Random random = new Random(1);
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) shape.volume() * IMAGES];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              inputs.put(name, values);
            });
    return inputs;
  }

  private static Map<String, float[]> run(
      Network network, WeightSource weights, Map<String, float[]> inputs) {
    Map<String, float[]> results = new LinkedHashMap<>();
    try (Plan plan = Plan.of(network, session, IMAGES, name -> weights.read(name).orElseThrow())) {
      inputs.forEach((name, values) -> plan.input(name).put(values));
      plan.run(IMAGES);
      for (String output : network.outputs()) {
        float[] values = new float[(int) network.shape(output).volume() * IMAGES];
        plan.output(output).get(values);
        results.put(output, values);
      }
    }
    return results;
  }

  private static Map<String, float[]> runtime(
      Network network, Path file, Map<String, float[]> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession model = environment.createSession(file.toString(), options)) {
      for (Map.Entry<String, float[]> input : inputs.entrySet()) {
        Chw shape = network.shape(input.getKey());
        long[] dims = {IMAGES, shape.c(), shape.h(), shape.w()};
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.getValue()), dims));
      }
      Map<String, float[]> results = new LinkedHashMap<>();
      try (OrtSession.Result result = model.run(tensors)) {
        for (String output : network.outputs()) {
          FloatBuffer found = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
          float[] values = new float[found.remaining()];
          found.get(values);
          results.put(output, values);
        }
      }
      return results;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static void compare(
      String where, Map<String, float[]> expected, Map<String, float[]> found) {
    assertEquals(expected.keySet(), found.keySet(), where);
    expected.forEach(
        (name, wanted) -> {
          float[] values = found.get(name);
          assertEquals(wanted.length, values.length, where + " " + name);
          for (int i = 0; i < wanted.length; i++) {
            double error = Math.abs(values[i] - wanted[i]);
            assertTrue(
                error <= RELATIVE * Math.abs(wanted[i]) + ABSOLUTE,
                "%s %s[%d]: %g, not %g".formatted(where, name, i, values[i], wanted[i]));
          }
        });
  }
}
