package org.lamina.formats.cfg;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Importer;
import org.lamina.network.Network;

/**
 * Reads networks of Darknet: a .cfg, and their .weights.
 *
 * <p>Darknet names no layers: they are called by what they are and a number, {@code conv1}; what a
 * convolution contains follows it as layers of their own, {@code conv1_bn}, {@code conv1_leaky}.
 * Heads that find boxes are left out: the network gives what they read. Source: parser.c of
 * github.com/pjreddie/darknet.
 */
public final class DarknetImporter implements Importer {

  /** Makes a reader; it remembers nothing. */
  public DarknetImporter() {}

  @Override
  public String format() {
    return "Darknet";
  }

  @Override
  public String files() {
    return "NET.cfg [NET.weights]";
  }

  @Override
  public boolean accepts(List<Path> files) {
    long networks = files.stream().filter(DarknetImporter::isDarknet).count();
    long weights = files.stream().filter(file -> Formats.endsWith(file, ".weights")).count();
    return networks == 1 && weights <= 1 && networks + weights == files.size();
  }

  /** Returns whether a file is a .cfg of Darknet, by its first section. */
  static boolean isDarknet(Path file) {
    if (!Formats.endsWith(file, ".cfg")) {
      return false;
    }
    try {
      List<Section> sections = Sections.read(file).all();
      return !sections.isEmpty() && sections.get(0).name().matches("net|network");
    } catch (FormatException e) {
      return false; // whoever reads it says what is wrong
    }
  }

  @Override
  public Imported read(List<Path> files, ImportOptions options) {
    Path config = files.stream().filter(DarknetImporter::isDarknet).findFirst().orElseThrow();
    DarknetNetwork built = new DarknetNetwork(Sections.read(config), options);
    Network network = built.build();
    Optional<DarknetWeights> weights =
        files.stream()
            .filter(file -> !file.equals(config))
            .findFirst()
            .map(file -> DarknetWeights.open(file, network, built.order()));
    return new Imported(
        format(),
        network,
        weights.map(w -> w),
        weights.map(DarknetWeights::origins).orElse(Map.of()),
        built.remarks());
  }
}
