package org.lamina.formats.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of layers: those of the model, as far as the language allows them. */
final class LayerNames {

  private static final int LONGEST = 120;
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^A-Za-z0-9_./:+-]");
  private static final Pattern BAD_START = Pattern.compile("^[^A-Za-z0-9_]+");

  /** How exporters call the weights of a layer. */
  private static final List<String> SUFFIXES =
      List.of(".weight", "/weight", ".W", "_weight", "_weights", "_w_0", "_w", "_W");

  private final Set<String> taken = new HashSet<>();

  /**
   * Returns a name that nobody has yet.
   *
   * @param hint the wish
   * @param type what to take instead where the wish is only a number
   */
  String take(String hint, String type) {
    String name = allowed(hint, type);
    String unique = name;
    for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  private static String allowed(String hint, String type) {
    String name = NOT_ALLOWED.matcher(hint).replaceAll("_");
    name = BAD_START.matcher(name).replaceFirst("");
    if (name.length() > LONGEST) {
      name = name.substring(0, LONGEST);
    }
    name = name.replaceAll("[:/.]+$", "");
    if (name.isEmpty()) {
      return type;
    }
    return name.matches("[0-9.]+") ? type + "_" + name : name;
  }

  /** Returns the name of the layer that weights belong to, as exporters call them, or "". */
  static String ofWeight(String weight) {
    for (String suffix : SUFFIXES) {
      if (weight.endsWith(suffix) && weight.length() > suffix.length()) {
        return weight.substring(0, weight.length() - suffix.length());
      }
    }
    return "";
  }
}
