package org.lamina.formats.onnx;

import java.util.Locale;

/** Thrown by an operator that has no form in Lamina, or not in this way. */
final class Unfit extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private Unfit(String reason) {
    super(reason, null, false, false);
  }

  /** Says why; the message is formatted without regard to the user's locale. */
  static Unfit because(String reason, Object... values) {
    return new Unfit(values.length == 0 ? reason : String.format(Locale.ROOT, reason, values));
  }

  /** Says that the operator mixes elements along the first axis, which was taken for the batch. */
  static Unfit mixesBatch(String what) {
    return new Unfit(what + " changes the first axis, which other operators take for the batch");
  }
}
