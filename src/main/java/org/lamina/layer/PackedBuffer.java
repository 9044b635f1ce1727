package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/**
 * Device memory that a program derives from the layer's parameters, once, when weights are loaded.
 *
 * @param name what it holds, for messages and memory reports: {@code weight}
 * @param floats its size
 * @param packer fills it from the parameters
 * @param devicePacker does the same on the device, where that can be done; training needs it for
 *     speed
 */
public record PackedBuffer(
    String name, long floats, Packer packer, Optional<DevicePacker> devicePacker) {

  /** Makes memory that only the host can fill. */
  public PackedBuffer(String name, long floats, Packer packer) {
    this(name, floats, packer, Optional.empty());
  }

  /** Turns parameters into what the kernels read, on the device. */
  @FunctionalInterface
  public interface DevicePacker {
    /**
     * Returns the launch that fills {@code packed}.
     *
     * @param parameters where the layer's tensors lie, in the order of {@link Signature#parameters}
     */
    Launch bind(Session session, List<Floats> parameters, DeviceBuffer packed);
  }

  /** Turns parameters as stored into what the kernels read. */
  @FunctionalInterface
  public interface Packer {
    /**
     * Fills {@code out}, which holds undefined values, completely.
     *
     * @param parameters the layer's tensors in the order of {@link Signature#parameters}
     * @param out exactly {@link PackedBuffer#floats} floats; memory that may be slow to read back
     */
    void pack(List<Tensor> parameters, FloatBuffer out);
  }

  /** Returns a buffer that holds one parameter as it is stored. */
  public static PackedBuffer dense(String name, int index, Signature signature) {
    int floats = Math.toIntExact(signature.parameters().get(index).shape().volume());
    return new PackedBuffer(
        name,
        floats,
        (parameters, out) -> out.put(parameters.get(index).values()),
        Repacking.run(index, floats, floats).buffer(name).devicePacker());
  }
}
