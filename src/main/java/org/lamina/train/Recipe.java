package org.lamina.train;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Check;
import org.lamina.layer.Default;
import org.lamina.layer.Key;
import org.lamina.network.Training;

/**
 * How a network is to be trained: what the {@code loss} and {@code training} of its file say, with
 * the defaults of what they leave out.
 *
 * @param loss what is minimised
 * @param losses the layers that the loss is taken of and what each counts; empty for the network's
 *     output, once
 * @param labelSmoothing share of the target that is spread over all classes, at least 0 and less
 *     than 1
 * @param classWeights what each class counts; empty if all count the same
 * @param batch samples in a step; empty for as many as the device takes
 * @param accumulate micro-batches that a step is made of, so that a large batch fits a small device
 * @param recompute whether results of layers are worked out again on the way back instead of kept
 * @param length how long the training is
 * @param optimizer how gradients change weights
 * @param schedule the learning rate
 * @param warmUp how long the rate rises in a straight line from 0 to that of the schedule, in the
 *     unit of {@code length}; 0 if not at all
 * @param clip the largest norm of all gradients together; 0 for any
 * @param rates factors for some parameters; later ones win
 * @param frozen patterns of parameters that do not change
 * @param evaluation how the validation set is measured
 * @param best what decides which weights are kept as the best
 * @param earlyStop evaluations without a better value of {@code best} before the training ends; 0
 *     for never
 * @param budget how long the training may take
 * @param checkpointEvery epochs between checkpoints, a fraction for several in one
 * @param unreadable what happens when a sample cannot be read
 * @param seed where all random numbers come from
 */
public record Recipe(
    Loss loss,
    Map<String, Double> losses,
    double labelSmoothing,
    List<Double> classWeights,
    Optional<Integer> batch,
    int accumulate,
    Recompute recompute,
    Length length,
    Optimizer optimizer,
    Schedule schedule,
    double warmUp,
    double clip,
    List<Rate> rates,
    List<String> frozen,
    Evaluation evaluation,
    Metric best,
    int earlyStop,
    Optional<Duration> budget,
    double checkpointEvery,
    Unreadable unreadable,
    long seed) {

  /** Copies the collections. */
  public Recipe {
    losses = Map.copyOf(losses);
    classWeights = List.copyOf(classWeights);
    rates = List.copyOf(rates);
    frozen = List.copyOf(frozen);
  }

  /** What is minimised. */
  public enum Loss {
    /** The negative logarithm of the probability that a softmax gives to the right class. */
    SOFTMAX_CROSS_ENTROPY,
    /** Half the squared distance to the target, one-hot for classes, averaged over the values. */
    MEAN_SQUARED_ERROR
  }

  /** Whether results of layers are worked out again on the way back instead of being kept. */
  public enum Recompute {
    /** Where the device has too little memory otherwise. */
    AUTO,
    /** Always. */
    ON,
    /** Never. */
    OFF
  }

  /** What happens when a sample cannot be read. */
  public enum Unreadable {
    /** Another one takes its place; it is counted and named. */
    SKIP,
    /** The training ends. */
    FAIL
  }

  /**
   * How long a training is.
   *
   * @param amount epochs, maybe a fraction, or steps
   * @param inSteps whether the amount is steps, and with it all times of the recipe
   */
  public record Length(double amount, boolean inSteps) {

    /**
     * Returns the number of steps.
     *
     * @param perEpoch steps in an epoch
     */
    public long steps(double perEpoch) {
      return inSteps ? Math.round(amount) : Math.max(1, Math.round(amount * perEpoch));
    }

    /** Returns a time of the recipe's unit as steps. */
    double time(double steps, double perEpoch) {
      return inSteps ? steps : steps / perEpoch;
    }

    /** Returns {@code 10 epochs} or {@code 4000 steps}. */
    @Override
    public String toString() {
      String number =
          amount == Math.rint(amount) ? String.valueOf((long) amount) : String.valueOf(amount);
      return number + (inSteps ? " step" : " epoch") + (amount == 1 ? "" : "s");
    }
  }

  /**
   * Factors for the parameters that a pattern names.
   *
   * @param parameters a pattern of parameter names, {@code *} for any characters: {@code *.bias}
   * @param learningRate what the learning rate is multiplied by, at least 0
   * @param weightDecay what the weight decay is multiplied by, at least 0
   */
  public record Rate(String parameters, double learningRate, double weightDecay) {}

  /**
   * How the validation set is measured.
   *
   * @param every epochs between evaluations, a fraction for several in one; greater than 0
   * @param crops 1 for the network's own preparation, 10 for the four corners and the centre with
   *     their mirror images, whose probabilities are averaged
   * @param share of the training samples that are set aside for validation where the data has no
   *     validation set, at least 0 and less than 1; chosen by the seed
   */
  @Key("evaluate")
  public record Evaluation(
      @Default("1") double every, @Default("1") int crops, @Default("0.1") double share) {
    /** Checks the ranges given above. */
    public Evaluation {
      Check.finite("every", every);
      Check.that(every > 0, "every", "every must be greater than 0, but is %s", every);
      Check.that(crops == 1 || crops == 10, "crops", "crops must be 1 or 10, but is %d", crops);
      Check.that(
          share >= 0 && share < 1,
          "share",
          "share must be at least 0 and less than 1, but is %s",
          share);
    }
  }

  /**
   * Reads what a network's file says.
   *
   * @throws RecipeException if there are mistakes; it names all of them
   */
  public static Recipe of(Training training) {
    return new RecipeReader(training).read();
  }
}
