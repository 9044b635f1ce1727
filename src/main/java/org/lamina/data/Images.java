package org.lamina.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pictures: JPEG, PNG, GIF and BMP, told apart by their first bytes, whatever the file is
 * called.
 *
 * <p>The result is what Pillow's {@code Image.open(file).convert("RGB")} gives, which most networks
 * were trained on: transparency is dropped, not blended; 16-bit samples keep their upper byte;
 * colour profiles and the orientation that a camera noted are ignored. Of a GIF the first frame
 * alone is read, its own rectangle.
 *
 * <p>A header is believed only within limits: at most 100 million pixels, and no more than the
 * bytes of the file can hold. A damaged picture is refused, never half decoded. Safe for several
 * threads.
 */
public final class Images {

  private static final Map<String, String> FOREIGN =
      Map.of(
          "RIFF", "a WebP picture",
          "II*\0", "a TIFF picture",
          "MM\0*", "a TIFF picture",
          "%PDF", "a PDF document",
          "8BPS", "a Photoshop picture",
          "<svg", "an SVG drawing",
          "PK\3\4", "a ZIP archive");

  private Images() {}

  /**
   * Reads a picture.
   *
   * @throws ImageException if the file is missing, a folder, unreadable, no picture of a known
   *     kind, damaged, cut short, or too large
   */
  public static Picture read(Path file) {
    return decode(file, load(file));
  }

  /**
   * Decodes a picture in memory.
   *
   * @param name what messages call it
   * @param bytes the content of a picture file; not changed
   * @throws ImageException as {@link #read}
   */
  public static Picture decode(Path name, byte[] bytes) {
    if (bytes.length == 0) {
      throw ImageException.of(name, "the file is empty");
    }
    try {
      if (starts(bytes, 0xFF, 0xD8, 0xFF)) {
        return JpegDecoder.decode(name, bytes);
      }
      if (starts(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
        return PngDecoder.decode(name, bytes);
      }
      if (starts(bytes, 'G', 'I', 'F', '8')) {
        return GifDecoder.decode(name, bytes);
      }
      if (starts(bytes, 'B', 'M')) {
        return BmpDecoder.decode(name, bytes);
      }
    } catch (IOException e) {
      throw new ImageException(name + ": the picture is damaged: " + Reader.reason(e), e);
    }
    throw unknown(name, bytes);
  }

  /**
   * Reads a file without looking at what is in it.
   *
   * @throws ImageException if it is missing, a folder, unreadable, or too large for a picture
   */
  public static byte[] load(Path file) {
    if (!Files.exists(file)) {
      throw ImageException.of(file, "there is no such file; check the path");
    }
    if (!Files.isRegularFile(file)) {
      throw ImageException.of(
          file,
          Files.isDirectory(file)
              ? "is a folder; name a picture"
              : "is not a regular file; name a picture");
    }
    try {
      if (Files.size(file) > Limits.FILE) {
        throw ImageException.of(
            file,
            "the file has %,d bytes; pictures of at most %,d are read",
            Files.size(file),
            Limits.FILE);
      }
      return Files.readAllBytes(file);
    } catch (AccessDeniedException e) {
      throw new ImageException(file + ": may not be read; check its permissions", e);
    } catch (IOException e) {
      throw new ImageException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean starts(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static ImageException unknown(Path name, byte[] bytes) {
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, 12));
    String start = new String(head, StandardCharsets.ISO_8859_1);
    Optional<String> kind =
        FOREIGN.entrySet().stream()
            .filter(entry -> start.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    if (start.startsWith("ftyp", 4)) {
      kind = Optional.of("a HEIC or AVIF picture, or a film");
    } else if (kind.isEmpty()
        && start.chars().allMatch(c -> c >= ' ' && c < 127 || c >= '\t' && c <= '\r')) {
      kind = Optional.of("text");
    }
    return ImageException.of(
        name,
        String.format(
            Locale.ROOT,
            "this is %s; JPEG, PNG, GIF and BMP are read: convert it first",
            kind.orElse("no picture of a known kind")));
  }
}
