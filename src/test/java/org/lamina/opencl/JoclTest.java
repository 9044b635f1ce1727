package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jocl.LibUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a process finds OpenCL: each test starts one. */
final class JoclTest {

  @TempDir private Path folder;
  private Path temporary;
  private Path cache;

  @BeforeEach
  void makeFolders() throws IOException {
    assumeTrue(System.getProperty("os.name").startsWith("Linux"), "made for Linux's loader");
    temporary = Files.createDirectory(folder.resolve("tmp"));
    cache = folder.resolve("cache");
  }

  /** Returns the lines that the process prints. */
  private List<String> listDevices(Map<String, String> environment) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            classes,
            ListDevices.class.getName());
    builder.environment().put("LAMINA_CACHE", cache.toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }

  @Test
  void nothingIsLoadedFromTheSharedTemporaryFolder() throws Exception {
    String name = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JOCL_2_0_6"));
    Path planted = Files.writeString(temporary.resolve(name), "somebody else's code");
    List<String> output = listDevices(Map.of());
    assertTrue(output.get(0).matches("devices [1-9]\\d*"), output::toString);
    assertTrue(output.contains("tmpdir " + temporary), "the property is restored");
    assertEquals("somebody else's code", Files.readString(planted));
    assertEquals(List.of(planted), files(temporary), "and nothing is written there");
    Path copy = files(files(cache.resolve("native")).get(0)).get(0);
    assertEquals(name, copy.getFileName().toString());
  }

  @Test
  void aChangedLibraryIsMendedBeforeItIsLoaded() throws Exception {
    listDevices(Map.of());
    Path copy = files(files(cache.resolve("native")).get(0)).get(0);
    Files.writeString(copy, "broken");
    List<String> output = listDevices(Map.of());
    assertTrue(output.get(0).matches("devices [1-9]\\d*"), output::toString);
    assertTrue(Files.size(copy) > 10_000);
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoError() throws Exception {
    Files.writeString(cache, "a file in place of the folder");
    List<String> output = listDevices(Map.of());
    assertTrue(output.get(0).matches("devices [1-9]\\d*"), output::toString);
    assertEquals(List.of(), files(temporary), "the temporary copy is deleted");
  }

  @Test
  void withoutAPlatformTheErrorSaysHowToInstallOne() throws Exception {
    Path none = Files.createDirectory(folder.resolve("vendors"));
    List<String> output = listDevices(Map.of("OCL_ICD_VENDORS", none.toString()));
    String start = "NoPlatformException: there is no OpenCL platform on this system; ";
    assertTrue(output.get(0).startsWith(start), output::toString);
    assertTrue(output.get(0).endsWith(InstallHint.forThisSystem()), output::toString);
    assertEquals(output.get(0), output.get(1));
  }

  @Test
  void withoutTheLoaderTheErrorSaysHowToInstallOne() throws Exception {
    Path libraries = Files.createDirectory(folder.resolve("lib"));
    for (String name : List.of("libOpenCL.so.1", "libOpenCL.so")) {
      Files.writeString(libraries.resolve(name), "not a library");
    }
    List<String> output = listDevices(Map.of("LD_LIBRARY_PATH", libraries.toString()));
    String start = "NoPlatformException: there is no OpenCL on this system: its loader ";
    assertTrue(output.get(0).startsWith(start), output::toString);
    assertTrue(output.get(0).endsWith(InstallHint.forThisSystem()), output::toString);
    assertEquals(output.get(0), output.get(1), "the second try says the same");
  }

  @Test
  void theHintFitsTheSystem() {
    assertTrue(hint("ID=debian").contains("apt-get install pocl-opencl-icd"));
    assertTrue(hint("ID=mint", "ID_LIKE=\"ubuntu debian\"").contains("./lamina"));
    assertTrue(hint("ID=rocky", "ID_LIKE=\"rhel centos fedora\"").contains("dnf install pocl"));
    assertTrue(hint("ID=arch").contains("pacman -S pocl"));
    assertTrue(hint("ID='opensuse-leap'", "ID_LIKE='suse opensuse'").contains("zypper"));
    assertTrue(hint("ID=alpine").contains("apk add"));
    assertTrue(hint("# no fields", "").contains("https://portablecl.org"));
    assertTrue(InstallHint.of("Mac OS X", Map.of()).contains("brew install pocl"));
    assertTrue(InstallHint.of("Windows 11", Map.of()).contains("Microsoft Store"));
  }

  private static String hint(String... lines) {
    return InstallHint.of("Linux", InstallHint.parse(List.of(lines)));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> !f.getFileName().toString().startsWith("hsperfdata")).toList();
    }
  }
}
