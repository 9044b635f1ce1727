package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Buffers and their ownership. */
final class SessionTest {

  private static Session open() {
    return Session.open(Device.best(), SessionOptions.defaults().withoutCache());
  }

  @Test
  void whatIsWrittenIsRead() {
    try (Session session = open()) {
      DeviceBuffer buffer = session.allocate(5);
      assertEquals(5, buffer.floats());
      assertEquals(20, buffer.bytes());
      buffer.write(new float[] {1, 2, 3, 4, Float.NaN});
      assertArrayEquals(new float[] {1, 2, 3, 4, Float.NaN}, buffer.read());
    }
  }

  @Test
  void partsAreWrittenAndReadFromEveryKindOfBuffer() {
    FloatBuffer direct =
        ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer[] sources = {
      FloatBuffer.wrap(new float[] {7, 8, 9, 10}),
      FloatBuffer.wrap(new float[] {7, 8, 9, 10}).asReadOnlyBuffer(),
      FloatBuffer.wrap(new float[] {0, 7, 8, 9, 10}, 1, 4).slice(),
      direct.put(new float[] {7, 8, 9, 10}).flip(),
      direct.duplicate().asReadOnlyBuffer(),
    };
    try (Session session = open()) {
      for (FloatBuffer source : sources) {
        DeviceBuffer buffer = session.allocate(4);
        buffer.write(new float[] {1, 2, 3, 4});
        source.position(1).limit(3);
        buffer.write(1, source);
        assertEquals(1, source.position());
        assertArrayEquals(new float[] {1, 8, 9, 4}, buffer.read());
        FloatBuffer target = FloatBuffer.allocate(4).position(2);
        buffer.read(2, target);
        assertArrayEquals(new float[] {0, 0, 9, 4}, target.array());
      }
    }
  }

