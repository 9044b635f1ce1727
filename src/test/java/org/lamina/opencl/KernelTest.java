package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Arguments by name and type, launches and their times. */
final class KernelTest {

  private final Session session =
      Session.open(Device.best(), SessionOptions.defaults().withProfiling(true));
  private final DeviceBuffer x = session.allocate(8);
  private final DeviceBuffer y = session.allocate(8);
  private final Program program = session.program("test/scale.cl", Macros.none());

  @AfterEach
  void close() {
    session.close();
  }

  private Kernel scale() {
    x.write(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    y.write(new float[8]);
    return program
        .kernel("scale")
        .set("x", x)
        .set("y", y)
        .set("factor", 2f)
        .set("count", 3)
        .set("shift", 1L)
        .set("unused", 0);
  }

  @Test
  void argumentsOfEveryTypeArrive() {
    scale().enqueue(Range.cover(3, 1, 1, 4, 1, 1));
    assertArrayEquals(new float[] {4, 6, 8, 0, 0, 0, 0, 0}, y.read());
  }

  @Test
  void kernelsOfOneNameHaveArgumentsOfTheirOwn() {
    Kernel two = scale();
    Kernel three = scale().set("factor", 3f).set("shift", 0L);
    assertNotSame(two, three);
    two.enqueue(Range.of(8, 1, 1));
    assertArrayEquals(new float[] {4, 6, 8, 0, 0, 0, 0, 0}, y.read());
    three.enqueue(Range.of(8, 1, 1));
    assertArrayEquals(new float[] {3, 6, 9, 0, 0, 0, 0, 0}, y.read());
  }

  @Test
  void misspeltArgumentsAndKernelsAreErrorsThatListTheNames() {
    assertEquals(
        "kernel scale has no argument 'facter'; it has [x, y, factor, count, shift, unused]",
        refused(() -> scale().set("facter", 1f)));
    assertEquals(
        "opencl/test/scale.cl has no kernel 'scales'; it has [fill, scale]",
        refused(() -> program.kernel("scales")).replace("[scale, fill]", "[fill, scale]"));
    assertTrue(scale().hasArgument("factor"));
    assertFalse(scale().hasArgument("facter"));
  }

  @Test
  void valuesOfTheWrongTypeAreErrors() {
    String argument = "argument '%s' of kernel scale is '%s' and cannot be bound to %s";
    Kernel kernel = scale();
    assertEquals(
        argument.formatted("factor", "float", "an int"), refused(() -> kernel.set("factor", 1)));
    assertEquals(
        argument.formatted("count", "int", "a float"), refused(() -> kernel.set("count", 1f)));
    assertEquals(
        argument.formatted("count", "int", "a long"), refused(() -> kernel.set("count", 1L)));
    assertEquals(
        argument.formatted("shift", "ulong", "an int"), refused(() -> kernel.set("shift", 1)));
    assertEquals(
        argument.formatted("count", "int", "a buffer"), refused(() -> kernel.set("count", x)));
    assertEquals(argument.formatted("x", "float*", "an int"), refused(() -> kernel.set("x", 0)));
  }

  @Test
  void typesAreReadHoweverDriversWriteThem() {
    assertEquals("float*", Argument.simple("float *"));
    assertEquals("float*", Argument.simple("const __global float*"));
    assertEquals("ulong", Argument.simple("unsigned long"));
    assertEquals("uint", Argument.simple("unsigned int"));
    new Argument("a", "real").require("k", "a float", "float"); // a typedef may be anything
    new Argument("a", "real*").require("k", "a buffer");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Argument("a", "real*").require("k", "a float", "float"));
  }

  @Test
  void unboundArgumentsAreAnErrorBeforeTheLaunch() {
    Kernel kernel = program.kernel("scale").set("x", x).set("factor", 1f);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> kernel.enqueue(Range.of(1, 1, 1)));
    assertEquals("kernel scale has unbound arguments [y, count, shift, unused]", e.getMessage());
  }

  @Test
  void aBufferOfAnotherSessionIsRefused() {
    try (Session other = Session.open(Device.best())) {
      DeviceBuffer foreign = other.allocate(8);
      assertEquals(
          "argument 'x' of kernel scale: the buffer belongs to another session",
          refused(() -> scale().set("x", foreign)));
    }
  }

  @Test
  void workGroupsThatAreTooLargeAreRefusedByName() {
    long size = session.device().maxWorkGroup() + 1;
    String message = refused(() -> scale().enqueue(Range.cover(1, 1, 1, size, 1, 1)));
    String expected = "kernel scale over %d x 1 x 1 in groups of %d x 1 x 1: %d work-items";
    assertTrue(message.startsWith(expected.formatted(size, size, size)), message);
  }

  @Test
  void everyLaunchHasATimeUntilItIsTaken() {
    Kernel fill = program.kernel("fill").set("y", y).set("value", 1f);
    Kernel scale = scale();
    for (int i = 0; i < 3; i++) {
      fill.enqueue(Range.of(8, 1, 1));
      scale.enqueue(Range.of(8, 1, 1));
    }
    List<Timing> timings = session.takeTimings();
    assertEquals(
        List.of("fill", "scale", "fill", "scale", "fill", "scale"),
        timings.stream().map(Timing::kernel).toList());
    for (int i = 0; i < timings.size(); i++) {
      Timing t = timings.get(i);
      assertTrue(t.queuedNanos() <= t.startNanos(), t::toString);
      assertTrue(t.durationNanos() > 0, t::toString);
      assertTrue(i == 0 || timings.get(i - 1).endNanos() <= t.startNanos(), t::toString);
    }
    assertEquals(List.of(), session.takeTimings());
  }

  @Test
  void withoutProfilingThereAreNoTimes() {
    try (Session plain = Session.open(Device.best())) {
      DeviceBuffer buffer = plain.allocate(8);
      plain
          .program("test/scale.cl", Macros.none())
          .kernel("fill")
          .set("y", buffer)
          .set("value", 1f)
          .enqueue(Range.of(8, 1, 1));
      assertEquals(List.of(), plain.takeTimings());
      assertEquals(1f, buffer.read()[7]);
    }
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
