package org.lamina.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads kernel files from the resources and puts the files that they include in place.
 *
 * <p>Includes are resolved here because {@code -I} needs files on disk and works differently with
 * every driver. Names are relative to {@code opencl/}; a file is included once, however often it is
 * asked for. Compilers report {@code opencl/<file>:<line>} thanks to {@code #line} marks.
 */
final class Sources {

  private static final Pattern INCLUDE = Pattern.compile("\\s*#\\s*include\\s+\"([^\"]*)\".*");

  private final Set<String> included = new HashSet<>();
  private final StringBuilder text = new StringBuilder();

  private Sources() {}

  /**
   * Returns a kernel file with its includes.
   *
   * @throws ClException if a file does not exist
   */
  static String read(String file) {
    Sources sources = new Sources();
    sources.append(file, "");
    return sources.text.toString();
  }

  private void append(String file, String from) {
    included.add(file);
    List<String> lines = load(file, from);
    // Line 1 of every kernel file is a comment, so the mark can take its place and keeps the count
    // right for tools that ignore #line.
    text.append("#line 2 \"opencl/").append(file).append("\"\n");
    for (int i = 1; i < lines.size(); i++) {
      Matcher include = INCLUDE.matcher(lines.get(i));
      if (!include.matches()) {
        text.append(lines.get(i)).append('\n');
      } else if (included.contains(include.group(1))) {
        text.append('\n');
      } else {
        append(include.group(1), ", included from opencl/" + file + ":" + (i + 1));
        text.append("#line ").append(i + 2).append(" \"opencl/").append(file).append("\"\n");
      }
    }
  }

  private static List<String> load(String file, String from) {
    try (InputStream in = Sources.class.getResourceAsStream("/opencl/" + file)) {
      if (in == null) {
        throw new ClException("there is no kernel file opencl/" + file + from);
      }
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty() || !lines.get(0).startsWith("//")) {
        throw new ClException("line 1 of opencl/" + file + " must be a comment" + from);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read opencl/" + file, e);
    }
  }
}
