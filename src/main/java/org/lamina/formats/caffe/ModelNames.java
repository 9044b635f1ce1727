package org.lamina.formats.caffe;

import java.util.List;
import java.util.Map;

/** What the tensors of Caffe's layers are, in their order. */
final class ModelNames {

  private static final List<String> WEIGHT_BIAS = List.of("weight", "bias");

  private static final Map<String, List<String>> NAMES =
      Map.of(
          "BatchNorm", List.of("running_mean", "running_var", "weighted_by"),
          "Bias", List.of("bias"),
          "Convolution", WEIGHT_BIAS,
          "Deconvolution", WEIGHT_BIAS,
          "Embed", WEIGHT_BIAS,
          "InnerProduct", WEIGHT_BIAS,
          "PReLU", List.of("weight"),
          "Scale", WEIGHT_BIAS);

  private ModelNames() {}

  /** Returns the names that the tensors of a layer type have here; none if it is not known. */
  static List<String> of(String type) {
    return NAMES.getOrDefault(type, List.of());
  }
}
