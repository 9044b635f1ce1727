package org.lamina.network.lint;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Dropout;
import org.lamina.layer.Flatten;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.InstanceNormalization;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Relu;
import org.lamina.layer.Softmax;

/** Rules about which layer follows which. */
final class OrderRules {

  private static final List<Class<? extends Layer>> SOFTMAXES =
      List.of(Softmax.class, LogSoftmax.class);

  private static final List<Class<? extends Layer>> CENTRED =
      List.of(BatchNormalization.class, InstanceNormalization.class);

  private OrderRules() {}

  /** A bias that the next layer subtracts with the mean. */
  static void biasBeforeBatchNorm(Spot spot, Consumer<Rule.Advice> found) {
    Optional<Spot> reader = spot.reader().filter(next -> next.is(CENTRED));
    if (reader.isPresent() && spot.has("bias")) {
      Rule.report(
          found,
          "'%s' subtracts the mean of every channel, and with it whatever its %d biases are"
              .formatted(reader.get().name(), spot.output().c()),
          "set 'bias: false'");
    }
  }

  /** Dropout that drops nothing, or what it must not. */
  static void idleDropout(Spot spot, Consumer<Rule.Advice> found) {
    if (!(spot.node().layer() instanceof Dropout dropout)) {
      return;
    }
    Optional<Spot> before = spot.source().filter(source -> source.is(List.of(Dropout.class)));
    if (dropout.p() == 0) {
      Rule.report(found, "with p = 0 it drops nothing", "remove it, or set p");
    } else if (before.isPresent()) {
      Rule.report(
          found,
          "it follows the dropout '%s' and drops what that kept".formatted(before.get().name()),
          "remove one, or put what both do into one p");
    } else if (spot.readers().isEmpty()) {
      Rule.report(
          found,
          "nothing that learns comes after it: in training it only blanks parts of the output",
          "move it before the last layer that has weights");
    }
  }

  /** A rectifier of what is never negative. */
  static void idleRelu(Spot spot, Consumer<Rule.Advice> found) {
    String from = spot.node().from().get(0);
    if (spot.is(List.of(Relu.class, LeakyRelu.class)) && spot.surroundings().isNotNegative(from)) {
      Rule.report(
          found,
          "its input '%s' is never negative, so it changes nothing".formatted(from),
          "remove it, or put it after a layer with weights");
    }
  }

  /** Two fully connected layers that are one. */
  static void linearPair(Spot spot, Consumer<Rule.Advice> found) {
    if (!spot.is(List.of(FullyConnected.class))) {
      return;
    }
    Optional<Spot> before = spot.source();
    while (before.filter(b -> b.is(List.of(Dropout.class, Flatten.class))).isPresent()) {
      before = before.flatMap(Spot::source);
    }
    before
        .filter(b -> b.is(List.of(FullyConnected.class)))
        .ifPresent(
            first ->
                Rule.report(
                    found,
                    "nothing but linear layers lies between '%s' and it: together they can do no more than one"
                        .formatted(first.name()),
                    "put a relu after '%s'".formatted(first.name())));
  }

  /** Probabilities that are not the end. */
  static void softmaxInside(Spot spot, Consumer<Rule.Advice> found) {
    if (spot.is(SOFTMAXES) && !spot.readers().isEmpty()) {
      Rule.report(
          found,
          "'%s' reads it: a softmax in the middle leaves little gradient where one channel wins"
              .formatted(spot.readers().get(0).name()),
          "move it to the end, or use a relu or sigmoid");
    }
  }

  /** Class scores that cannot be negative. */
  static void reluOnScores(Spot spot, Consumer<Rule.Advice> found) {
    Optional<Spot> relu = spot.source().filter(source -> source.is(List.of(Relu.class)));
    if (spot.is(SOFTMAXES) && relu.isPresent()) {
      Rule.report(
          found,
          "'%s' cuts all scores below zero off, and a class it cut off learns nothing more"
              .formatted(relu.get().name()),
          "remove '%s'".formatted(relu.get().name()));
    }
  }
}
