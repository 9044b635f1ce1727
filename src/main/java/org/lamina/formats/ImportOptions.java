package org.lamina.formats;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;

/**
 * How a network is imported.
 *
 * @param name what the network will be called; empty: as its file calls it, or as the file is
 *     called
 * @param input the shape of one image, where the file leaves it open
 * @param network the network whose parameters the files hold, where they hold parameters alone
 * @param foldConstants whether what can be computed from constants alone is. Default true
 * @param foldNormalization whether a batch normalisation that follows a convolution becomes part of
 *     its weights: faster to run, and no longer to be trained. Default false
 * @param constants files with the values of inputs that an operator must know beforehand, by their
 *     names; only ONNX has such. Default none
 */
public record ImportOptions(
    Optional<String> name,
    Optional<Chw> input,
    Optional<Network> network,
    boolean foldConstants,
    boolean foldNormalization,
    Map<String, Path> constants) {

  /** Copies the map, keeping its order. */
  public ImportOptions {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
  }

  /** The defaults. */
  public static final ImportOptions DEFAULTS =
      new ImportOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), true, false, Map.of());

  /** Returns these options with a name for the network. */
  public ImportOptions withName(String other) {
    return new ImportOptions(
        Optional.of(other), input, network, foldConstants, foldNormalization, constants);
  }

  /** Returns these options with the shape of one image. */
  public ImportOptions withInput(Chw shape) {
    return new ImportOptions(
        name, Optional.of(shape), network, foldConstants, foldNormalization, constants);
  }

  /** Returns these options with the network whose parameters are read. */
  public ImportOptions withNetwork(Network known) {
    return new ImportOptions(
        name, input, Optional.of(known), foldConstants, foldNormalization, constants);
  }

  /** Returns these options with batch normalisations kept or folded. */
  public ImportOptions withFoldNormalization(boolean fold) {
    return new ImportOptions(name, input, network, foldConstants, fold, constants);
  }

  /** Returns these options with values for inputs that must be known beforehand. */
  public ImportOptions withConstants(Map<String, Path> files) {
    return new ImportOptions(name, input, network, foldConstants, foldNormalization, files);
  }
}
