package org.lamina.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.lamina.engine.TrialImages.Results;
import org.lamina.engine.Tuning.Timed;
import org.lamina.layer.Layer;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Precision;
import org.lamina.layer.Signature;
import org.lamina.layer.Site;
import org.lamina.opencl.ClException;
import org.lamina.opencl.OutOfDeviceMemoryException;
import org.lamina.opencl.Session;

/**
 * Tries the algorithms of one layer: refuses those whose numbers are wrong, and times the others in
 * turn.
 *
 * <p>Some values of each result are compared with exact ones. Then all values of the first and last
 * image are compared with those of the algorithm that was accepted first; where the two differ, the
 * exact value says which of them is wrong. The bound is a share of the largest value, {@link
 * #tolerance}.
 */
final class LayerTuner implements AutoCloseable {

  private static final int SPOTS = 256;
  private static final int FEWEST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 25;
  private static final double NANOS = 1e9;
  // A run shorter than this is repeated, so that starting and waiting do not count.
  private static final double SHORT_NANOS = 2e6;

  private final Session session;
  private final TrialImages images;
  private final Map<String, LayerTrial> trials = new LinkedHashMap<>();
  private final Map<String, Timed> refused = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private Optional<Accepted> accepted = Optional.empty();

  /** The algorithm that others are compared with. */
  private record Accepted(String name, Results results) {}

  LayerTuner(Session session, Layer layer, Signature signature) {
    this.session = session;
    images = TrialImages.of(layer, signature);
  }

  /**
   * Returns the largest error that is not refused, as a share of the largest value of the result:
   * 1e-4 for floats, which Winograd's algorithm needs, 4e-3 for 16 bits and tf32, 2e-2 for weights
   * of 8 bits.
   */
  static double tolerance(Precision precision) {
    return switch (precision) {
      case SINGLE -> 1e-4;
      case HALF, TF32 -> 4e-3;
      case INT8 -> 2e-2;
    };
  }

  /** Builds an algorithm's kernels, runs them once, and judges the result. */
  void add(String name, Site site, Supplier<LayerProgram> program) {
    Optional<LayerTrial> trial = Optional.empty();
    try {
      trial = Optional.of(new LayerTrial(session, site, program.get(), images));
      trial.get().run();
      Results results = trial.get().results();
      trials.put(name, trial.get());
      judge(name, results, tolerance(site.choices().precision()));
    } catch (OutOfDeviceMemoryException e) {
      trial.ifPresent(LayerTrial::close); // no fault of the algorithm
    } catch (ClException e) {
      trial.ifPresent(LayerTrial::close);
      refuse(name, e.getMessage());
    }
  }

  private void judge(String name, Results results, double tolerance) {
    double largest = results.largest();
    OptionalInt notFinite = results.notFinite();
    if (notFinite.isPresent()) {
      refuse(name, difference(results, notFinite.getAsInt(), largest));
      return;
    }
    for (int place : images.places(results, SPOTS)) {
      if (isWrong(results, place, largest, tolerance)) {
        refuse(name, difference(results, place, largest));
        return;
      }
    }
    if (accepted.isPresent()) {
      Accepted other = accepted.get();
      int worst = results.worst(other.results());
      if (isWrong(results, worst, largest, tolerance)) {
        refuse(name, difference(results, worst, largest));
        return;
      }
      if (isWrong(other.results(), worst, other.results().largest(), tolerance)) {
        refuse(other.name(), difference(other.results(), worst, other.results().largest()));
        accepted = Optional.empty();
      }
    }
    if (accepted.isEmpty()) {
      accepted = Optional.of(new Accepted(name, results));
    }
  }

  private boolean isWrong(Results results, int place, double largest, double tolerance) {
    double exact = images.exact(results, place);
    return Math.abs(results.at(place) - exact) > tolerance * largest;
  }

  private String difference(Results results, int place, double largest) {
    double exact = images.exact(results, place);
    return String.format(
        Locale.ROOT,
        "value %d is %s instead of %.7g; the largest is %.3g",
        place,
        results.at(place),
        exact,
        largest);
  }

  private void refuse(String name, String complaint) {
    LayerTrial trial = trials.remove(name);
    if (trial != null) {
      trial.close();
    }
    refused.put(name, Timed.REFUSED);
    complaints.add(name + ": " + complaint);
  }

  /** Returns what is wrong with the algorithms that were refused. */
  List<String> complaints() {
    return complaints;
  }

  /**
   * Runs what was accepted in turn for some seconds; returns the shortest time of each, which other
   * work on the machine disturbs the least, and what was refused.
   */
  Map<String, Timed> times(double seconds) {
    Map<String, Timed> times = new LinkedHashMap<>();
    Map<String, Integer> repeats = new LinkedHashMap<>();
    double round = 0;
    for (Map.Entry<String, LayerTrial> each : trials.entrySet()) {
      double once = each.getValue().nanos(1);
      int count = (int) Math.max(1, Math.ceil(SHORT_NANOS / Math.max(1, once)));
      repeats.put(each.getKey(), Math.min(count, 100));
      round += once * repeats.get(each.getKey());
    }
    int rounds =
        (int) Math.max(FEWEST_ROUNDS, Math.min(MOST_ROUNDS, seconds * NANOS / Math.max(1, round)));
    Map<String, Double> least = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<String, LayerTrial> each : trials.entrySet()) {
        double nanos = each.getValue().nanos(repeats.get(each.getKey()));
        least.merge(each.getKey(), nanos, Math::min);
      }
    }
    least.forEach((name, nanos) -> times.put(name, new Timed(Math.max(1, Math.round(nanos)))));
    times.putAll(refused);
    return times;
  }

  @Override
  public void close() {
    trials.values().forEach(LayerTrial::close);
  }
}
