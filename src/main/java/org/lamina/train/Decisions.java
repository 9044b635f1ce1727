package org.lamina.train;

import org.lamina.train.Schedule.Plateau;

/**
 * What evaluations decide: when the plateau rule lowers the rate, which weights are the best, and
 * when it is enough. Begins where a checkpoint left off.
 */
final class Decisions {

  private final Recipe recipe;
  private int drops;
  private double watched;
  private int watchedStale;
  private double best;
  private long bestStep;
  private int stale;

  /** Why a training ends before its time. */
  enum End {
    /** It does not. */
    NONE,
    /** Nothing became better for as many evaluations as the recipe allows. */
    EARLY_STOP,
    /** The plateau rule has lowered the rate as often as it may. */
    PLATEAU
  }

  /** The values that a training can be judged by, after an evaluation. */
  record Measured(double validationAccuracy, double validationLoss, double trainingLoss) {
    /** Without a validation set the loss of the training has to do. */
    private Metric judged(Metric wanted) {
      return Double.isNaN(validationLoss) ? Metric.TRAINING_LOSS : wanted;
    }

    private double of(Metric metric) {
      return switch (judged(metric)) {
        case VALIDATION_ERROR -> 1 - validationAccuracy;
        case VALIDATION_ACCURACY -> validationAccuracy;
        case VALIDATION_LOSS -> validationLoss;
        case TRAINING_LOSS -> trainingLoss;
      };
    }
  }

  Decisions(Recipe recipe, TrainingState state) {
    this.recipe = recipe;
    drops = state.drops();
    watched = state.watched();
    watchedStale = state.watchedStale();
    best = state.best();
    bestStep = state.bestStep();
    stale = state.stale();
  }

  /**
   * Takes an evaluation into account.
   *
   * @param step steps done
   * @return whether the weights are the best so far
   */
  boolean take(long step, Measured measured) {
    if (recipe.schedule() instanceof Plateau plateau) {
      double value = measured.of(plateau.watch());
      if (measured.judged(plateau.watch()).better(value, watched, plateau.threshold())) {
        watched = value;
        watchedStale = 0;
      } else if (++watchedStale >= plateau.patience() && drops <= plateau.drops()) {
        drops++;
        watchedStale = 0;
      }
    }
    double value = measured.of(recipe.best());
    boolean better = measured.judged(recipe.best()).better(value, best, 0);
    if (better) {
      best = value;
      bestStep = step;
      stale = 0;
    } else {
      stale++;
    }
    return better;
  }

  /** Returns whether, and why, the training ends now. */
  End end() {
    if (recipe.schedule() instanceof Plateau plateau && drops > plateau.drops()) {
      return End.PLATEAU;
    }
    return recipe.earlyStop() > 0 && stale >= recipe.earlyStop() ? End.EARLY_STOP : End.NONE;
  }

  /** Returns how often the plateau rule has lowered the rate. */
  int drops() {
    return drops;
  }

  /** Returns the best value so far; NaN if there is none. */
  double best() {
    return best;
  }

  /** Returns when that was. */
  long bestStep() {
    return bestStep;
  }

  double watched() {
    return watched;
  }

  int watchedStale() {
    return watchedStale;
  }

  int stale() {
    return stale;
  }
}
