package org.lamina.formats.cfg;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Importer;

/**
 * Reads the layer files of cuda-convnet, Krizhevsky's program of 2011 and 2012: layers in one file,
 * what they are trained with (and how they normalise) in another.
 *
 * <p>What a layer calls its neuron becomes a layer of its own, {@code conv1_relu}; several inputs
 * of a layer are concatenated; windows that hang over the image are padded, as cuda-convnet rounds
 * their number up. Source: cuda-convnet's layer.py and its documentation of layer parameters.
 */
public final class ConvnetImporter implements Importer {

  /** Makes a reader; it remembers nothing. */
  public ConvnetImporter() {}

  @Override
  public String format() {
    return "cuda-convnet";
  }

  @Override
  public String files() {
    return "LAYERS.cfg [LAYER-PARAMS.cfg]";
  }

  @Override
  public boolean accepts(List<Path> files) {
    return files.stream().allMatch(file -> Formats.endsWith(file, ".cfg"))
        && files.stream().noneMatch(DarknetImporter::isDarknet);
  }

  @Override
  public Imported read(List<Path> files, ImportOptions options) {
    List<Sections> layers = new ArrayList<>();
    List<Sections> params = new ArrayList<>();
    for (Path file : files) {
      Sections sections = Sections.read(file);
      boolean typed = sections.all().stream().anyMatch(section -> section.has("type"));
      (typed ? layers : params).add(sections);
    }
    if (layers.size() != 1 || params.size() > 1) {
      throw new FormatException(
          "%s: there are %d files of layers and %d of their parameters; name one of each"
              .formatted(files.get(0), layers.size(), params.size()));
    }
    ConvnetNetwork network =
        new ConvnetNetwork(layers.get(0), params.stream().findFirst(), options);
    return new Imported(format(), network.build(), Optional.empty(), Map.of(), network.remarks());
  }
}
