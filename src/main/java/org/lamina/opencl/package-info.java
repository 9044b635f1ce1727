/**
 * OpenCL as Lamina needs it: devices, sessions, buffers, programs, kernels, timings.
 *
 * <p>This is the only package that knows JOCL. It owns every OpenCL handle: each has one owner and
 * is released once, in reverse order of creation, and using one afterwards is an {@link
 * IllegalStateException} and never a crash. Every failure says what was being done, on what, and
 * names the error.
 *
 * <pre>{@code
 * try (Session session = Session.open(Device.best())) {
 *   DeviceBuffer x = session.allocate(1024);
 *   x.write(values);
 *   session
 *       .program("activation.cl", Macros.none().define("VECTOR", 1))
 *       .kernel("activation_forward")
 *       .set("x", x)
 *       ...
 *       .enqueue(Range.of(1024, 1, 1));
 *   float[] y = x.read();
 * }
 * }</pre>
 *
 * <p>Classes here are not safe for use by several threads at once; see {@link Session}.
 */
package org.lamina.opencl;
