package org.lamina.layer;

/** Why a layer got its algorithm. */
public enum Basis {
  /** It has no other. */
  ONLY,
  /** The cost model expects it to be the fastest. */
  ESTIMATED,
  /** It was measured to be the fastest, see {@link Measurements}. */
  MEASURED,
  /** {@link Choices} named it. */
  NAMED
}
