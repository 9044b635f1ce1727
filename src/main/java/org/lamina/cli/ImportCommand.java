package org.lamina.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.weights.AtomicFile;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFacts;
import org.lamina.weights.WatchedSource;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lamina import}: networks and weights of other software. */
@Command(
    name = "import",
    description = {
      "Bring a network of other software to Lamina: write NAME.yaml and, if the files have weights,",
      "NAME.safetensors, and report where every tensor comes from.",
      "What has no form in Lamina is listed, all of it, and nothing is written."
    })
final class ImportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "The files of one network, in any order: see docs/formats.md.")
  private List<Path> files = List.of();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "NAME",
      description = "What the network and its files will be called; may name a folder before it.")
  private Path output;

  @Option(
      names = {"-n", "--network"},
      paramLabel = "NETWORK",
      description =
          "The network whose parameters the file holds, if it holds parameters alone. Default: the"
              + " one among those that are shipped.")
  private Optional<String> network = Optional.empty();

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      converter = ShapeConverter.class,
      description = "The shape of one image, where the files leave it open: 3x224x224.")
  private Optional<Chw> input = Optional.empty();

  @Option(
      names = "--fold-batch-norm",
      description =
          "Make batch normalisations part of the convolutions before them: faster, and no longer to"
              + " be trained.")
  private boolean foldNormalization;

  @Option(
      names = "--no-fold-constants",
      description = "Refuse what is computed from constants instead of working it out.")
  private boolean keepConstants;

  @Option(
      names = "--constant",
      paramLabel = "INPUT=FILE.pb",
      description =
          "The value of an input of an ONNX model that an operator must know beforehand (weights,"
              + " extents); may be given several times, for inputs that need it or not.")
  private Map<String, Path> constants = new LinkedHashMap<>();

  @Mixin private TypeOption type;

  @Option(
      names = {"-f", "--force"},
      description = "Replace files that are there.")
  private boolean force;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but errors.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    String name = name();
    Path yaml = output.resolveSibling(name + ".yaml");
    Path weights = output.resolveSibling(name + ".safetensors");
    requireFree(yaml, weights);
    for (Path file : files) {
      InputFile.open(file).close();
    }
    ImportOptions options =
        new ImportOptions(
            Optional.of(name),
            input,
            network.map(NetworkFile::find),
            !keepConstants,
            foldNormalization,
            constants);
    try (Imported imported = Formats.importer(files).read(files, options)) {
      String text = text(imported, yaml);
      imported.weights().ifPresent(source -> Weights.check(imported.network(), source));
      Map<String, TensorFacts> facts = new LinkedHashMap<>();
      imported.weights().ifPresent(source -> facts.putAll(write(weights, source)));
      AtomicFile.write(yaml, text);
      report(new ImportReport(imported, facts), yaml, weights);
    }
    return ExitCode.OK;
  }

  private void report(ImportReport report, Path yaml, Path weights) {
    report.warn(spec.commandLine().getErr());
    if (json) {
      Json.print(spec.commandLine().getOut(), report.json(yaml, weights));
    } else if (!quiet) {
      report.print(
          spec.commandLine().getOut(), spec.commandLine().getColorScheme().ansi(), yaml, weights);
    }
  }

  private String name() {
    String name = String.valueOf(output.getFileName()).replaceFirst("\\.ya?ml$", "");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.+-]*")) {
      throw new ParameterException(
          spec.commandLine(),
          "a network is called by letters, digits and _ . + -, and not '%s'; name another: --output"
              .formatted(name));
    }
    return name;
  }

  private void requireFree(Path... targets) {
    List<String> there = new ArrayList<>();
    for (Path target : targets) {
      if (Files.exists(target)) {
        there.add(target.toString());
      }
    }
    if (!there.isEmpty() && !force) {
      throw new ParameterException(
          spec.commandLine(),
          "already there: "
              + String.join(", ", there)
              + "; name another --output, or replace what is there: --force");
    }
  }

  /** Returns the network as YAML that is known to mean the same network. */
  private String text(Imported imported, Path yaml) {
    Network network = imported.network();
    String text =
        "# Imported from %s (%s).%n"
                .formatted(
                    String.join(", ", files.stream().map(f -> f.getFileName().toString()).toList()),
                    imported.format())
                .replace(System.lineSeparator(), "\n")
            + NetworkWriter.print(network);
    if (!NetworkFile.parse(yaml.toString(), text).equals(network)) {
      throw new IllegalStateException("the YAML of the network does not mean the same network");
    }
    return text;
  }

  private Map<String, TensorFacts> write(Path weights, WeightSource source) {
    try (TransferProgress progress =
        TransferProgress.of("importing", source.shapes().values(), quiet || json)) {
      WatchedSource watched = new WatchedSource(source, progress::read);
      ElementType stored = type.get();
      Safetensors.write(weights, watched, stored, Map.of("format", "lamina"));
      return watched.facts();
    }
  }

  /** Reads {@code 3x224x224}. */
  static final class ShapeConverter implements ITypeConverter<Chw> {
    @Override
    public Chw convert(String text) {
      if (!text.matches("[1-9][0-9]{0,5}(x[1-9][0-9]{0,5}){2}")) {
        throw new TypeConversionException("'" + text + "' is no shape such as 3x224x224");
      }
      String[] extents = text.split("x");
      return new Chw(
          Integer.parseInt(extents[0]), Integer.parseInt(extents[1]), Integer.parseInt(extents[2]));
    }
  }
}
