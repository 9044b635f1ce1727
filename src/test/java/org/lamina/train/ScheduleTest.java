package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.layer.InvalidParameterException;
import org.lamina.train.Recipe.Length;

/** Every schedule at points that can be worked out by hand. */
final class ScheduleTest {

  @Test
  void constantStaysTheSame() {
    check(new Schedule.Constant(0.5), 10, 0.5, 0.5, 0.5);
  }

  @Test
  void stepFallsEverySoOften() {
    Schedule step = new Schedule.Step(1, 0.1, 3);
    assertEquals(1, step.at(2.99, 10, 0), 1e-12);
    assertEquals(0.1, step.at(3, 10, 0), 1e-12);
    assertEquals(0.1, step.at(3 - 1e-12, 10, 0), 1e-12, "a quotient that should be 3");
    assertEquals(0.001, step.at(10, 10, 0), 1e-12);
  }

  @Test
  void multiStepFallsWhereItIsTold() {
    Schedule step = new Schedule.MultiStep(1, 0.5, List.of(2.0, 5.0));
    assertEquals(1, step.at(1.9, 10, 0), 1e-12);
    assertEquals(0.5, step.at(2, 10, 0), 1e-12);
    assertEquals(0.25, step.at(5.1, 10, 0), 1e-12);
    assertThrows(
        InvalidParameterException.class, () -> new Schedule.MultiStep(1, 1, List.of(2.0, 1.0)));
  }

  @Test
  void exponentialFallsAllTheTime() {
    check(new Schedule.Exponential(8, 0.5), 2, 8, 4, 2);
  }

  @Test
  void inverseIsCaffes() {
    // base_lr 0.01, gamma 0.0001, power 0.75 of Caffe's LeNet: its log gives 0.00934 at 1,000...
    Schedule inverse = new Schedule.Inverse(0.01, 1e-4, 0.75);
    assertEquals(0.01, inverse.at(0, 10_000, 0), 1e-12);
    assertEquals(0.01 * Math.pow(1.1, -0.75), inverse.at(1000, 10_000, 0), 1e-12);
    assertEquals(0.00594604, inverse.at(10_000, 10_000, 0), 1e-8);
  }

  @Test
  void polynomialEndsAtItsEnd() {
    check(new Schedule.Polynomial(1, 0, 1), 4, 1, 0.5, 0);
    check(new Schedule.Polynomial(1, 0.2, 2), 4, 1, 0.4, 0.2);
    assertEquals(0, new Schedule.Polynomial(1, 0, 0.5).at(9, 4, 0), 1e-12, "beyond the end");
  }

  @Test
  void cosineIsHalfwayInTheMiddle() {
    check(new Schedule.Cosine(1, 0), 8, 1, 0.5, 0);
    check(new Schedule.Cosine(1, 0.5), 8, 1, 0.75, 0.5);
  }

  @Test
  void oneCycleRisesAndFalls() {
    Schedule cycle = new Schedule.OneCycle(1, 0.25, 0.1, 0.01);
    assertEquals(0.1, cycle.at(0, 8, 0), 1e-12);
    assertEquals(0.55, cycle.at(1, 8, 0), 1e-12);
    assertEquals(1, cycle.at(2, 8, 0), 1e-12);
    assertEquals(0.505, cycle.at(5, 8, 0), 1e-12);
    assertEquals(0.01, cycle.at(8, 8, 0), 1e-12);
  }

  @Test
  void plateauKnowsOnlyDrops() {
    Schedule plateau = new Schedule.Plateau(0.01, 0.1, Metric.VALIDATION_ERROR, 3, 0, 3);
    assertEquals(0.01, plateau.at(70, 90, 0), 1e-12);
    assertEquals(1e-4, plateau.at(70, 90, 2), 1e-12);
  }

  @Test
  void lengthsAreInEpochsOrSteps() {
    assertEquals(25, new Length(2.5, false).steps(10));
    assertEquals(7, new Length(7, true).steps(10));
    assertEquals(1, new Length(0.001, false).steps(10));
    assertEquals(0.5, new Length(2.5, false).time(5, 10));
    assertEquals(5, new Length(7, true).time(5, 10));
    assertEquals("2.5 epochs", new Length(2.5, false).toString());
    assertEquals("1 step", new Length(1, true).toString());
  }

  private static void check(
      Schedule schedule, double end, double atStart, double inTheMiddle, double atEnd) {
    assertEquals(atStart, schedule.at(0, end, 0), 1e-12);
    assertEquals(inTheMiddle, schedule.at(end / 2, end, 0), 1e-12);
    assertEquals(atEnd, schedule.at(end, end, 0), 1e-12);
  }
}
