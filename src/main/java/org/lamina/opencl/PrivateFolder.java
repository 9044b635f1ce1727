package org.lamina.opencl;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * Folders that only this user can change. What a driver or the JVM loads as code comes from no
 * other: a hash beside a file shows damage, but whoever can write the one can write the other.
 */
final class PrivateFolder {

  private static final int WRITABLE_BY_ALL = 0002;
  private static final int STICKY = 01000;

  private PrivateFolder() {}

  /** Creates a folder, and those above it, if it does not exist; returns whether it is private. */
  static boolean make(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder.getParent());
      try {
        if (isPosix(folder.getParent())) {
          Files.createDirectory(
              folder,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectory(folder);
        }
      } catch (FileAlreadyExistsException e) {
        return isPrivate(folder); // another process was faster
      }
    }
    return isPrivate(folder);
  }

  /** Returns whether nobody else can change what is in a folder, or put another in its place. */
  static boolean isPrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!isPosix(folder)) {
      return true; // Windows: the folder is in the user's profile, where others cannot write
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    return Files.getOwner(folder).equals(self())
        && !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE)
        && !hasOpenParent(folder.toRealPath());
  }

  /** Returns whether one of the folders above lets everybody rename what is in it. */
  private static boolean hasOpenParent(Path folder) throws IOException {
    for (Path p = folder.getParent(); p != null; p = p.getParent()) {
      int mode = (Integer) Files.getAttribute(p, "unix:mode");
      if ((mode & WRITABLE_BY_ALL) != 0 && (mode & STICKY) == 0) {
        return true;
      }
    }
    return false;
  }

  private static UserPrincipal self() throws IOException {
    Path process = Path.of("/proc/self");
    if (Files.exists(process)) { // right also where the user has no name, as in some containers
      return Files.getOwner(process);
    }
    return process
        .getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(System.getProperty("user.name"));
  }

  private static boolean isPosix(Path folder) throws IOException {
    return Files.getFileStore(folder).supportsFileAttributeView("posix");
  }
}
