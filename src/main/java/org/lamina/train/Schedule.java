package org.lamina.train;

import java.util.List;
import org.lamina.layer.Check;
import org.lamina.layer.Default;
import org.lamina.layer.Key;

/**
 * The learning rate in the course of a training, as a function of t and T.
 *
 * <p>t is the time gone by before a step and T the whole time: in epochs if the recipe's length is
 * in epochs, in steps if it is in steps. Times in between are fractions.
 */
public sealed interface Schedule {

  /**
   * Returns the rate of a step.
   *
   * @param t the time before the step
   * @param end T
   * @param drops how often {@link Plateau} has lowered the rate
   */
  double at(double t, double end, int drops);

  /** e = start. */
  @Key("constant")
  record Constant(double start) implements Schedule {
    /** Checks that the rate is a finite number, at least 0. */
    public Constant {
      rate("start", start);
    }

    @Override
    public double at(double t, double end, int drops) {
      return start;
    }
  }

  /**
   * e = start * factor^floor(t / every).
   *
   * @param start the first rate, at least 0
   * @param factor what it is multiplied by, at least 0
   * @param every after how long, greater than 0
   */
  @Key("step")
  record Step(double start, @Default("0.1") double factor, double every) implements Schedule {
    /** Checks the ranges given above. */
    public Step {
      rate("start", start);
      rate("factor", factor);
      positive("every", every);
    }

    @Override
    public double at(double t, double end, int drops) {
      return start * Math.pow(factor, Math.floor(t / every + SLACK));
    }
  }

  /**
   * e = start * factor^(how many of {@code at} are not after t).
   *
   * @param start the first rate, at least 0
   * @param factor what it is multiplied by, at least 0
   * @param at when, in ascending order
   */
  @Key("multistep")
  record MultiStep(double start, @Default("0.1") double factor, List<Double> at)
      implements Schedule {
    /** Checks the ranges given above. */
    public MultiStep {
      at = List.copyOf(at);
      rate("start", start);
      rate("factor", factor);
      Check.that(
          at.stream().sorted().toList().equals(at),
          "at",
          "at must be in ascending order, but is %s",
          at);
    }

    @Override
    public double at(double t, double end, int drops) {
      return start * Math.pow(factor, at.stream().filter(time -> time <= t + SLACK).count());
    }
  }

  /**
   * e = start * factor^t.
   *
   * @param start the first rate, at least 0
   * @param factor what it is multiplied by in one unit of time, greater than 0
   */
  @Key("exponential")
  record Exponential(double start, double factor) implements Schedule {
    /** Checks the ranges given above. */
    public Exponential {
      rate("start", start);
      positive("factor", factor);
    }

    @Override
    public double at(double t, double end, int drops) {
      return start * Math.pow(factor, t);
    }
  }

  /**
   * e = start * (1 + gamma*t)^-power; Caffe's {@code inv}.
   *
   * @param start the first rate, at least 0
   * @param gamma how fast it falls, at least 0
   * @param power how steeply, any finite number
   */
  @Key("inverse")
  record Inverse(double start, double gamma, @Default("1") double power) implements Schedule {
    /** Checks the ranges given above. */
    public Inverse {
      rate("start", start);
      rate("gamma", gamma);
      Check.finite("power", power);
    }

    @Override
    public double at(double t, double end, int drops) {
      return start * Math.pow(1 + gamma * t, -power);
    }
  }

  /**
   * e = end + (start - end) * (1 - t/T)^power; Caffe's {@code poly} with end 0.
   *
   * @param start the first rate, at least 0
   * @param end the last rate, at least 0
   * @param power how it falls, greater than 0; 1 is a straight line
   */
  @Key("polynomial")
  record Polynomial(double start, @Default("0") double end, @Default("1") double power)
      implements Schedule {
    /** Checks the ranges given above. */
    public Polynomial {
      rate("start", start);
      rate("end", end);
      positive("power", power);
    }

    @Override
    public double at(double t, double whole, int drops) {
      return end + (start - end) * Math.pow(1 - Math.min(1, t / whole), power);
    }
  }

  /**
   * e = end + (start - end) * (1 + cos(pi*t/T))/2. Source: Loshchilov and Hutter (2017), equation
   * 5, without restarts.
   *
   * @param start the first rate, at least 0
   * @param end the last rate, at least 0
   */
  @Key("cosine")
  record Cosine(double start, @Default("0") double end) implements Schedule {
    /** Checks the ranges given above. */
    public Cosine {
      rate("start", start);
      rate("end", end);
    }

    @Override
    public double at(double t, double whole, int drops) {
      return between(start, end, Math.min(1, t / whole));
    }
  }

  /**
   * Up and down once: from {@code peak*start_factor} to {@code peak} during the share {@code rise}
   * of T, then down to {@code peak*end_factor}, both along half a cosine. Source: Smith and Topin
   * (2018); the cosine and the factors are PyTorch's.
   *
   * @param peak the largest rate, at least 0
   * @param rise the share of the time that the rate rises, at least 0 and less than 1
   * @param startFactor the first rate as a share of the peak
   * @param endFactor the last rate as a share of the peak
   */
  @Key("one_cycle")
  record OneCycle(
      double peak,
      @Default("0.3") double rise,
      @Default("0.04") double startFactor,
      @Default("4.0e-6") double endFactor)
      implements Schedule {
    /** Checks the ranges given above. */
    public OneCycle {
      rate("peak", peak);
      Check.that(
          rise >= 0 && rise < 1,
          "rise",
          "rise must be at least 0 and less than 1, but is %s",
          rise);
      rate("start_factor", startFactor);
      rate("end_factor", endFactor);
    }

    @Override
    public double at(double t, double whole, int drops) {
      double share = Math.min(1, t / whole);
      return share < rise
          ? between(peak * startFactor, peak, share / rise)
          : between(peak, peak * endFactor, (share - rise) / (1 - rise));
    }
  }

  /**
   * The rule of AlexNet: e = start * factor^drops, one drop each time that the watched value has
   * not become better for {@code patience} evaluations.
   *
   * <p>Source: Krizhevsky, Sutskever and Hinton (2012), section 5: divided by 10 when the
   * validation error stopped improving, three times before the end. They did it by hand; the
   * patience is ours.
   *
   * @param start the first rate, at least 0
   * @param factor what it is multiplied by, at least 0
   * @param watch what must become better
   * @param patience evaluations without a better value before a drop, at least 1
   * @param threshold by how much better it must be, as a share of the best, at least 0
   * @param drops how many drops there are; the training ends where another one would come
   */
  @Key("plateau")
  record Plateau(
      double start,
      @Default("0.1") double factor,
      @Default("validation_error") Metric watch,
      @Default("3") int patience,
      @Default("0") double threshold,
      @Default("3") int drops)
      implements Schedule {
    /** Checks the ranges given above. */
    public Plateau {
      rate("start", start);
      rate("factor", factor);
      Check.atLeast("patience", 1, patience);
      rate("threshold", threshold);
      Check.atLeast("drops", 0, drops);
    }

    @Override
    public double at(double t, double end, int dropped) {
      return start * Math.pow(factor, dropped);
    }
  }

  /** Times are quotients of whole numbers: an epoch's end may come out a hair too early. */
  double SLACK = 1e-9;

  private static double between(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  private static void rate(String key, double value) {
    Check.finite(key, value);
    Check.that(value >= 0, key, "%s must be at least 0, but is %s", key, value);
  }

  private static void positive(String key, double value) {
    Check.finite(key, value);
    Check.that(value > 0, key, "%s must be greater than 0, but is %s", key, value);
  }
}
