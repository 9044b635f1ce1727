package org.lamina.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lamina.engine.Plan;
import org.lamina.engine.Profile;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/**
 * What everything that is neither convolution nor fully connected takes of a network's time.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param batch images of a run
 * @param goal the share of the whole
 */
record ShareCase(String name, String network, int batch, Goal goal) implements Case {

  private static final Set<String> PRODUCTS = Set.of("conv", "fc");
  private static final int WARM_UPS = 2;
  private static final int RUNS = 15;

  @Override
  public String work() {
    return "%s, batch %d: LRN, pooling, copies, softmax".formatted(network, batch);
  }

  @Override
  public String peer() {
    return "all of the network";
  }

  @Override
  public Row run(Settings settings) {
    Network described = NetworkFile.find(network);
    SessionOptions options = SessionOptions.defaults().withProfiling(true);
    try (Safetensors weights = Safetensors.open(new Models(settings.models()).weights(described));
        Session session = Session.open(Device.best(), options);
        Plan plan = Plan.of(described, session, batch, name -> weights.read(name).orElseThrow())) {
      plan.input().put(NetworkCase.noise(plan.input().remaining()));
      Profile.of(plan, batch, WARM_UPS, 1);
      double[] others = new double[RUNS];
      double[] all = new double[RUNS];
      double[] shares = new double[RUNS];
      for (int run = 0; run < RUNS; run++) {
        Profile profile = Profile.of(plan, batch, 0, 1);
        all[run] = profile.stages().stream().mapToDouble(Profile.Stage::median).sum();
        others[run] = sum(profile);
        shares[run] = others[run] / all[run];
      }
      return row(
          new Row.Result(
              Turns.quantile(shares, 0.5),
              NetworkCase.milliseconds(Turns.quantile(others, 0.5)),
              NetworkCase.milliseconds(Turns.quantile(all, 0.5)),
              new Turns.Times(others).spread(),
              new Turns.Times(all).spread(),
              RUNS),
          largest(Profile.of(plan, batch, 0, RUNS)));
    }
  }

  private static double sum(Profile profile) {
    return profile.stages().stream()
        .filter(stage -> !PRODUCTS.contains(stage.type()))
        .mapToDouble(Profile.Stage::median)
        .sum();
  }

  private static String largest(Profile profile) {
    List<String> texts = new ArrayList<>();
    profile.stages().stream()
        .filter(stage -> !PRODUCTS.contains(stage.type()))
        .sorted((a, b) -> Long.compare(b.median(), a.median()))
        .limit(3)
        .forEach(
            stage -> texts.add(stage.label() + " " + NetworkCase.milliseconds(stage.median())));
    return String.join(", ", texts);
  }
}