  @Test
  void sharedMemoryIsSeenByHostAndDeviceInTurn() {
    FloatBuffer memory =
        ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder()).asFloatBuffer();
    memory.put(new float[] {1, 2, 3}).flip();
    try (Session session = open()) {
      long before = session.bytesAllocated();
      Optional<DeviceBuffer> shared = session.share(memory);
      assertEquals(Quirks.sharesMemory(session.device()), shared.isPresent());
      assertEquals(before, session.bytesAllocated());
      for (float value = 4; shared.isPresent() && value < 6; value++) {
        memory.put(1, value);
        shared.get().toDevice();
        shared.get().toDevice(); // it has it
        assertArrayEquals(new float[] {1, value, 3}, shared.get().read());
        shared.get().write(2, FloatBuffer.wrap(new float[] {3}));
        shared.get().toHost();
        shared.get().toHost();
        session.finish();
        assertEquals(value, memory.get(1));
      }
      FloatBuffer heap = FloatBuffer.allocate(3);
      assertThrows(IllegalArgumentException.class, () -> session.share(heap));
      FloatBuffer none = memory.duplicate().limit(0);
      assertThrows(IllegalArgumentException.class, () -> session.share(none));
    }
  }

  @Test
  void mappedMemoryIsFilledWholeOrInParts() {
    try (Session session = open()) {
      DeviceBuffer buffer = session.allocate(4);
      buffer.writeMapped(floats -> floats.put(new float[] {1, 2, 3, 4}));
      buffer.writeMapped(1, 2, floats -> floats.put(new float[] {5, 6}));
      assertArrayEquals(new float[] {1, 5, 6, 4}, buffer.read());
      assertThrows(
          IllegalStateException.class,
          () ->
              buffer.writeMapped(
                  floats -> {
                    throw new IllegalStateException("from the filler");
                  }));
      buffer.write(new float[4]); // the memory is unmapped again
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Session session = open()) {
      DeviceBuffer buffer = session.allocate(4);
      assertEquals(
          "the buffer holds 4 floats, but the array has 5",
          refused(() -> buffer.write(new float[5])));
      assertEquals(
          "floats 3 to 5 are not inside a buffer of 4",
          refused(() -> buffer.write(3, FloatBuffer.allocate(2))));
      assertEquals(
          "floats -1 to 1 are not inside a buffer of 4",
          refused(() -> buffer.read(-1, FloatBuffer.allocate(2))));
      refused(() -> buffer.writeMapped(4, Long.MAX_VALUE, floats -> {}));
      refused(() -> buffer.writeMapped(0, 0, floats -> {}));
      ByteOrder foreign =
          ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
              ? ByteOrder.BIG_ENDIAN
              : ByteOrder.LITTLE_ENDIAN;
      FloatBuffer swapped = ByteBuffer.allocateDirect(16).order(foreign).asFloatBuffer();
      assertTrue(refused(() -> buffer.write(0, swapped)).contains("byte order"));
      assertEquals(
          "a buffer needs at least 1 float, but has 0", refused(() -> session.allocate(0)));
    }
  }

  @Test
  void useAfterCloseIsAnExceptionAndClosingTwiceIsNone() {
    Session session = open();
    DeviceBuffer early = session.allocate(2);
    DeviceBuffer late = session.allocate(3);
    Kernel kernel = session.program("test/scale.cl", Macros.none()).kernel("fill");
    Program program = session.program("test/scale.cl", Macros.none());
    assertEquals(20, session.bytesAllocated());
    early.close();
    early.close();
    assertEquals(12, session.bytesAllocated());
    assertEquals("the buffer is closed", closed(early::read));
    assertEquals("the buffer is closed", closed(() -> kernel.set("y", early)));
    kernel.close();
    kernel.close();
    assertEquals("kernel fill is closed", closed(() -> kernel.set("value", 1f)));
    session.close();
    session.close();
    assertEquals(0, session.bytesAllocated());
    late.close();
    kernel.close();
    assertEquals("the session is closed", closed(late::read));
    assertEquals("the session is closed", closed(() -> session.allocate(1)));
    assertEquals("the session is closed", closed(session::finish));
    assertEquals("the session is closed", closed(session::takeTimings));
    assertEquals("the session is closed", closed(() -> program.kernel("fill")));
    assertEquals(
        "the session is closed", closed(() -> session.program("test/scale.cl", Macros.none())));
  }

  @Test
  void memoryThatTheDeviceHasNotIsRefusedWithNeedAndHave() {
    try (Session session = open()) {
      Device device = session.device();
      long floats = device.maxAllocation() / 4 + 1;
      OutOfDeviceMemoryException e =
          assertThrows(OutOfDeviceMemoryException.class, () -> session.allocate("weights", floats));
      assertEquals(floats * 4, e.need());
      assertTrue(e.have() <= device.maxAllocation());
      String start =
          String.format(Locale.ROOT, "cannot allocate %,d bytes for weights on ", floats * 4);
      assertTrue(e.getMessage().startsWith(start), e.getMessage());
      assertThrows(OutOfDeviceMemoryException.class, () -> session.allocate(Long.MAX_VALUE / 4));
      assertEquals(0, session.bytesAllocated());
    }
  }

  @Test
  void memoryIsRefusedWhenBuffersTogetherAreMoreThanTheDeviceHas() {
    try (Session session = open()) {
      Device device = session.device();
      long piece = device.maxAllocation() / 4;
      long pieces = device.globalMemory() / (piece * 4);
      List<DeviceBuffer> buffers = new ArrayList<>();
      OutOfDeviceMemoryException e =
          assertThrows(
              OutOfDeviceMemoryException.class,
              () -> {
                for (long i = 0; i <= pieces; i++) {
                  buffers.add(session.allocate(piece));
                }
              });
      assertTrue(e.have() < e.need(), e.getMessage());
      buffers.get(0).close();
      session.allocate(piece); // what was given back can be had again
    }
  }

  @Test
  void aProgramIsBuiltOncePerSetOfMacros() {
    List<String> built = new ArrayList<>();
    SessionOptions options = SessionOptions.defaults().withoutCache().withOnBuild(built::add);
    try (Session session = Session.open(Device.best(), options)) {
      Program program = session.program("test/scale.cl", Macros.none());
      assertSame(program, session.program("test/scale.cl", Macros.none()));
      session.program("test/scale.cl", Macros.none().define("X", 1));
      assertEquals(List.of("test/scale.cl", "test/scale.cl"), built);
    }
  }

  @Test
  void sessionsOnOneDeviceWorkSideBySide() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        float value = i;
        tasks.add(() -> fill(value));
      }
      List<Future<float[]>> results = threads.invokeAll(tasks);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(new float[] {i, i, i, i}, results.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  private static float[] fill(float value) {
    try (Session session = Session.open(Device.best())) {
      DeviceBuffer y = session.allocate(4);
      Kernel kernel = session.program("test/scale.cl", Macros.none()).kernel("fill");
      for (int i = 0; i < 100; i++) {
        kernel.set("y", y).set("value", i == 99 ? value : -1f).enqueue(Range.of(4, 1, 1));
      }
      return y.read();
    }
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  private static String closed(Executable call) {
    return assertThrows(IllegalStateException.class, call).getMessage();
  }
}
