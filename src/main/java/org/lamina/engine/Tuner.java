package org.lamina.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.lamina.engine.Tuning.Timed;
import org.lamina.layer.AlgorithmKey;
import org.lamina.layer.Choices;
import org.lamina.layer.Convolution;
import org.lamina.layer.Family;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Measurements;
import org.lamina.layer.Precision;
import org.lamina.layer.Site;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;

/**
 * Measures the algorithms of a network's layers on the device that will run them, with the layers'
 * own shapes, the most expensive layers first.
 *
 * <p>An algorithm whose numbers are wrong is refused, see {@link LayerTuner}. What takes longer
 * than the time that there is stays as it was.
 */
public final class Tuner {

  /**
   * How much is tried.
   *
   * @param seconds after which nothing new is begun; building a kernel cannot be interrupted
   * @param mostCost algorithms that the cost model expects to take so many times as long as the
   *     best are passed over
   * @param timing seconds for which the algorithms of a layer are run in turn
   */
  public record Effort(double seconds, double mostCost, double timing) {

    /** Half a minute at most, with the time that a process takes to start. */
    public static final Effort QUICK = new Effort(27, 3, 0.3);

    /** Everything, however long it takes. */
    public static final Effort THOROUGH = new Effort(Double.POSITIVE_INFINITY, 100, 2);
  }

  /**
   * What happens now.
   *
   * @param layer the layer's name
   * @param algorithm the algorithm that is tried
   * @param share what is done of all that is to be done, 0 to 1
   */
  public record Progress(String layer, String algorithm, double share) {}

  /**
   * What was found out about a layer, and those like it.
   *
   * @param layers the names of the layers
   * @param geometry what they are
   * @param before the algorithm that was chosen before
   * @param after the algorithm that is chosen from now on
   * @param times the time of each algorithm that was tried, the first choice of the cost model
   *     first
   * @param complaints what is wrong with the refused ones
   */
  public record Row(
      List<String> layers,
      String geometry,
      String before,
      String after,
      Map<String, Timed> times,
      List<String> complaints) {}

  /**
   * What was found out.
   *
   * @param rows the layers that were measured, the most expensive first
   * @param left names of layers with several algorithms for which there was no time
   * @param tuning what is new
   */
  public record Result(List<Row> rows, List<String> left, Tuning tuning) {}

  /** Makes the program of a layer by the algorithm that the site's choices name. */
  @FunctionalInterface
  interface Compiler {
    LayerProgram compile(Layer layer, Site site);
  }

  /** Layers that are the same work, for which one is measured. */
  private record Kind(Node node, Site site, List<String> names) {
    double work() {
      return (double) site.signature().macs() * names.size();
    }
  }

  private final Session session;
  private final Family family;
  private final Effort effort;
  private final Consumer<Progress> progress;
  private final Compiler compiler;
  private final long start = System.nanoTime();
  private double longest = 0.5;

  private Tuner(Session session, Effort effort, Consumer<Progress> progress, Compiler compiler) {
    this.session = session;
    this.effort = effort;
    this.progress = progress;
    this.compiler = compiler;
    family = Families.of(session.device());
  }

  /**
   * Measures the layers of a network.
   *
   * @param session where; nothing else should run on its device
   * @param batch images of a run
   * @param precision how weights are stored
   * @param known what was known before
   * @param progress is told what happens
   * @throws UnsuitableDeviceException if a driver's bug would spoil the results
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static Result tune(
      Network network,
      Session session,
      int batch,
      Precision precision,
      Measurements known,
      Effort effort,
      Consumer<Progress> progress) {
    UnsuitableDeviceException.check(network, session.device());
    Choices choices = Choices.defaults().precision(precision).measurements(known);
    return new Tuner(session, effort, progress, Layer::compile).run(network, batch, choices);
  }

  /** Measures with other programs than the layers' own; for tests. */
  static Result tune(
      Network network, Session session, int batch, Choices choices, Effort effort, Compiler with) {
    return new Tuner(session, effort, told -> {}, with).run(network, batch, choices);
  }

