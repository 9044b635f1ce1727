package org.lamina.layer;

import org.lamina.tensor.Shape;

/**
 * A tensor that comes with a layer and is stored with the network's weights as {@code
 * <layer>.<name>}.
 *
 * @param name {@code weight}, {@code bias}, {@code running_mean} or {@code running_var}
 * @param shape its extents, row-major; convolution weights are [OUT_C, IN_C/GROUPS, KERNEL_H,
 *     KERNEL_W], fully connected ones [UNITS, IN_C*IN_H*IN_W]
 * @param initializer what fills it where no weights are given
 * @param fanIn how many inputs one output value is summed over; for the initialisers
 * @param fanOut how many outputs one input value feeds; for the initialisers
 * @param learned whether training changes it by its gradient; running statistics are not learned
 */
public record Parameter(
    String name, Shape shape, Initializer initializer, long fanIn, long fanOut, boolean learned) {}
