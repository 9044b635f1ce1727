package org.lamina.formats;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.caffe.schema.BlobProto;
import org.lamina.formats.caffe.schema.BlobShape;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.SolverState;
import org.lamina.formats.onnx.OnnxExporter;
import org.lamina.network.Network;
import org.lamina.weights.SeededWeights;
import org.lamina.yaml.NetworkFile;

/** Good files of Caffe and ONNX, small enough that changes hit what matters. */
final class ProtobufSamples {

  private static final String PROTOTXT =
      """
      name: "small"
      input: "data"
      input_shape { dim: 1 dim: 2 dim: 6 dim: 6 }
      layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
        convolution_param { num_output: 3 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
      layer { name: "bn1" type: "BatchNorm" bottom: "conv1" top: "bn1" }
      layer { name: "scale1" type: "Scale" bottom: "bn1" top: "bn1" scale_param { bias_term: true } }
      layer { name: "relu1" type: "ReLU" bottom: "bn1" top: "bn1" }
      layer { name: "pool1" type: "Pooling" bottom: "bn1" top: "pool1"
        pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
      layer { name: "norm1" type: "LRN" bottom: "pool1" top: "norm1" lrn_param { local_size: 3 } }
      layer { name: "ip1" type: "InnerProduct" bottom: "norm1" top: "ip1"
        inner_product_param { num_output: 4 } }
      layer { name: "prob" type: "Softmax" bottom: "ip1" top: "prob" }
      """;

  private static final String SOLVER =
      """
      net: "train.prototxt"
      test_iter: 100
      base_lr: 0.01
      lr_policy: "step"
      stepsize: 100
      gamma: 0.1
      momentum: 0.9
      weight_decay: 0.0005
      max_iter: 10000
      """;

  private static final String YAML =
      """
      network: small
      input: {shape: [2, 6, 6]}
      layers:
        - conv:       {name: conv1, filters: 4, kernel: 3, pad: 1}
        - batch_norm: {name: bn1}
        - relu:       {name: relu1}
        - max_pool:   {name: pool1, kernel: 3, stride: 2, round: ceil}
        - lrn:        {name: norm1}
        - add:
            name: sum
            branches:
              - [conv: {name: conv2, filters: 4, kernel: 1}]
              - []
        - fc:         {name: fc1, units: 3}
        - softmax:    {name: prob}
      """;

  private ProtobufSamples() {}

  /** Returns a file for every reader. */
  static List<HostileSamples> all(Path folder) throws IOException {
    List<HostileSamples> samples = new ArrayList<>();
    byte[] text = PROTOTXT.getBytes(StandardCharsets.UTF_8);
    byte[] model = caffeModel().toByteArray();
    byte[] onnx = onnx(folder);
    BlobProto mean = blob(1, 3, 4, 4);
    SolverState state =
        SolverState.newBuilder()
            .setIter(7)
            .setLearnedNet("small.caffemodel")
            .addHistory(mean)
            .addHistory(blob(4))
            .build();
    samples.add(new HostileSamples("net.prototxt", text, HostileSamples::readNetwork));
    samples.add(new HostileSamples("net.caffemodel", model, HostileSamples::readNetwork));
    samples.add(new HostileSamples("alone.caffemodel", model, HostileSamples::readTensors));
    samples.add(
        new HostileSamples("a.binaryproto", mean.toByteArray(), HostileSamples::readTensors));
    samples.add(
        new HostileSamples("a.solverstate", state.toByteArray(), HostileSamples::readTensors));
    Path net = Files.write(folder.resolve("good.prototxt"), text);
    byte[] solver = SOLVER.getBytes(StandardCharsets.UTF_8);
    samples.add(
        new HostileSamples(
            "solver.prototxt", solver, path -> HostileSamples.readNetwork(path, net)));
    samples.add(
        new HostileSamples(
            "beside.caffemodel", model, path -> HostileSamples.readNetwork(net, path)));
    samples.add(new HostileSamples("net.onnx", onnx, HostileSamples::readNetwork));
    samples.add(new HostileSamples("alone.onnx", onnx, HostileSamples::readTensors));
    return samples;
  }

  private static BlobProto blob(int... extents) {
    BlobProto.Builder blob = BlobProto.newBuilder();
    BlobShape.Builder shape = BlobShape.newBuilder();
    int volume = 1;
    for (int extent : extents) {
      shape.addDim(extent);
      volume *= extent;
    }
    for (int i = 0; i < volume; i++) {
      blob.addData(i);
    }
    return blob.setShape(shape).build();
  }

  private static NetParameter caffeModel() throws IOException {
    NetParameter.Builder net = NetParameter.newBuilder();
    TextFormat.merge(PROTOTXT, net);
    net.getLayerBuilder(0).addBlobs(blob(3, 2, 3, 3)).addBlobs(blob(3));
    net.getLayerBuilder(1).addBlobs(blob(3)).addBlobs(blob(3)).addBlobs(blob(1));
    net.getLayerBuilder(2).addBlobs(blob(3)).addBlobs(blob(3));
    net.getLayerBuilder(6).addBlobs(blob(4, 27)).addBlobs(blob(4));
    return net.build();
  }

  private static byte[] onnx(Path folder) throws IOException {
    Network network = NetworkFile.parse("small", YAML);
    Path file = folder.resolve("good.onnx");
    new OnnxExporter().write(network, new SeededWeights(network, 1), List.of(file));
    return Files.readAllBytes(file);
  }
}
