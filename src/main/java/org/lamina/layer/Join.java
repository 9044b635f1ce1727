package org.lamina.layer;

/**
 * A layer that makes one result of several: in YAML it may have branches, which end in it.
 *
 * <p>A mark and nothing more; what the layer does with its inputs is its own.
 */
public sealed interface Join permits Add, Concat, Divide, Maximum, Minimum, Multiply, Subtract {}
