package org.lamina.benchmarks;

import java.util.List;
import java.util.Locale;
import org.lamina.engine.StepKey;
import org.lamina.engine.TrainingOptions;
import org.lamina.engine.TrainingPlan;
import org.lamina.layer.Dropout;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/**
 * One training step without the optimiser, on Lamina and PyTorch in turn: loss and gradients of all
 * parameters. Losses and gradients are compared before, and so dropout is left out on both sides.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param batch images of a step
 * @param goal Lamina's time divided by the peer's
 */
record TrainingCase(String name, String network, int batch, Goal goal) implements Case {

  private static final double TOLERANCE = 1e-3;

  /**
   * Largest difference of gradients of the first layer. Two values in a pooling window, or a value
   * and the zero of a ReLU, that differ by less than a rounding error are told apart differently by
   * both sides; the gradient then goes another way, and the more so the more such layers lie
   * between. (The bias of the layer before a pooling does not see it, and agrees to 2e-6.)
   */
  private static final double FIRST_TOLERANCE = 3e-2;

  @Override
  public String work() {
    return "%s, batch %d: loss and gradients".formatted(network, batch);
  }

  @Override
  public String peer() {
    return "PyTorch";
  }

  @Override
  public Row run(Settings settings) {
    Network described = withoutDropout(NetworkFile.find(network));
    int volume = (int) described.inputs().values().iterator().next().volume();
    float[] pixels = NetworkCase.noise(volume * batch);
    int[] labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = 37 * i % described.shape(described.outputs().get(0)).c();
    }
    TrainingOptions options = TrainingOptions.of(described, batch);
    try (Safetensors weights = Safetensors.open(new Models(settings.models()).weights(described));
        Session session = Session.open(Device.best());
        TrainingPlan plan =
            TrainingPlan.of(described, session, options, name -> weights.read(name).orElseThrow());
        TorchTraining torch =
            new TorchTraining(described, weights, settings.threads(), pixels, labels)) {
      plan.input().put(pixels);
      plan.labels().put(labels);
      StepKey key = StepKey.of(1, 0, 0, batch);
      String note = compare(plan.forwardBackward(batch, key).loss(), plan, torch, described);
      List<Turns.Times> times =
          Turns.take(
              settings.seconds(),
              List.of(
                  Turns.clock(
                      () -> {
                        plan.forwardBackward(batch, key);
                        session.finish();
                      }),
                  Turns.clock(torch::step)));
      return row(result(times.get(0), times.get(1)), note);
    }
  }

  private static Row.Result result(Turns.Times ours, Turns.Times theirs) {
    return new Row.Result(
        ours.median() / theirs.median(),
        NetworkCase.milliseconds(ours.median()),
        NetworkCase.milliseconds(theirs.median()),
        ours.spread(),
        theirs.spread(),
        ours.nanos().length);
  }

  private static Network withoutDropout(Network network) {
    String[] dropouts =
        network.nodes().stream()
            .filter(node -> node.layer() instanceof Dropout)
            .map(Node::name)
            .toArray(String[]::new);
    return network.edit().remove(dropouts).build();
  }

  /** Compares the loss and the gradients of the first and the last layer with parameters. */
  private static String compare(
      double loss, TrainingPlan plan, TorchTraining torch, Network network) {
    double other = torch.step();
    if (!(Math.abs(loss - other) <= TOLERANCE * Math.abs(other))) {
      throw new IllegalStateException(
          "the losses are %s and %s, so there is nothing to compare".formatted(loss, other));
    }
    List<String> layers =
        network.nodes().stream()
            .filter(node -> !node.signature().parameters().isEmpty())
            .map(Node::name)
            .toList();
    double last = difference(plan, torch, layers.get(layers.size() - 1), TOLERANCE);
    double first = difference(plan, torch, layers.get(0), FIRST_TOLERANCE);
    return String.format(
        Locale.ROOT,
        "losses %.5f and %.5f, gradients differ by %.1e in the last layer, %.1e in the first",
        loss,
        other,
        last,
        first);
  }

  private static double difference(
      TrainingPlan plan, TorchTraining torch, String layer, double tolerance) {
    String weight = layer + ".weight";
    return NetworkCase.compare(plan.gradient(weight).values(), torch.gradient(weight), tolerance);
  }
}