  private Result run(Network network, int batch, Choices choices) {
    List<Kind> kinds = kinds(network, batch, choices);
    double all = kinds.stream().mapToDouble(Kind::work).sum();
    double done = 0;
    List<Row> rows = new ArrayList<>();
    List<String> left = new ArrayList<>();
    Map<String, Map<String, Timed>> entries = new TreeMap<>();
    for (Kind kind : kinds) {
      Map<String, Timed> times = new LinkedHashMap<>();
      List<String> complaints = new ArrayList<>();
      if (timeFor(longest)) {
        measure(kind, done / all, times, complaints);
      }
      if (times.size() > 1 || !complaints.isEmpty()) {
        String key = AlgorithmKey.of(kind.node().layer(), kind.site());
        entries.put(key, times);
        rows.add(row(kind, times, complaints));
      } else {
        left.addAll(kind.names());
      }
      done += kind.work();
    }
    return new Result(rows, left, new Tuning(entries));
  }

  private boolean timeFor(double seconds) {
    return (System.nanoTime() - start) / 1e9 + seconds <= effort.seconds();
  }

  /** Returns the layers that have a choice, the most expensive first. */
  private List<Kind> kinds(Network network, int batch, Choices choices) {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (Step step : Fusion.steps(network, Set.copyOf(network.outputs()))) {
      Node node = step.node();
      Layer layer = node.layer();
      Site site = new Site(family, node.signature(), batch, Optional.empty(), choices);
      boolean checked = layer instanceof Convolution || layer instanceof FullyConnected;
      if (checked && layer.algorithms(site).size() > 1) {
        kinds
            .computeIfAbsent(
                AlgorithmKey.of(layer, site), key -> new Kind(node, site, new ArrayList<>()))
            .names()
            .add(node.name());
      }
    }
    return kinds.values().stream()
        .sorted(Comparator.comparingDouble(Kind::work).reversed())
        .toList();
  }

  private void measure(Kind kind, double share, Map<String, Timed> times, List<String> complaints) {
    Layer layer = kind.node().layer();
    Device device = session.device();
    Choices choices = kind.site().choices();
    try (LayerTuner tuner = new LayerTuner(session, layer, kind.site().signature())) {
      for (String algorithm : candidates(layer, kind.site())) {
        if (device.miscomputes(algorithm) || !timeFor(longest)) {
          continue;
        }
        progress.accept(new Progress(kind.names().get(0), algorithm, share));
        long begun = System.nanoTime();
        Site site = with(kind.site(), choices.algorithm(algorithm));
        tuner.add(algorithm, site, () -> compiler.compile(layer, site));
        longest = Math.max(longest, (System.nanoTime() - begun) / 1e9);
      }
      times.putAll(tuner.times(effort.timing()));
      complaints.addAll(tuner.complaints());
    }
  }

  /** Returns the algorithms worth a trial, the cheapest by the cost model first. */
  private List<String> candidates(Layer layer, Site site) {
    Map<String, Double> costs = layer.costs(site);
    double least = costs.values().stream().mapToDouble(c -> c).min().orElse(0);
    return costs.entrySet().stream()
        .filter(each -> each.getValue() <= effort.mostCost() * least)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Row row(Kind kind, Map<String, Timed> times, List<String> complaints) {
    Layer layer = kind.node().layer();
    String before = layer.compile(kind.site()).algorithm();
    Tuning now = new Tuning(Map.of(AlgorithmKey.of(layer, kind.site()), times));
    Choices choices = Choices.defaults().precision(kind.site().choices().precision());
    String after = layer.compile(with(kind.site(), choices.measurements(now))).algorithm();
    return new Row(
        List.copyOf(kind.names()),
        AlgorithmKey.geometry(layer, kind.site().signature().input()),
        before,
        after,
        times,
        List.copyOf(complaints));
  }

  private static Site with(Site site, Choices choices) {
    return new Site(site.family(), site.signature(), site.batch(), site.fused(), choices);
  }
}
