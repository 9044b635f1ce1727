package org.lamina.network.lint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.lamina.layer.Concat;
import org.lamina.layer.DepthToSpace;
import org.lamina.layer.Extent;
import org.lamina.layer.Flatten;
import org.lamina.layer.Layer;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Pad;
import org.lamina.layer.Permute;
import org.lamina.layer.Reshape;
import org.lamina.layer.ShuffleChannels;
import org.lamina.layer.Slice;
import org.lamina.layer.Softmax;
import org.lamina.layer.SpaceToDepth;
import org.lamina.layer.Upsample;
import org.lamina.network.Window;

/** Rules about layers whose work nobody sees. */
final class LifeRules {

  private static final List<Class<? extends Layer>> ANSWERS =
      List.of(Softmax.class, LogSoftmax.class);

  private static final Set<Class<? extends Layer>> MOVING =
      Set.of(
          DepthToSpace.class,
          Pad.class,
          Permute.class,
          Reshape.class,
          ShuffleChannels.class,
          Slice.class,
          SpaceToDepth.class,
          Upsample.class);

  private LifeRules() {}

  /** Returns whether a layer that moves elements, and only that, leaves all where they are. */
  private static boolean keepsEverything(Spot spot) {
    Layer layer = spot.node().layer();
    if (layer instanceof Permute permute) {
      return permute.order() == Permute.Order.CHW;
    } else if (layer instanceof ShuffleChannels shuffle) {
      return shuffle.groups() == 1 || shuffle.groups() == spot.input().c();
    } else if (layer instanceof Slice slice) {
      return slice.step() == 1 && spot.input().equals(spot.output());
    }
    return spot.input().equals(spot.output());
  }

  /**
   * An output that is none. Every layer that nobody reads is an output of the network; where some
   * of them are softmaxes, another one was probably forgotten.
   */
  static void deadLayer(Spot spot, Consumer<Rule.Advice> found) {
    Surroundings all = spot.surroundings();
    if (!spot.readers().isEmpty() || spot.is(ANSWERS)) {
      return;
    }
    List<String> answers =
        all.network().outputs().stream()
            .filter(name -> all.spot(name).filter(output -> output.is(ANSWERS)).isPresent())
            .toList();
    if (answers.isEmpty()) {
      return;
    }
    int alone = deadWith(spot).size();
    Rule.report(
        found,
        "nobody reads its result, and it is no softmax like the output '%s'%s"
            .formatted(
                answers.get(0),
                alone == 0
                    ? ""
                    : "; %d more layer%s work%s for it alone"
                        .formatted(alone, alone == 1 ? "" : "s", alone == 1 ? "s" : "")),
        "remove it, or name it in the 'from' of a layer");
  }

  /** Returns the other layers whose results reach nothing but this one. */
  private static Set<String> deadWith(Spot spot) {
    Set<String> dead = new HashSet<>(Set.of(spot.name()));
    List<Spot> spots = spot.surroundings().spots();
    for (int i = spots.size() - 1; i >= 0; i--) {
      List<Spot> readers = spots.get(i).readers();
      if (!readers.isEmpty() && readers.stream().allMatch(r -> dead.contains(r.name()))) {
        dead.add(spots.get(i).name());
      }
    }
    dead.remove(spot.name());
    return dead;
  }

  /** A layer whose result is its input. */
  static void idleLayer(Spot spot, Consumer<Rule.Advice> found) {
    boolean pooling = spot.type().equals("max_pool") || spot.type().equals("avg_pool");
    Extent one = Extent.of(1);
    if (pooling
        && Window.of(spot.node().layer())
            .filter(window -> window.kernel().equals(one) && window.stride().equals(one))
            .isPresent()) {
      Rule.report(
          found,
          "a pooling of 1×1 windows in steps of 1 returns its input",
          "remove it, or give it a larger kernel or stride");
    }
    if (spot.is(List.of(Concat.class)) && spot.node().from().size() == 1) {
      Rule.report(found, "a concatenation of one layer returns it", "remove it, or give it more");
    }
    if (MOVING.contains(spot.node().layer().getClass()) && keepsEverything(spot)) {
      Rule.report(found, "with these values it moves nothing", "remove it, or change them");
    }
    if (spot.is(List.of(Flatten.class)) && spot.input().equals(spot.output())) {
      Rule.report(found, "its input of " + spot.input() + " is flat as it is", "remove it");
    }
  }
}
