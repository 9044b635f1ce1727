package org.lamina.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lamina.engine.Plan;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.weights.SeededWeights;
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

/**
 * One run of a network of one layer, with what carries its tensors in and out. {@code run} without
 * JMH takes the layer alone, on the device's clock.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OperationBenchmark {

  /** The name of a case of one operation. */
  @Param({
    "conv1-b1",
    "conv2-b1",
    "conv3-b1",
    "conv4-b1",
    "conv5-b1",
    "conv1-b16",
    "conv2-b16",
    "conv3-b16",
    "conv4-b16",
    "conv5-b16",
    "gemm-1024",
    "fc6-b64",
    "pool",
    "lrn",
    "relu",
    "softmax"
  })
  public String operation;

  private Session session;
  private Plan plan;
  private int batch;

  /** Made by JMH. */
  public OperationBenchmark() {}

  /** Opens the layer. */
  @Setup
  public void open() {
    OperationCase chosen =
        Cases.all().stream()
            .filter(one -> one.name().equals(operation))
            .map(OperationCase.class::cast)
            .findFirst()
            .orElseThrow();
    Network network = chosen.network().get();
    SeededWeights weights = new SeededWeights(network, 1);
    batch = chosen.batch();
    session = Session.open(Device.best());
    plan = Plan.of(network, session, batch, name -> weights.read(name).orElseThrow());
    plan.input().put(NetworkCase.noise(plan.input().remaining()));
  }

  /** Runs it once. */
  @Benchmark
  public void run() {
    plan.run(batch);
  }

  /** Closes the layer. */
  @TearDown
  public void close() {
    plan.close();
    session.close();
  }
}
