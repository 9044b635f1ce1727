package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verified copy in a folder that nobody else can change, wherever it can be had. */
final class NativeLibraryTest {

  private static final byte[] CONTENT = {1, 2, 3, 4};

  @TempDir private Path cache;

  @BeforeEach
  void onlyWherePermissionsAreThoseOfPosix() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
  }

  private NativeLibrary provide() throws IOException {
    return NativeLibrary.provide("lib.so", CONTENT, Optional.of(cache));
  }

  private Path folder() {
    return cache.resolve(Hash.of(CONTENT).hex());
  }

  @Test
  void theCopyStaysInAPrivateFolderNamedByItsHash() throws IOException {
    try (NativeLibrary library = provide()) {
      assertEquals(folder(), library.folder());
      assertArrayEquals(CONTENT, Files.readAllBytes(library.file()));
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
    }
    assertTrue(Files.exists(folder().resolve("lib.so")));
    assertEquals(1, cache.toFile().list().length);
    assertEquals(1, folder().toFile().list().length, "no temporary file is left");
  }

  @Test
  void aChangedCopyIsReplacedBeforeUse() throws IOException {
    provide().close();
    Files.write(folder().resolve("lib.so"), new byte[] {1, 2, 3, 5});
    try (NativeLibrary library = provide()) {
      assertArrayEquals(CONTENT, Files.readAllBytes(library.file()));
    }
  }

  @Test
  void aLinkInPlaceOfTheFileIsReplacedAndNotFollowed() throws IOException {
    provide().close();
    Path file = folder().resolve("lib.so");
    Path elsewhere = Files.write(cache.resolve("elsewhere"), CONTENT);
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    try (NativeLibrary library = provide()) {
      assertFalse(Files.isSymbolicLink(library.file()));
    }
  }

  @Test
  void aFolderThatOthersCanChangeIsNotUsed() throws IOException {
    provide().close();
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTemporary();
  }

  @Test
  void aFolderThatIsALinkIsNotUsed() throws IOException {
    Path real = Files.createDirectory(cache.resolve("real"));
    Files.createSymbolicLink(folder(), real);
    assertTemporary();
  }

  @Test
  void aFolderThatOthersCanReplaceIsNotUsed() throws IOException {
    provide().close();
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTemporary();
  }

  @Test
  void withoutACacheTheCopyIsTemporary() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "");
    try (NativeLibrary none = NativeLibrary.provide("lib.so", CONTENT, Optional.empty());
        NativeLibrary bad = NativeLibrary.provide("lib.so", CONTENT, Optional.of(file))) {
      assertNotEquals(none.folder(), bad.folder());
      assertArrayEquals(CONTENT, Files.readAllBytes(bad.file()));
    }
  }

  private void assertTemporary() throws IOException {
    Path where;
    try (NativeLibrary library = provide()) {
      where = library.folder();
      assertFalse(where.startsWith(cache), where::toString);
      assertArrayEquals(CONTENT, Files.readAllBytes(library.file()));
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(where)));
    }
    assertFalse(Files.exists(where), "deleted after use");
  }
}
