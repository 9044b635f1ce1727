package org.lamina.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.LibUtils;

/**
 * Starts JOCL with a native library that nobody else can have written.
 *
 * <p>By itself JOCL 2.0.6 extracts its library to a fixed name in {@code java.io.tmpdir}, and if a
 * file of that name exists already, loads it whatever it holds: on a shared machine anybody can put
 * code there. It cannot be told to use another file. {@code java.library.path} is read once when
 * the JVM starts, and a library loaded before with {@link System#load} does not count for its
 * {@link System#loadLibrary}. But it reads {@code java.io.tmpdir} when it loads, and takes the file
 * that it finds: so a verified copy is put into a private folder, see {@link NativeLibrary}, and
 * the property names that folder for the moment in which JOCL's class is initialised. Nothing
 * appears in the shared folder, and JOCL writes nothing at all.
 */
final class Jocl {

  private static final String VERSION = "JOCL_2_0_6";
  private static final String FOLDER_PROPERTY = "java.io.tmpdir";

  private static boolean loaded;
  private static Optional<NoPlatformException> failure = Optional.empty();

  private Jocl() {}

  /**
   * Loads the native library, the first time, and makes JOCL throw on errors.
   *
   * @throws NoPlatformException if there is no OpenCL on this system, or no JOCL for it
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    if (failure.isPresent()) { // the class stays broken, and a second try would not say why
      throw new NoPlatformException(failure.get().getMessage(), failure.get());
    }
    try {
      loadFrom(CacheFolders.nativeLibraries());
      CL.setExceptionsEnabled(true);
      loaded = true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      failure = Optional.of(explain(e));
      throw failure.get();
    }
  }

  private static void loadFrom(Optional<Path> cache) {
    String name = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(VERSION));
    try (InputStream in = CL_RESOURCES.getResourceAsStream("/lib/" + name)) {
      if (in == null) {
        throw new UnsatisfiedLinkError("JOCL has no " + name);
      }
      try (NativeLibrary library = NativeLibrary.provide(name, in.readAllBytes(), cache)) {
        initialise(library.folder());
      }
    } catch (IOException e) {
      throw new NoPlatformException(
          "cannot unpack the native library of the OpenCL binding: %s; set LAMINA_CACHE to a folder"
                  .formatted(e)
              + " of yours that can be written",
          e);
    }
  }

  /** A class of the jar that holds the libraries; unlike CL it starts nothing. */
  private static final Class<?> CL_RESOURCES = LibUtils.class;

  private static void initialise(Path folder) {
    String before = System.getProperty(FOLDER_PROPERTY);
    System.setProperty(FOLDER_PROPERTY, folder.toString());
    try {
      CL.stringFor_errorCode(CL.CL_SUCCESS); // the first use of the class loads the library
    } finally {
      System.setProperty(FOLDER_PROPERTY, before);
    }
  }

  private static NoPlatformException explain(Throwable error) {
    // JOCL puts two stack traces into the message; the last reason in them is that of the file.
    String text = String.valueOf(error.getMessage());
    String reason =
        text.lines()
            .filter(line -> line.startsWith("java.lang.UnsatisfiedLinkError: "))
            .reduce(text.lines().findFirst().orElse(""), (first, second) -> second)
            .replace("java.lang.UnsatisfiedLinkError: ", "");
    String system =
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (text.contains("JOCL has no")) {
      return new NoPlatformException(
          "the OpenCL binding has no native library for " + system + ": " + text, error);
    }
    if (text.contains("Could not initialize native OpenCL library")) {
      return new NoPlatformException(
          "there is no OpenCL on this system: its loader (libOpenCL) is not installed; "
              + InstallHint.forThisSystem(),
          error);
    }
    return new NoPlatformException(
        "cannot load the native library of the OpenCL binding on " + system + ": " + reason, error);
  }
}
