package org.lamina.layer;

import java.util.Optional;

/**
 * What is known about algorithms on one device: which was measured to be the fastest for a layer at
 * a place, and which give wrong numbers there.
 */
public interface Measurements {

  /** Returns what is known where nothing was measured: nothing. */
  static Measurements none() {
    return new Measurements() {
      @Override
      public Optional<String> fastest(Layer layer, Site site) {
        return Optional.empty();
      }

      @Override
      public boolean refuses(Layer layer, Site site, String algorithm) {
        return false;
      }
    };
  }

  /**
   * Returns the name of the algorithm that was measured to be the fastest of those whose numbers
   * are right, if some were measured.
   *
   * @param layer a layer with several algorithms
   * @param site the place
   */
  Optional<String> fastest(Layer layer, Site site);

  /** Returns how many work-groups the device runs at once; 0 if that is unknown. */
  default int computeUnits() {
    return 0;
  }

  /**
   * Returns the units with which the device multiplies matrices of a precision, if it has some and
   * does so rightly. Asked only if the precision allows them.
   *
   * @param precision {@link Precision#TF32} or {@link Precision#HALF}
   */
  default Optional<MatrixUnits> matrixUnits(Precision precision) {
    return Optional.empty();
  }

  /**
   * Returns whether an algorithm must not be chosen because its numbers are known to be wrong.
   *
   * @param algorithm its name, see {@link Layer#algorithms}
   */
  boolean refuses(Layer layer, Site site, String algorithm);
}
