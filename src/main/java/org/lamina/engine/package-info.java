/**
 * Plans: a network made ready to run on one device.
 *
 * <p>{@link org.lamina.engine.Schedule} decides everything that needs no device: which layers run
 * as one, which kernels they get, how every tensor is laid out, what shares memory and where it
 * lies. {@link org.lamina.engine.Plan} carries that out on a device and runs it.
 */
package org.lamina.engine;
