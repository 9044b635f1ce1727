package org.lamina.layer;

import java.util.Optional;
import org.lamina.opencl.Session;

/**
 * The place a layer is compiled for: the device, the kernel family, the shapes around it.
 *
 * @param session where kernels are built
 * @param family which kernels fit the device
 * @param signature what {@link Layer#infer} said for the inputs the program will see
 * @param batch the largest number of images in one run; a run may have fewer
 * @param fused an activation to apply before the result is stored; only one that the layer {@link
 *     Layer#fuses}
 */
public record Site(
    Session session, Family family, Signature signature, int batch, Optional<Layer> fused) {}
