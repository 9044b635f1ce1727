package org.lamina.yaml;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lamina.network.Names;

/** The networks that come with Lamina: resources {@code /networks/<name>.yaml}. */
final class ShippedNetworks {

  private static final String FOLDER = "/networks/";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

  private ShippedNetworks() {}

  /** Returns the name of the network in a file of the given name. */
  static String nameOf(String file) {
    return file.replaceFirst("\\.ya?ml$", "");
  }

  /** Returns whether there is a shipped network of this name. */
  static boolean exists(String name) {
    return NAME.matcher(name).matches()
        && ShippedNetworks.class.getResource(FOLDER + name + ".yaml") != null;
  }

  /**
   * Opens the text of a shipped network.
   *
   * @throws IOException if it cannot be read
   */
  static InputStream open(String name) throws IOException {
    return stream(name + ".yaml");
  }

  /** Returns whether there is a file of this name beside the shipped networks. */
  static boolean holds(String file) {
    return NAME.matcher(file).matches() && ShippedNetworks.class.getResource(FOLDER + file) != null;
  }

  /**
   * Opens a file beside the shipped networks.
   *
   * @throws IOException if it cannot be read
   */
  static InputStream stream(String file) throws IOException {
    InputStream in = ShippedNetworks.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new FileNotFoundException(file);
    }
    return in;
  }

  /** Returns the message about a name that no shipped network has. */
  static String unknown(String name) {
    List<String> names = names();
    String suggestion = Names.suggest(name, names);
    return "there is no shipped network '%s'%s a file of your own is named by its path, which ends in .yaml"
        .formatted(
            name,
            suggestion.isEmpty()
                ? "; shipped are %s;".formatted(String.join(", ", names))
                : suggestion);
  }

  /** Returns the names of all shipped networks in alphabetical order. */
  static List<String> names() {
    // Every shipped variant extends this one, so it is the one to find the folder by.
    URL known = ShippedNetworks.class.getResource(FOLDER + "alexnet.yaml");
    if (known == null) {
      return List.of();
    }
    try {
      URI uri = known.toURI();
      return uri.getScheme().equals("jar") ? inJar(uri) : in(Path.of(uri).getParent());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the shipped networks cannot be listed", e);
    }
  }

  private static List<String> inJar(URI uri) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      return in(jar.getPath(FOLDER));
    } catch (FileSystemAlreadyExistsException e) {
      // Somebody else opened it and closes it.
      try {
        return in(FileSystems.getFileSystem(uri).getPath(FOLDER));
      } catch (FileSystemNotFoundException closed) {
        return List.of();
      }
    }
  }

  private static List<String> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".yaml"))
          .map(file -> file.substring(0, file.length() - ".yaml".length()))
          .sorted()
          .toList();
    }
  }
}
