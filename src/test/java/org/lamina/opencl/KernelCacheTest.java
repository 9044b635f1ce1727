package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are kept, damaged, refused, deleted. */
final class KernelCacheTest {

  private static final Macros MACROS = Macros.none().define("CACHE_TEST", 1);

  @TempDir private Path folder;

  /** Runs a kernel in a new session; returns the files that were built from source. */
  private static List<String> run(SessionOptions options) {
    List<String> built = new ArrayList<>();
    try (Session session = Session.open(Device.best(), options.withOnBuild(built::add))) {
      DeviceBuffer y = session.allocate(2);
      Program program = session.program("test/scale.cl", MACROS);
      Kernel kernel = program.kernel("fill");
      kernel.set("y", y).set("value", 3f).enqueue(Range.of(2, 1, 1));
      assertArrayEquals(new float[] {3, 3}, y.read());
      assertTrue(program.kernel("scale").hasArgument("factor"), "names survive");
    }
    return built;
  }

  private SessionOptions here() {
    return SessionOptions.defaults().withCache(folder.resolve("kernels"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
      return files.toList();
    }
  }

  @Test
  void theSecondSessionBuildsNothing() throws IOException {
    assertEquals(List.of("test/scale.cl"), run(here()));
    assertEquals(1, files().size(), "one file, and no temporary ones");
    assertEquals(List.of(), run(here()));
    assertEquals(List.of("test/scale.cl"), run(here().withoutCache()));
  }

  @Test
  void aDamagedFileIsBuiltAgainAndMended() throws IOException {
    run(here());
    Path file = files().get(0);
    byte[] good = Files.readAllBytes(file);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    byte[] half = Arrays.copyOf(good, good.length / 2);
    for (byte[] bad : List.of(flipped, half, new byte[0], new byte[500])) {
      Files.write(file, bad);
      assertEquals(List.of("test/scale.cl"), run(here()));
      assertEquals(List.of(), run(here()));
    }
  }

  @Test
  void aBinaryThatTheDriverRefusesIsBuiltAgain() throws IOException {
    assumeFalse(Quirks.abortsOnForeignBinaries(Device.best()), "the driver would end the process");
    run(here());
    String name = files().get(0).getFileName().toString();
    KernelCache cache = new KernelCache(here().cache(), Long.MAX_VALUE);
    Hash key = new Hash(name.substring(0, name.length() - ".bin".length()));
    KernelCache.Entry good = cache.load(key).orElseThrow();
    cache.store(key, new KernelCache.Entry(good.kernels(), new byte[] {1, 2, 3}));
    assertEquals(List.of("test/scale.cl"), run(here()));
    assertEquals(List.of(), run(here()));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    // A file in place of the folder: permissions would not stop root.
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path bad : List.of(file, file.resolve("kernels"))) {
      SessionOptions options = SessionOptions.defaults().withCache(bad);
      assertEquals(List.of("test/scale.cl"), run(options));
      assertEquals(List.of("test/scale.cl"), run(options));
    }
    assertEquals("", Files.readString(file));
  }

  @Test
  void aFolderThatOthersCanWriteIsNotUsed() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
    run(here());
    Path kernels = folder.resolve("kernels");
    Files.setPosixFilePermissions(kernels, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(List.of("test/scale.cl"), run(here()));
    Files.setPosixFilePermissions(kernels, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(List.of(), run(here()), "others may read");
  }

  @Test
  void theLeastRecentlyUsedFilesAreDeletedBeyondTheLimit() throws IOException {
    KernelCache cache = new KernelCache(Optional.of(folder), 3000);
    KernelCache.Entry entry =
        new KernelCache.Entry(Map.of("k", List.of(new Argument("a", "int"))), new byte[900]);
    Hash[] keys = {Hash.of("0"), Hash.of("1"), Hash.of("2"), Hash.of("3")};
    for (int i = 0; i < 3; i++) {
      cache.store(keys[i], entry);
      Path file = folder.resolve(keys[i].hex() + ".bin");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + i * 1000L));
    }
    assertEquals(entry.kernels(), cache.load(keys[0]).orElseThrow().kernels()); // used just now
    cache.store(keys[3], entry);
    assertTrue(cache.load(keys[0]).isPresent());
    assertTrue(cache.load(keys[1]).isEmpty());
    assertTrue(cache.load(keys[2]).isPresent());
    assertArrayEquals(new byte[900], cache.load(keys[3]).orElseThrow().binary());
  }

  @Test
  void theKeyDependsOnEverything() {
    Device device = Device.best();
    Hash key = KernelCache.key(device, "source", "options");
    assertEquals(key, KernelCache.key(device, "source", "options"));
    assertNotEquals(key, KernelCache.key(device, "source2", "options"));
    assertNotEquals(key, KernelCache.key(device, "source", "options2"));
    assertNotEquals(key, KernelCache.key(device, "sourceo", "ptions"));
    assertEquals(64, key.hex().length());
  }

  @Test
  void theFolderIsTheUsersUnlessTheEnvironmentNamesAnother() {
    assertEquals(
        Optional.of(Path.of("/own")),
        CacheFolders.root(Map.of("LAMINA_CACHE", "/own", "XDG_CACHE_HOME", "/xdg"), "/home/a"));
    assertEquals(
        Optional.of(Path.of("/xdg/lamina")),
        CacheFolders.root(Map.of("LAMINA_CACHE", "", "XDG_CACHE_HOME", "/xdg"), "/home/a"));
    assertEquals(
        Optional.of(Path.of("/home/a/.cache/lamina")), CacheFolders.root(Map.of(), "/home/a"));
    assertEquals(Optional.empty(), CacheFolders.root(Map.of(), ""));
    assertEquals(Optional.empty(), CacheFolders.root(Map.of("LAMINA_CACHE", "\0"), "/home/a"));
  }
}
