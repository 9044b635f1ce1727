package org.lamina.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.lamina.benchmarks.Goal.Unit;
import org.lamina.benchmarks.MemoryCase.Figure;
import org.lamina.benchmarks.NetworkCase.Peer;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.layer.Precision;
import org.lamina.layer.Relu;
import org.lamina.layer.Softmax;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;
import org.lamina.yaml.NetworkFile;

/** Everything that is measured, in the order of the table. */
final class Cases {

  private static final int LARGE = 64;
  private static final int SQUARE = 1024;
  private static final double DIRECT = 0.88;
  private static final double PRODUCT = 0.85;
  private static final double MEMORY = 0.70;

  private Cases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    networks(cases);
    gpu(cases);
    for (int batch : List.of(1, 16)) {
      for (int i = 1; i <= 5; i++) {
        cases.add(convolution(i, batch));
      }
    }
    cases.add(product("gemm-1024", "product of 1024×1024 matrices", SQUARE, SQUARE, SQUARE));
    cases.add(new ClBlastCase("gemm-1024-clblast", SQUARE, Goal.ratio(1)));
    cases.add(product("fc6-b64", "fc6 of AlexNet, batch 64", 9216, 4096, LARGE));
    memory(cases);
    cases.add(new ColdStartCase("cold-alexnet", "alexnet", new Goal(true, 15, Unit.SECONDS)));
    cases.add(new ColdStartCase("cold-resnet-152", "resnet-152", new Goal(true, 25, Unit.SECONDS)));
    cases.add(new ShareCase("share-b16", "alexnet", 16, new Goal(true, 0.08, Unit.PERCENT)));
    cases.add(new MemoryCase("memory-peak", "alexnet", Figure.HIGHEST, Goal.ratio(1)));
    cases.add(new MemoryCase("memory-resident", "alexnet", Figure.RESIDENT, Goal.ratio(1)));
    cases.add(new MemoryCase("memory-own", "alexnet", Figure.ANONYMOUS, Goal.ratio(1)));
    return List.copyOf(cases);
  }

  /** Returns the smallest cases that go through everything: a network, a peer, a comparison. */
  static List<Case> small() {
    return List.of(
        onnx("smoke", "lenet", 1, 1), new TrainingCase("smoke-train", "lenet", 4, Goal.ratio(1)));
  }

  private static void networks(List<Case> cases) {
    cases.add(onnx("alexnet-b1", "alexnet", 1, 0.70));
    cases.add(
        new NetworkCase(
            "alexnet-b1-half", "alexnet", 1, Precision.HALF, Peer.ONNX_RUNTIME, Goal.ratio(0.45)));
    cases.add(onnx("alexnet-b64", "alexnet", 64, 0.40));
    cases.add(onnx("vgg-16-b1", "vgg-16", 1, 0.65));
    cases.add(onnx("vgg-16-b16", "vgg-16", 16, 0.55));
    cases.add(onnx("resnet-18-b1", "resnet-18", 1, 0.70));
    cases.add(onnx("resnet-18-b16", "resnet-18", 16, 0.60));
    cases.add(onnx("squeezenet-1.1-b1", "squeezenet-1.1", 1, 0.75));
    cases.add(onnx("squeezenet-1.1-b16", "squeezenet-1.1", 16, 0.65));
    cases.add(
        new NetworkCase(
            "alexnet-owt-b64",
            "alexnet-owt",
            64,
            Precision.SINGLE,
            Peer.PYTORCH,
            Goal.ratio(0.50)));
    cases.add(new TrainingCase("train-owt-b64", "alexnet-owt", 64, Goal.ratio(0.45)));
  }

  /** On a GPU: fp32 as fast as cuDNN's, tf32 in at most one and a half times its time. */
  private static void gpu(List<Case> cases) {
    for (String network : List.of("alexnet-owt", "resnet-18", "vgg-16")) {
      for (int batch : List.of(1, 16, 128)) {
        cases.add(gpu("gpu-" + network + "-b" + batch, network, batch, Precision.SINGLE, false));
      }
    }
    String protocol = "gpu-convnet-benchmarks";
    cases.add(gpu(protocol, "alexnet-owt", 128, Precision.SINGLE, true));
    cases.add(gpu(protocol + "-tf32", "alexnet-owt", 128, Precision.TF32, true));
    cases.add(gpu("gpu-resnet-18-b128-tf32", "resnet-18", 128, Precision.TF32, false));
  }

  private static Case gpu(
      String name, String network, int batch, Precision precision, boolean protocol) {
    double bound = precision == Precision.SINGLE ? 1 : 1.5;
    return new GpuCase(name, network, batch, precision, protocol, Goal.ratio(bound));
  }

  private static Case onnx(String name, String network, int batch, double ratio) {
    return new NetworkCase(
        name, network, batch, Precision.SINGLE, Peer.ONNX_RUNTIME, Goal.ratio(ratio));
  }

  /** A convolution of AlexNet with its ReLU. What it has to reach depends on its window. */
  private static Case convolution(int index, int batch) {
    double goal = DIRECT;
    if (batch == 16 && index == 2) {
      goal = 1.2; // 5×5
    } else if (batch == 16 && index > 2) {
      goal = 1.6; // 3×3 by Winograd, counting what a direct convolution multiplies
    }
    String layer = "conv" + index;
    return new OperationCase(
        layer + "-b" + batch,
        "%s of AlexNet by itself, batch %d".formatted(layer, batch),
        () -> alone(NetworkFile.find("alexnet"), layer, Optional.of(new Relu())),
        layer,
        batch,
        true,
        Goal.share(goal));
  }

  private static Case product(String name, String work, int inputs, int units, int batch) {
    return new OperationCase(
        name,
        work,
        () -> Network.named(name).input(inputs, 1, 1).layer("fc", FullyConnected.of(units)).build(),
        "fc",
        batch,
        true,
        Goal.share(PRODUCT));
  }

  private static void memory(List<Case> cases) {
    cases.add(bandwidth("pool", "pool1 of AlexNet, batch 64", "pool1", of("pool1")));
    cases.add(bandwidth("lrn", "norm1 of AlexNet, batch 64", "norm1", of("norm1")));
    cases.add(
        bandwidth(
            "relu",
            "ReLU on 64×96×55×55",
            "relu",
            () -> single("relu", new Relu(), new Chw(96, 55, 55))));
    cases.add(
        bandwidth(
            "softmax",
            "softmax over 1000 channels, 64×1000×14×14",
            "softmax",
            () -> single("softmax", new Softmax(), new Chw(1000, 14, 14))));
    cases.add(
        bandwidth(
            "copy",
            "change of layout, 64×96×55×55",
            "copy",
            () -> single("relu", new Relu(), new Chw(96, 55, 55))));
  }

  private static Supplier<Network> of(String layer) {
    return () -> alone(NetworkFile.find("alexnet"), layer, Optional.empty());
  }

  private static Case bandwidth(String name, String work, String step, Supplier<Network> network) {
    return new OperationCase(name, work, network, step, LARGE, false, Goal.share(MEMORY));
  }

  private static Network single(String name, Layer layer, Chw shape) {
    return Network.named(name).input(shape.c(), shape.h(), shape.w()).layer(name, layer).build();
  }

  /** Returns a network of one layer of another. */
  private static Network alone(Network network, String layer, Optional<Layer> then) {
    Node node = network.node(layer);
    Chw shape = node.signature().input();
    var builder =
        Network.named(layer).input(shape.c(), shape.h(), shape.w()).layer(layer, node.layer());
    then.ifPresent(next -> builder.layer("then", next));
    return builder.build();
  }
}
