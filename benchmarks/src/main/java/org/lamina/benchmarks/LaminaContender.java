package org.lamina.benchmarks;

import java.nio.FloatBuffer;
import java.util.Set;
import java.util.function.Function;
import org.lamina.engine.DeviceMeasurements;
import org.lamina.engine.Families;
import org.lamina.engine.Plan;
import org.lamina.engine.Schedule;
import org.lamina.layer.Choices;
import org.lamina.layer.Precision;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.weights.WeightSource;

/** Lamina as it comes, without what {@code lamina tune} may have measured on this machine. */
final class LaminaContender implements Contender {

  private final Session session;
  private final Plan plan;
  private final int batch;

  LaminaContender(Network network, WeightSource weights, int batch, float[] input) {
    this(network, weights, batch, input, Precision.SINGLE);
  }

  /** On the default device. */
  LaminaContender(
      Network network, WeightSource weights, int batch, float[] input, Precision precision) {
    this(Device.best(), network, weights, batch, input, precision);
  }

  LaminaContender(
      Device device,
      Network network,
      WeightSource weights,
      int batch,
      float[] input,
      Precision precision) {
    this.batch = batch;
    session = Session.open(device, SessionOptions.defaults());
    Schedule schedule =
        Schedule.of(
            network,
            Families.of(session.device()),
            batch,
            Set.of(),
            session.device().maxAllocation(),
            Choices.defaults()
                .precision(precision)
                .measurements(DeviceMeasurements.shipped(session.device())));
    plan = Plan.of(schedule, session, read(weights));
    plan.input().put(input);
  }

  private static Function<String, org.lamina.tensor.Tensor> read(WeightSource weights) {
    return name -> weights.read(name).orElseThrow();
  }

  @Override
  public String name() {
    return "Lamina";
  }

  /** Returns the bytes of the weights on the device. */
  long parameterBytes() {
    return plan.schedule().parameterBytes();
  }

  @Override
  public void run() {
    plan.run(batch);
  }

  @Override
  public float[] result() {
    FloatBuffer output = plan.output();
    float[] values = new float[output.remaining()];
    output.get(values);
    return values;
  }

  @Override
  public void close() {
    plan.close();
    session.close();
  }
}
