package org.lamina.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that belongs to a network: it lies beside the network's own, is called like it, and has
 * another ending. {@code lenet.safetensors} belongs to {@code lenet.yaml}, {@code
 * small-thin.safetensors} to the variant {@code small.yaml@thin}.
 */
public final class Companion {

  private final Path path;
  private final boolean shipped;

  private Companion(Path path, boolean shipped) {
    this.path = path;
    this.shipped = shipped;
  }

  /**
   * Returns the file with an ending that belongs to a network, if there is one.
   *
   * @param network the name of a shipped network or the path of a network file, as for {@link
   *     NetworkFile#find(String)}
   * @param ending such as {@code .safetensors}
   * @throws NetworkFileException if there is no such network
   */
  public static Optional<Companion> of(String network, String ending) {
    Reference reference = Reference.of(network);
    Origin origin = NetworkFile.origin(reference.network());
    String variant = reference.variant().map(name -> "-" + name).orElse("");
    if (origin.shipped().isPresent()) {
      String file = origin.shipped().get() + variant + ending;
      return ShippedNetworks.holds(file)
          ? Optional.of(new Companion(Path.of("networks", file), true))
          : Optional.empty();
    }
    Path own = origin.path().orElseThrow();
    String name = ShippedNetworks.nameOf(String.valueOf(own.getFileName()));
    return Optional.of(own.resolveSibling(name + variant + ending))
        .filter(Files::isRegularFile)
        .map(file -> new Companion(file, false));
  }

  /** Returns the file's path; of one that is shipped, what messages call it. */
  public Path path() {
    return path;
  }

  /** Returns whether it comes with Lamina, and so can be read here only. */
  public boolean shipped() {
    return shipped;
  }

  /**
   * Reads the file.
   *
   * @throws NetworkFileException if it cannot be read
   */
  public byte[] read() {
    try (InputStream in =
        shipped
            ? ShippedNetworks.stream(path.getFileName().toString())
            : Files.newInputStream(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw NetworkFileException.of(path.toString(), "the file cannot be read: " + e.getMessage());
    }
  }
}
