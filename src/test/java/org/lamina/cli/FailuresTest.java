package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.formats.FormatException;
import org.lamina.model.InputException;
import org.lamina.network.NetworkException;
import org.lamina.weights.WeightsException;

/** Which exception becomes which exit code and message. */
final class FailuresTest {

  private record Case(Throwable failure, int code, String message) {}

  private static List<Case> cases() {
    return List.of(
        new Case(new NetworkException("conv1", "pad", "bad"), 2, "layer 'conv1': bad"),
        new Case(new WeightsException("w: bad"), 4, "w: bad"),
        new Case(new FormatException("n.onnx: bad"), 2, "n.onnx: bad"),
        new Case(new ImageException("i: bad"), 4, "i: bad"),
        new Case(new DataException("l: bad"), 4, "l: bad"),
        new Case(new InputException("t: bad"), 4, "t: bad"),
        new Case(new NoSuchFileException("f"), 4, "f: there is no such file"),
        new Case(
            new UncheckedIOException(new AccessDeniedException("f")),
            4,
            "f: access denied; check the permissions"),
        new Case(
            new IllegalStateException("odd"),
            1,
            "unexpected: java.lang.IllegalStateException: odd; run with --debug for the place in"
                + " the code"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReported(Case expected) {
    assertEquals(expected.code(), Failures.code(expected.failure()));
    assertEquals(expected.message(), Failures.message(expected.failure()));
  }

  @Test
  void aFullHeapSaysWhatToDo() {
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    assertEquals(ExitCode.FAILED, Failures.code(full));
    String message = Failures.message(full);
    assertTrue(message.contains("--batch") && message.contains("-Xmx"), message);
  }
}
