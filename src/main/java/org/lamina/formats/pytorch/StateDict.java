package org.lamina.formats.pytorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;
import org.lamina.weights.WeightsException;

/**
 * Finds the tensors in what a pickle holds: a state dict, or a checkpoint with one among others.
 */
final class StateDict {

  /** Where checkpoints keep what the network has learned, the likeliest first. */
  private static final List<String> KEYS =
      List.of("state_dict", "model_state_dict", "model", "net", "network", "weights", "params");

  private StateDict() {}

  /**
   * Returns the tensors by name, in the order of the file.
   *
   * @throws WeightsException if there are none, or several sets of them and none that is known by
   *     its name
   */
  static Map<String, StridedTensor> tensors(InputFile file, Object value) {
    if (value instanceof StridedTensor tensor) {
      return Map.of("tensor", tensor);
    }
    if (value instanceof List<?> list) {
      Map<Object, Object> numbered = new LinkedHashMap<>();
      for (int i = 0; i < list.size(); i++) {
        numbered.put(String.valueOf(i), list.get(i));
      }
      return tensors(file, numbered, 0);
    }
    if (value instanceof Map<?, ?> map) {
      return tensors(file, map, 0);
    }
    throw none(file);
  }

  private static Map<String, StridedTensor> tensors(InputFile file, Map<?, ?> map, int depth) {
    List<Object> inside = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() instanceof Map<?, ?> inner && holdsTensors(inner)) {
        inside.add(entry.getKey());
      }
    }
    for (String key : KEYS) {
      if (inside.contains(key)) {
        return own((Map<?, ?>) map.get(key));
      }
    }
    if (holdsTensors(map)) {
      return own(map);
    }
    if (inside.size() == 1) {
      return own((Map<?, ?>) map.get(inside.get(0)));
    }
    if (inside.isEmpty()) {
      throw none(file);
    }
    throw new WeightsException(
        file.path()
            + ": there are several dictionaries of tensors ("
            + Printable.text(String.join(", ", inside.stream().map(String::valueOf).toList()))
            + "); save the one that is wanted: torch.save(checkpoint['…'], file)");
  }

  private static boolean holdsTensors(Map<?, ?> map) {
    return map.entrySet().stream()
        .anyMatch(e -> e.getKey() instanceof String && e.getValue() instanceof StridedTensor);
  }

  private static Map<String, StridedTensor> own(Map<?, ?> map) {
    Map<String, StridedTensor> tensors = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof StridedTensor tensor) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }

  private static WeightsException none(InputFile file) {
    return new WeightsException(
        file.path()
            + ": the pickle holds no dictionary of tensors; save the state dict:"
            + " torch.save(model.state_dict(), file)");
  }
}
