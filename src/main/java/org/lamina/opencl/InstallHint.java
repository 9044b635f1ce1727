package org.lamina.opencl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Says how to install an OpenCL runtime on the system at hand. */
final class InstallHint {

  private static final String GPU = "for a GPU install its vendor's driver; ";

  private InstallHint() {}

  /** Returns one or two sentences without a full stop, beginning in lower case. */
  static String forThisSystem() {
    return of(System.getProperty("os.name", ""), osRelease());
  }

  /**
   * @param osName what Java calls the system
   * @param osRelease the fields of {@code /etc/os-release}; empty where there is none
   */
  static String of(String osName, Map<String, String> osRelease) {
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      return GPU
          + "without one, install the \"Intel CPU Runtime for OpenCL Applications\" or the"
          + " \"OpenCL, OpenGL and Vulkan Compatibility Pack\" from the Microsoft Store";
    }
    if (os.startsWith("mac")) {
      return "macOS brings OpenCL for its GPUs; for the CPU, `brew install pocl`";
    }
    return GPU + "for the CPU, " + linux(osRelease);
  }

  private static String linux(Map<String, String> osRelease) {
    String family = " " + osRelease.getOrDefault("ID", "") + " ";
    family += osRelease.getOrDefault("ID_LIKE", "") + " ";
    if (family.contains(" debian ") || family.contains(" ubuntu ")) {
      return "`sudo apt-get install pocl-opencl-icd` (`./lamina` does this by itself)";
    }
    if (family.contains(" fedora ") || family.contains(" rhel ")) {
      return "`sudo dnf install pocl ocl-icd`";
    }
    if (family.contains(" arch ")) {
      return "`sudo pacman -S pocl ocl-icd`";
    }
    if (family.contains(" suse ") || family.contains(" opensuse ")) {
      return "`sudo zypper install pocl libOpenCL1`";
    }
    if (family.contains(" alpine ")) {
      return "`apk add pocl opencl-icd-loader` (JOCL needs a glibc, too)";
    }
    return "install PoCL (https://portablecl.org) and the OpenCL ICD loader";
  }

  private static Map<String, String> osRelease() {
    for (String path : List.of("/etc/os-release", "/usr/lib/os-release")) {
      try (Stream<String> lines = Files.lines(Path.of(path))) {
        return parse(lines.toList());
      } catch (IOException | UncheckedIOException e) {
        continue; // not there, or not text: a general hint is better than failing over a hint
      }
    }
    return Map.of();
  }

  static Map<String, String> parse(List<String> lines) {
    Map<String, String> fields = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        String value = line.substring(equals + 1).strip();
        fields.put(line.substring(0, equals).strip(), value.replaceAll("^[\"']|[\"']$", ""));
      }
    }
    return fields;
  }
}
