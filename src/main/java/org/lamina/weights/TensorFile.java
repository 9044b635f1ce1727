package org.lamina.weights;

import java.util.Map;

/**
 * An open file of named tensors, whatever its format. Opening reads what describes the tensors; a
 * tensor is read when it is asked for, so that a file may be larger than the memory.
 */
public interface TensorFile extends WeightSource, AutoCloseable {

  /** Returns what people call the format: {@code safetensors}, {@code PyTorch (zip)}. */
  String format();

  /** Returns how the elements of all tensors are stored, in the order of {@link #shapes}. */
  Map<String, ElementType> types();

  /** Closes the file; tensors that were read stay. Does nothing the second time. */
  @Override
  void close();
}
