package org.lamina.data.source;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.lamina.data.ImageException;
import org.lamina.data.Images;
import org.lamina.data.Picture;

/** Pictures as the bytes of a file, wherever those are kept. */
final class Encoded {

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp");
  private static final Path NAMELESS = Path.of("picture");

  private Encoded() {}

  /** Returns whether a file is a picture by its name. */
  static boolean isPicture(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * Decodes a picture.
   *
   * @param name what messages call it; any characters
   * @throws ImageException if it is none
   */
  static Picture decode(String name, byte[] bytes) {
    try {
      return Images.decode(NAMELESS, bytes);
    } catch (ImageException e) {
      String problem = e.getMessage().substring(NAMELESS.toString().length());
      throw new ImageException(name + problem, e);
    }
  }

  /** Returns a name without characters that could do tricks in a message. */
  static String printable(String name) {
    return name.codePoints().anyMatch(Encoded::isTrick)
        ? name.codePoints()
            .map(c -> isTrick(c) ? '\ufffd' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : name;
  }

  private static boolean isTrick(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }
}
