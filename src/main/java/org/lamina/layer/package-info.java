/**
 * The layers, one file each: parameters, shape rule and kernels together.
 *
 * <p>To add a layer, write a record that implements {@link org.lamina.layer.Layer}, name it in that
 * interface's {@code permits} clause, put its kernels in {@code opencl/<layer_name>.cl} and give
 * {@code LayerContractTest} its cases and a reference. Nothing else changes: the YAML reader, the
 * planner and the contract test find the layer through the {@code permits} clause.
 *
 * <p>This package may use {@code org.lamina.tensor} and {@code org.lamina.opencl}, and nothing else
 * of org.lamina.
 */
package org.lamina.layer;
