package org.lamina;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel file explains itself and refuses to be built without its required macros. */
final class KernelFilesTest {
  private static final Path FOLDER = Path.of("opencl");
  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"");
  private static final Pattern REQUIRED =
      Pattern.compile("(?m)^//(?: Macros)?\\s+([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*)\\s+required");

  private static final Pattern KERNEL =
      Pattern.compile(
          "(?s)\\bkernel\\b[^;{]*?\\bvoid\\s+(\\w+)\\s*\\(((?:[^()]|\\([^()]*\\))*)\\)\\s*\\{");
  private static final Pattern ARGUMENT = Pattern.compile("(\\w+)\\s*(?:,|$)");
  // OpenCL C 1.2, sections 6.12.2 to 6.12.6 and 6.12.11: those that somebody might call an argument
  private static final Set<String> BUILT_IN =
      Set.of(
          ("abs all any barrier ceil clamp cos cosh cross degrees distance dot erf exp fabs floor "
                  + "fma fmax fmin fract hypot length log logb mad max maxmag min minmag mix nan "
                  + "normalize pow prefetch radians remainder rint round rotate rsqrt select sign "
                  + "shuffle sin sinh smoothstep sqrt step tan tanh trunc upsample")
              .split(" "));

  private static List<Path> kernelFiles() throws IOException {
    return files(".cl");
  }

  private static List<Path> headers() throws IOException {
    return files(".clh");
  }

  @Test
  void thereAreKernelFiles() throws IOException {
    assertFalse(kernelFiles().isEmpty(), "no .cl file under " + FOLDER.toAbsolutePath());
  }

  @ParameterizedTest
  @MethodSource("kernelFiles")
  void aKernelFileOpensWithItsSections(Path file) throws IOException {
    String header = header(Files.readString(file));
    int tensors = section(header, "Tensors");
    int workItems = section(header, "Work-items");
    int macros = section(header, "Macros");
    assertTrue(tensors > 0, file + ": the header has no section 'Tensors'");
    assertTrue(workItems > tensors, file + ": 'Work-items' must follow 'Tensors' in the header");
    assertTrue(macros > workItems, file + ": 'Macros' must follow 'Work-items' in the header");
  }

  @ParameterizedTest
  @MethodSource({"kernelFiles", "headers"})
  void aMissingRequiredMacroIsABuildError(Path file) throws IOException {
    String everything = withIncludes(file, new LinkedHashSet<>());
    for (String macro : requiredMacros(header(Files.readString(file)))) {
      Pattern check =
          Pattern.compile("#if(ndef|[^\n]*!defined\\() *" + macro + "\\b[^\n]*\n *# *error");
      assertTrue(check.matcher(everything).find(), file + ": no #ifndef, #error for " + macro);
    }
  }

  @ParameterizedTest
  @MethodSource({"kernelFiles", "headers"})
  void lineOneIsACommentThatTheLoaderMayReplace(Path file) throws IOException {
    String first = Files.readAllLines(file).get(0);
    assertTrue(first.startsWith("// "), file + ":1: must be a comment, but is: " + first);
  }

  @ParameterizedTest
  @MethodSource({"kernelFiles", "headers"})
  void spellsQualifiersWithoutUnderscores(Path file) throws IOException {
    Matcher found =
        Pattern.compile("\\b__(kernel|global|local|constant|private)\\b")
            .matcher(Files.readString(file));
    assertFalse(found.find(), () -> file + ": write " + found.group(1) + " for " + found.group());
  }

  /** PoCL renames arguments that are called like functions of OpenCL C: they are not found then. */
  @ParameterizedTest
  @MethodSource({"kernelFiles", "headers"})
  void noArgumentIsCalledLikeAFunctionOfOpenCl(Path file) throws IOException {
    Matcher kernel = KERNEL.matcher(Files.readString(file));
    while (kernel.find()) {
      Matcher argument = ARGUMENT.matcher(kernel.group(2).strip());
      while (argument.find()) {
        String name = argument.group(1);
        assertFalse(
            BUILT_IN.contains(name),
            () -> file + ": argument '" + name + "' of " + kernel.group(1) + " is a built-in");
      }
    }
  }

  private static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().collect(Collectors.toList());
    }
  }

  private static String header(String source) {
    return source
        .lines()
        .takeWhile(line -> line.startsWith("//"))
        .collect(Collectors.joining("\n"));
  }

  private static int section(String header, String name) {
    Matcher line = Pattern.compile("(?m)^// " + name + "\\b").matcher(header);
    return line.find() ? line.start() : -1;
  }

  private static List<String> requiredMacros(String header) {
    List<String> names = new ArrayList<>();
    Matcher line = REQUIRED.matcher(header);
    while (line.find()) {
      names.addAll(List.of(line.group(1).split(", ")));
    }
    return names;
  }

  private static String withIncludes(Path file, Set<Path> seen) throws IOException {
    if (!seen.add(file)) {
      return "";
    }
    String source = Files.readString(file);
    StringBuilder all = new StringBuilder(source);
    Matcher include = INCLUDE.matcher(source);
    while (include.find()) {
      all.append('\n').append(withIncludes(FOLDER.resolve(include.group(1)), seen));
    }
    return all.toString();
  }
}
