package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Includes, and where compilers say that a mistake is. */
final class SourcesTest {

  @Test
  void eachFileIsIncludedOnceAndMarkedWithItsLines() {
    String[] lines = Sources.read("test/scale.cl").split("\n", -1);
    assertEquals("#line 2 \"opencl/test/scale.cl\"", lines[0]);
    assertEquals("#line 2 \"opencl/test/once.clh\"", lines[4]);
    assertEquals(
        "static inline float times(const float a, const float b) { return a * b; }", lines[6]);
    assertEquals("#line 6 \"opencl/test/scale.cl\"", lines[7]);
    assertEquals("", lines[8], "the second include is an empty line");
  }

  @Test
  void aFileThatDoesNotExistIsAnErrorThatSaysWhoWantsIt() {
    assertEquals(
        "there is no kernel file opencl/test/nowhere.cl",
        assertThrows(ClException.class, () -> Sources.read("test/nowhere.cl")).getMessage());
    assertEquals(
        "there is no kernel file opencl/test/nowhere.clh, included from"
            + " opencl/test/unknown_include.cl:3",
        assertThrows(ClException.class, () -> Sources.read("test/unknown_include.cl"))
            .getMessage());
  }

  @Test
  void codeInTheFirstLineIsAnErrorBecauseTheMarkTakesItsPlace() {
    assertEquals(
        "line 1 of opencl/test/code_in_line_1.cl must be a comment",
        assertThrows(ClException.class, () -> Sources.read("test/code_in_line_1.cl")).getMessage());
  }

  @Test
  void buildErrorsNameFileAndLineAndHoldTheLog() {
    assertBuildFails("test/error_in_include.cl", "opencl/test/mistake.clh:3");
    assertBuildFails("test/error_after_include.cl", "opencl/test/error_after_include.cl:5");
  }

  private static void assertBuildFails(String file, String place) {
    try (Session session = Session.open(Device.best())) {
      ClException e = assertThrows(ClException.class, () -> session.program(file, Macros.none()));
      assertTrue(e.getMessage().startsWith("cannot build opencl/" + file + " with '-cl-std=CL1.2"));
      assertTrue(e.getMessage().contains("-11 CL_BUILD_PROGRAM_FAILURE"), e.getMessage());
      assertTrue(e.getMessage().contains("no_such_name"), e.getMessage());
      boolean ignoresLineMarks = session.device().platform().equals("Oclgrind");
      assertTrue(ignoresLineMarks || e.getMessage().contains(place), e.getMessage());
    }
  }
}
