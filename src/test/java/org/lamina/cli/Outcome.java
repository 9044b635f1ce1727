package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** What a command printed and returned. */
record Outcome(int code, String out, String err) {

  /** Runs a command in this process. */
  static Outcome of(Object... args) {
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Lamina.execute(new PrintWriter(out), new PrintWriter(err), texts);
    return new Outcome(code, out.toString(), err.toString());
  }

  /** Fails unless the command succeeded. */
  Outcome succeeded() {
    assertEquals(ExitCode.OK, code, () -> "standard error: " + err);
    return this;
  }

  /** Fails unless the command failed so, with all of these texts in the message. */
  Outcome failed(int expected, String... texts) {
    assertEquals(expected, code, () -> "standard error: " + err);
    for (String text : texts) {
      assertTrue(err.contains(text), () -> "'" + text + "' is not in: " + err);
    }
    assertTrue(err.contains("error: "), () -> "no error in: " + err);
    assertTrue(!err.contains("\tat "), () -> "a stack trace in: " + err);
    return this;
  }

  /** Returns standard output as JSON. */
  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + out, e);
    }
  }
}
