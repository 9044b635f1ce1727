package org.lamina.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.network.Network;
import org.lamina.network.Setting;
import org.lamina.network.Setting.Written;
import org.lamina.network.Training;

/** Changes to a network's recipe. */
public final class Edits {

  private Edits() {}

  /**
   * Returns the network with other settings of its training; keys that the training has are
   * replaced, others are added.
   *
   * @param where says where the values come from, for messages: {@code --epochs}
   * @param values numbers, words, truth values or lists of them, by key
   */
  public static Network with(Network network, String where, Map<String, ?> values) {
    Training training = network.training();
    Map<String, Setting> fields = new LinkedHashMap<>(training.recipe().fields());
    values.forEach(
        (key, value) -> {
          if (key.equals("steps")) {
            fields.remove("epochs");
          } else if (key.equals("epochs")) {
            fields.remove("steps");
          }
          fields.put(key, setting(value, new Written(where)));
        });
    return network.with(
        new Training(
            training.loss(),
            new Setting.Fields(fields, training.recipe().at()),
            training.augmentation()));
  }

  private static Setting setting(Object value, Written at) {
    if (value instanceof List<?> list) {
      return new Setting.Items(list.stream().map(item -> setting(item, at)).toList(), at);
    }
    if (value instanceof Number number) {
      return new Setting.Number(number.doubleValue(), at);
    }
    return value instanceof Boolean truth
        ? new Setting.Truth(truth, at)
        : new Setting.Text(String.valueOf(value), at);
  }
}
