package org.lamina.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One run of a network, from pixels in host memory to results in host memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class NetworkBenchmark {

  /** The name of a shipped network. */
  @Param({"alexnet", "squeezenet-1.1", "resnet-18", "vgg-16"})
  public String network;

  /** Images of a run. */
  @Param({"1", "16"})
  public int batch;

  /** Who runs it: {@code lamina}, {@code onnx} or {@code pytorch}. */
  @Param({"lamina", "onnx"})
  public String engine;

  private Contender contender;

  /** Made by JMH. */
  public NetworkBenchmark() {}

  /** Opens the network. */
  @Setup
  public void open() {
    Network described = NetworkFile.find(network);
    Models models = new Models(Path.of("benchmarks", "target", "models"));
    int threads = Runtime.getRuntime().availableProcessors();
    Chw image = described.inputs().values().iterator().next();
    long[] shape = {batch, image.c(), image.h(), image.w()};
    float[] input = NetworkCase.noise(Math.toIntExact(image.volume() * batch));
    try (Safetensors weights = Safetensors.open(models.weights(described))) {
      contender =
          switch (engine) {
            case "lamina" -> new LaminaContender(described, weights, batch, input);
            case "onnx" -> new OnnxContender(models.onnx(described), threads, shape, input);
            case "pytorch" -> new TorchContender(described, weights, threads, input);
            default -> throw new IllegalArgumentException("no engine is called " + engine);
          };
    }
  }

  /** Runs it once. */
  @Benchmark
  public void run() {
    contender.run();
  }

  /** Closes the network. */
  @TearDown
  public void close() {
    contender.close();
  }
}
