package org.lamina.formats;

import org.lamina.tensor.Shape;

/**
 * A tensor that was written in another format.
 *
 * @param from its name in the network: {@code conv1.weight}
 * @param to its name in the file
 * @param shape its extents in the file
 * @param change what was done to it; empty if its values were written in their order
 */
public record Exported(String from, String to, Shape shape, String change) {}
