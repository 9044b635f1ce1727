package org.lamina.yaml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Precision;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;

/**
 * Reads networks written in YAML; {@code docs/language.md} describes the language.
 *
 * <p>Reading is safe for files of unknown origin: nothing but layers and preprocessing steps is
 * ever made of them, and size, depth, aliases and expressions are bounded (1,048,576 characters, 64
 * levels, 100,000 values, 10,000 layers). The only other files that are read are those that the
 * file {@code extends}.
 */
public final class NetworkFile {

  private NetworkFile() {}

  /**
   * Reads a file.
   *
   * @throws NetworkFileException if it cannot be read or is not a network; says everything that is
   *     wrong
   */
  public static Network read(Path path) {
    return network(Origin.of(path), Optional.empty(), Overrides.NONE);
  }

  /**
   * Reads a network by path or by the name of a shipped one. What ends in {@code .yaml} or {@code
   * .yml} or contains a slash is a path; any other text is the name of a shipped network, or else
   * of a file in the current folder. {@code alexnet@half} is the variant {@code half} of it.
   *
   * @throws NetworkFileException if there is neither, or it is not a network
   */
  public static Network find(String nameOrPath) {
    return find(nameOrPath, Overrides.NONE);
  }

  /**
   * Reads a network by path or by the name of a shipped one, and changes it.
   *
   * @param nameOrPath the name or path, as above
   * @param overrides what is changed after all that the files say
   * @throws NetworkFileException if there is neither, it is not a network, or the overrides do not
   *     fit
   */
  public static Network find(String nameOrPath, Overrides overrides) {
    Reference reference = Reference.of(nameOrPath);
    return network(origin(reference.network()), reference.variant(), overrides);
  }

  /**
   * Says where a value of a network comes from. The network must be right.
   *
   * @param nameOrPath the name or path, as above
   * @param overrides what is changed after all that the files say
   * @param value a field of a layer ({@code conv2.groups}), a variable, {@code input}, {@code
   *     preprocess}, {@code precision}, {@code loss}, or a key of the training ({@code
   *     training.batch})
   * @throws NetworkFileException if it is not a network, or there is no such value
   */
  public static Explanation explain(String nameOrPath, Overrides overrides, String value) {
    Network network = find(nameOrPath, overrides);
    Reference reference = Reference.of(nameOrPath);
    Origin origin = origin(reference.network());
    Problems problems = new Problems();
    Description description =
        new DescriptionReader(problems)
            .read(origin, origin.read(), reference.variant())
            .orElseThrow();
    new OverrideReader(problems).apply(overrides, description);
    Variables variables = new Variables(description.let(), description.first());
    new Composer(description, variables, problems).compose();
    try {
      Place at = new Place(new Source(network.name(), value), 0, 0);
      return new Explainer(description, variables).explain(value, at);
    } catch (Fault fault) {
      throw NetworkFileException.of(network.name(), fault.getMessage());
    }
  }

  /**
   * Returns the variables of a network that nothing uses, in the order in which they are declared.
   * (One that a derived file adds is a mistake there; one that a file declares for its own layers
   * may be meant for others that extend it.)
   *
   * @param nameOrPath the name or path, as above
   * @param overrides what is changed after all that the files say
   * @throws NetworkFileException if it is not a network
   */
  public static List<String> unusedVariables(String nameOrPath, Overrides overrides) {
    find(nameOrPath, overrides);
    Reference reference = Reference.of(nameOrPath);
    Origin origin = origin(reference.network());
    Source source = origin.read();
    Problems problems = new Problems();
    Description description =
        new DescriptionReader(problems).read(origin, source, reference.variant()).orElseThrow();
    new OverrideReader(problems).apply(overrides, description);
    Variables variables = new Variables(description.let(), description.first());
    assemble(description, variables, new Place(source, 0, 0), problems);
    return variables.unused();
  }

  /**
   * Returns what a name or a path means.
   *
   * @throws NetworkFileException if there is no such network
   */
  static Origin origin(String nameOrPath) {
    if (!Origin.isPath(nameOrPath)) {
      if (ShippedNetworks.exists(nameOrPath)) {
        return Origin.ofShipped(nameOrPath);
      }
      if (!isFile(nameOrPath)) {
        throw NetworkFileException.of(nameOrPath, ShippedNetworks.unknown(nameOrPath));
      }
    }
    try {
      return Origin.of(Path.of(nameOrPath));
    } catch (InvalidPathException e) {
      throw NetworkFileException.of(nameOrPath, "this is not a path: " + e.getReason());
    }
  }

  private static boolean isFile(String path) {
    try {
      return Path.of(path).toFile().isFile();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Reads a text. Files that it extends are looked for in the current folder.
   *
   * @param fileLabel what messages call the text
   * @throws NetworkFileException if it is not a network
   */
  public static Network parse(String fileLabel, String text) {
    Origin origin = new Origin(fileLabel, Optional.empty(), Optional.empty());
    return network(origin, new Source(fileLabel, text), Optional.empty(), Overrides.NONE);
  }

  /** Returns the names of the shipped networks in alphabetical order. */
  public static List<String> shipped() {
    return ShippedNetworks.names();
  }

  private static Network network(Origin origin, Optional<String> variant, Overrides overrides) {
    return network(origin, origin.read(), variant, overrides);
  }

  private static Network network(
      Origin origin, Source source, Optional<String> variant, Overrides overrides) {
    Problems problems = new Problems();
    Optional<Description> read = new DescriptionReader(problems).read(origin, source, variant);
    read.ifPresent(description -> new OverrideReader(problems).apply(overrides, description));
    Optional<Network> network =
        read.flatMap(
            description ->
                assemble(
                    description,
                    new Variables(description.let(), description.first()),
                    new Place(source, 0, 0),
                    problems));
    problems.throwIfAny();
    return network.orElseThrow(
        () -> new IllegalStateException(origin.label() + " gave neither a network nor a problem"));
  }

  private static Optional<Network> assemble(
      Description description, Variables variables, Place start, Problems problems) {
    variables.checkTypes(problems);
    new Composer(description, variables, problems).compose();
    HeadReader head = new HeadReader(description, variables, problems, start);
    String name = head.name();
    Map<String, Chw> inputs = head.inputs();
    Preprocessing preprocessing = head.preprocessing();
    Optional<Precision> precision = head.precision();
    Training training = new TrainingReader(variables, problems).read(description);
    Expander expander = new Expander(description, variables, problems);
    expander.expand(head.inputNames(), inputs);
    if (expander.items().isEmpty() && problems.size() == 0) {
      problems.add(start, "the network has no layers");
    }
    if (description.isFlawed()) {
      return Optional.empty(); // what does not fit now may fit once the edits do what they mean
    }
    Optional<Network> network =
        new Assembler(expander, description, problems)
            .assemble(name, inputs, head.inputNames(), preprocessing);
    expander.requireDecided();
    return network
        .map(made -> made.with(training))
        .map(made -> precision.map(made::with).orElse(made));
  }
}
