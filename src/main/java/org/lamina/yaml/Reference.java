package org.lamina.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a network is named: {@code alexnet}, {@code nets/my.yaml}, and of either a variant, {@code
 * alexnet@half}.
 *
 * @param network the file or shipped network
 * @param variant one of its variants
 */
record Reference(String network, Optional<String> variant) {

  private static final Pattern WITH_VARIANT =
      Pattern.compile("(?<network>.+)@(?<variant>[A-Za-z0-9_.+-]+)", Pattern.DOTALL);

  static Reference of(String text) {
    Matcher matcher = WITH_VARIANT.matcher(text);
    return matcher.matches() && !Origin.isPath(matcher.group("variant"))
        ? new Reference(matcher.group("network"), Optional.of(matcher.group("variant")))
        : new Reference(text, Optional.empty());
  }
}
