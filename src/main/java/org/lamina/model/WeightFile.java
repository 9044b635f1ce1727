package org.lamina.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.data.Labels;
import org.lamina.formats.TensorFiles;
import org.lamina.network.Network;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import org.lamina.yaml.Companion;

/**
 * A file of weights, and the names of the classes that belong to them: one that the user names, or
 * the one that belongs to a network.
 */
public final class WeightFile {

  private static final String ENDING = ".safetensors";

  /** What a training calls its network, and its weights, the best ones first. */
  private static final String NETWORK_OF_A_RUN = "network.yaml";

  private static final List<String> WEIGHTS_OF_A_RUN = List.of("best" + ENDING, "last" + ENDING);

  private final Path path;
  private final Optional<String> shippedWith;

  private WeightFile(Path path, Optional<String> shippedWith) {
    this.path = path;
    this.shippedWith = shippedWith;
  }

  /**
   * Returns a file that somebody names.
   *
   * @param path a file of any known format, see {@link TensorFiles}; it need not exist until it is
   *     opened
   */
  public static WeightFile of(Path path) {
    return new WeightFile(path, Optional.empty());
  }

  /**
   * Returns the weights that belong to a network, if there are any: {@code NAME.safetensors} beside
   * {@code NAME.yaml}, which some shipped networks have, too; beside the {@code network.yaml} of a
   * training {@code best.safetensors}, else {@code last.safetensors}.
   *
   * @param network the name of a shipped network or the path of a network file
   * @throws org.lamina.yaml.NetworkFileException if there is no such network
   */
  public static Optional<WeightFile> belongingTo(String network) {
    return Companion.of(network, ENDING)
        .map(
            file ->
                new WeightFile(
                    file.path(), file.shipped() ? Optional.of(network) : Optional.empty()))
        .or(() -> ofRun(network));
  }

  private static Optional<WeightFile> ofRun(String network) {
    if (!network.endsWith(NETWORK_OF_A_RUN)) {
      return Optional.empty();
    }
    Path file = Path.of(network);
    return Stream.of(file)
        .filter(run -> String.valueOf(run.getFileName()).equals(NETWORK_OF_A_RUN))
        .flatMap(run -> WEIGHTS_OF_A_RUN.stream().map(run::resolveSibling))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(WeightFile::of);
  }

  /** Returns the file's path; of one that is shipped, what messages call it. */
  public Path path() {
    return path;
  }

  /**
   * Opens the file as parameters of a network, whatever names they have in it.
   *
   * @throws org.lamina.weights.WeightsException if it is missing, of no known format, or damaged
   * @throws org.lamina.formats.FormatException if the names can be understood in several ways
   */
  public TensorFile open(Network network) {
    return shipped(ENDING)
        .<TensorFile>map(file -> Safetensors.of(path, file.read()))
        .orElseGet(() -> TensorFiles.open(path, network));
  }

  /**
   * Returns the names of the classes, or nothing if there are none; see {@link Classifier#labels}.
   *
   * @param given a file of names that the user prefers
   * @throws org.lamina.data.DataException if the file that the user named, or the one with the name
   *     of the weights, cannot be read or does not have a line for each class
   */
  List<String> labels(Optional<Path> given, int classes) {
    Optional<Companion> own = given.isPresent() ? Optional.empty() : shipped(ClassLabels.ENDING);
    return own.map(
            file ->
                ClassLabels.requireOneForEach(
                    file.path().toString(),
                    Labels.parse(
                        file.path().toString(), new String(file.read(), StandardCharsets.UTF_8)),
                    classes))
        .orElseGet(() -> ClassLabels.find(given, path, classes));
  }

  private Optional<Companion> shipped(String ending) {
    return shippedWith.flatMap(network -> Companion.of(network, ending));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
