package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.tensor.Tensor;

/**
 * Device memory that a program derives from the layer's parameters, once, when weights are loaded.
 *
 * @param name what it holds, for messages and memory reports: {@code weight}
 * @param floats its size
 * @param packer fills it from the parameters
 */
public record PackedBuffer(String name, long floats, Packer packer) {

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
    return new PackedBuffer(
        name,
        signature.parameters().get(index).shape().volume(),
        (parameters, out) -> out.put(parameters.get(index).values()));
  }
}
