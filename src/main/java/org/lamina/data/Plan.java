package org.lamina.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.ResizeShorter;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Std;
import org.lamina.network.Preprocessing.Step;

/**
 * The steps of a preprocessing, taken apart at the places where a training or several views do
 * something else.
 *
 * @param before steps on bytes up to the last crop; all of them if there is no crop
 * @param crop the last crop
 * @param after steps on bytes after it
 * @param values steps from the first scale, mean or std on
 */
record Plan(List<Step> before, Optional<CenterCrop> crop, List<Step> after, List<Step> values) {

  /**
   * Takes the steps apart.
   *
   * @param user what needs it, for the message
   * @throws NetworkException if a resize or crop comes after scale, mean or std, or a resize after
   *     the last crop
   */
  static Plan of(List<Step> steps, String user) {
    int first = 0;
    while (first < steps.size() && !isValue(steps.get(first))) {
      first++;
    }
    List<Step> bytes = steps.subList(0, first);
    List<Step> values = steps.subList(first, steps.size());
    int crop = bytes.size() - 1;
    while (crop >= 0 && !(bytes.get(crop) instanceof CenterCrop)) {
      crop--;
    }
    List<Step> after = crop < 0 ? List.of() : bytes.subList(crop + 1, bytes.size());
    List<Step> wrong = new ArrayList<>(after);
    wrong.addAll(values);
    if (wrong.stream().anyMatch(Plan::isGeometry)) {
      throw new NetworkException(
          "",
          "preprocess",
          user + " needs resize and center_crop in this order, and before scale, mean and std");
    }
    return crop < 0
        ? new Plan(List.copyOf(bytes), Optional.empty(), List.of(), List.copyOf(values))
        : new Plan(
            List.copyOf(bytes.subList(0, crop)),
            Optional.of((CenterCrop) bytes.get(crop)),
            List.copyOf(after),
            List.copyOf(values));
  }

  private static boolean isValue(Step step) {
    return step instanceof Scale || step instanceof Mean || step instanceof Std;
  }

  static boolean isGeometry(Step step) {
    return step instanceof Resize || step instanceof ResizeShorter || step instanceof CenterCrop;
  }
}
