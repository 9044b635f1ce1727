package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.network.Network;

/** Whatever the file: a network or a {@link NetworkFileException}, soon. */
final class HostileFilesTest {

  private static final int MUTATIONS = 2000;

  private static final String[] ODD = {
    "-",
    "=",
    "*a",
    "&a ",
    "!!x ",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "\n",
    "\t",
    "#",
    "'",
    "\"",
    "99999999999",
    "-1",
    "0",
    "1e308",
    ".nan",
    "~",
    "=1/0",
    "=((((",
    "<<: ",
    "---\n",
    "%",
    "@",
    "|\n",
    ">",
    "\u0000",
    "é"
  };

  private static final String HEAD = "network: n\ninput: {shape: [3, 8, 8]}\n";

  @TempDir private Path folder;

  @Test
  void mutatedNetworksAreReadOrRefused() throws IOException {
    readMutants(MUTATIONS, new Random(20121203));
  }

  /** Not part of the build: {@code mvn test -Dgroups=long -DexcludedGroups=planted}. */
  @Test
  @Tag("long")
  void manyMutatedNetworksAreReadOrRefused() throws IOException {
    readMutants(10_000, new Random(20261122));
  }

  private static void readMutants(int mutations, Random random) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String name : NetworkFile.shipped()) {
      texts.add(Files.readString(Path.of("networks", name + ".yaml")).replace(".yaml", ""));
    }
    int refused = 0;
    for (int i = 0; i < mutations; i++) {
      String text = texts.get(random.nextInt(texts.size()));
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        text = mutate(text, texts, random);
      }
      refused += isRefused(text) ? 1 : 0;
    }
    // Neither all nor nothing: otherwise the mutations would test little.
    assertTrue(refused > mutations / 2 && refused < mutations, refused + " were refused");
  }

  private static String mutate(String text, List<String> texts, Random random) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(12));
    String other = texts.get(random.nextInt(texts.size()));
    int from = random.nextInt(other.length());
    String piece = other.substring(from, Math.min(other.length(), from + random.nextInt(40)));
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, at) + text.substring(end);
      case 1 -> text.substring(0, at) + ODD[random.nextInt(ODD.length)] + text.substring(end);
      case 2 -> text.substring(0, at) + ODD[random.nextInt(ODD.length)] + text.substring(at);
      case 3 -> text.substring(0, at) + piece + text.substring(at);
      default -> mutateNumber(text, random);
    };
  }

  private static String mutateNumber(String text, Random random) {
    String[] numbers = {"0", "-3", "1", "2147483647", "65536", "1.5", "1e9", "=2*3", "[3, 5]"};
    List<Integer> digits =
        IntStream.range(0, text.length())
            .filter(i -> Character.isDigit(text.charAt(i)))
            .boxed()
            .toList();
    if (digits.isEmpty()) {
      return text;
    }
    int at = digits.get(random.nextInt(digits.size()));
    return text.substring(0, at) + numbers[random.nextInt(numbers.length)] + text.substring(at + 1);
  }

  private static boolean isRefused(String text) {
    return timed(
        1,
        64,
        () -> {
          try {
            Network network = NetworkFile.parse("mutant.yaml", text);
            assertTrue(network.parameters() >= 0 && network.macs() >= 0, text);
            return false;
          } catch (NetworkFileException e) {
            assertTrue(!e.problems().isEmpty() && e.problems().size() <= 50, text);
            return true;
          } catch (RuntimeException | Error e) {
            throw new AssertionError("not refused but crashed:\n" + text, e);
          }
        });
  }

  @Test
  void aliasesDoNotMultiply() {
    StringBuilder laughs =
        new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 20; i++) {
      laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
    }
    assertRefused(
        "net.yaml:6:10: the document has more than 100000 values, counting each use of an alias",
        laughs.toString());
  }

  @Test
  void aliasesDoNotDeepen() {
    StringBuilder deep = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      deep.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertRefused("net.yaml:63:12: lists and mappings nest more than 64 deep", deep.toString());
  }

  @Test
  void depthIsBounded() {
    String message = "net.yaml:1:65: lists and mappings nest more than 64 deep";
    assertRefused(message, "[".repeat(10_000));
    assertRefused(message, "[".repeat(500_000));
    assertRefused(
        "net.yaml:1:129: lists and mappings nest more than 64 deep", "- ".repeat(10_000) + "x");
    assertRefused(
        "net.yaml:1:191: lists and mappings nest more than 64 deep", "{a:".repeat(10_000));
    assertRefused(
        "net.yaml:1:129: lists and mappings nest more than 64 deep", "? ".repeat(10_000) + "x");
    String expression = "=" + "(".repeat(100) + "1" + ")".repeat(99);
    assertRefused(
        "net.yaml:4:231: layer 'c': a ')' is missing here",
        HEAD + "layers:\n  - conv: {name: c, filters: " + expression + ", kernel: 3}\n");
  }

  @Test
  void sizeIsBounded() throws IOException {
    assertRefused(
        "net.yaml:1:1: a network file may have 1048576 characters, but this has 2000000",
        "x".repeat(2_000_000));
    Path large = folder.resolve("large.yaml");
    Files.writeString(large, "x".repeat(100 << 20), StandardCharsets.ISO_8859_1);
    assertEquals(
        large + ": a network file may have 1048576 characters, but this has more",
        assertThrows(NetworkFileException.class, () -> NetworkFile.read(large)).getMessage());
  }

  @Test
  void whatIsLargeButAllowedIsReadInTime() {
    String relus = "  - relu\n".repeat(10_000);
    timed(5, 64, () -> parse(HEAD + "layers:\n" + relus));
    assertRefused(
        "net.yaml:10004:5: there are more than 10000 layers",
        HEAD + "layers:\n" + relus + "  - relu\n");
    String backwards =
        IntStream.range(0, 9_999)
            .mapToObj(i -> "  - relu: {name: r%d, from: r%d}\n".formatted(i, i + 1))
            .collect(Collectors.joining());
    timed(
        5,
        160,
        () -> parse(HEAD + "layers:\n" + backwards + "  - relu: {name: r9999, from: input}\n"));
  }

  @Test
  void mistakesAreReportedUpToFifty() {
    String text = HEAD + "layers:\n" + "  - rellu: {name: x}\n".repeat(9_000);
    assertEquals(50, assertThrows(NetworkFileException.class, () -> parse(text)).problems().size());
    String unknown =
        IntStream.range(0, 9_000)
            .mapToObj(i -> "  - relu: {name: r%04d, from: s%04d}\n".formatted(i, i))
            .collect(Collectors.joining());
    timed(
        3,
        160,
        () -> assertThrows(NetworkFileException.class, () -> parse(HEAD + "layers:\n" + unknown)));
  }

  @Test
  void numbersDoNotGrow() {
    StringBuilder let = new StringBuilder("let:\n  a0: 9999999999\n");
    for (int i = 1; i < 30; i++) {
      let.append("  a%d: =a%d*a%d\n".formatted(i, i - 1, i - 1));
    }
    assertRefused(
        "net.yaml:11:10: layer 'c': the number is too large or too fine in =a6*a6",
        HEAD + let + "layers:\n  - conv: {name: c, filters: =a29, kernel: 3}\n");
  }

  @Test
  void whatIsNotTextIsRefused() throws IOException {
    Path bytes = folder.resolve("bytes.yaml");
    Files.write(bytes, new byte[] {'a', '\n', 'b', ':', ' ', (byte) 0xff, 'x'});
    assertEquals(
        bytes + ":2:4: byte 5 is not UTF-8 text\nb:\n   ^",
        assertThrows(NetworkFileException.class, () -> NetworkFile.read(bytes)).getMessage());
    assertRefused(
        "net.yaml:2:4: the character U+0007 may not stand in a YAML file", "a: b\nc: \u0007");
    assertEquals(
        folder + ": this is not a file",
        assertThrows(NetworkFileException.class, () -> NetworkFile.read(folder)).getMessage());
    Path missing = folder.resolve("missing.yaml");
    assertEquals(
        missing + ": there is no such file",
        assertThrows(NetworkFileException.class, () -> NetworkFile.read(missing)).getMessage());
  }

  @Test
  void longLinesAreShownAroundTheMistake() {
    String text = HEAD + "layers: [" + "relu, ".repeat(1000) + "rellu]\n";
    String message = assertThrows(NetworkFileException.class, () -> parse(text)).getMessage();
    UnaryOperator<String> line =
        part -> message.lines().filter(l -> l.contains(part)).findFirst().get();
    assertTrue(line.apply("rellu]").length() <= 100, message);
    assertEquals(
        line.apply("rellu]").indexOf("rellu]"), message.lines().toList().get(2).indexOf('^'));
  }

  private static void assertRefused(String firstLine, String text) {
    NetworkFileException e =
        timed(2, 64, () -> assertThrows(NetworkFileException.class, () -> parse(text)));
    assertEquals(firstLine, e.getMessage().lines().findFirst().orElseThrow());
  }

  /**
   * Runs an action that may take so many seconds of processor time (other processes do not count)
   * and allocate so many MB in all, garbage included: what is alive at once is far less.
   */
  private static <T> T timed(int seconds, int megabytes, Supplier<T> action) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long start = threads.getCurrentThreadCpuTime();
    T result = action.get();
    long taken = threads.getCurrentThreadCpuTime() - start;
    long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
    assertTrue(taken <= seconds * 1_000_000_000L, "took " + taken / 1_000_000 + " ms");
    assertTrue(allocated <= megabytes * 1_000_000L, "allocated " + allocated / 1_000_000 + " MB");
    return result;
  }

  private static Network parse(String text) {
    return NetworkFile.parse("net.yaml", text);
  }
}
