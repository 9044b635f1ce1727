package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lamina.formats.Exported;
import org.lamina.formats.Exporter;
import org.lamina.formats.Formats;
import org.lamina.formats.TensorWriters;
import org.lamina.network.Network;
import org.lamina.weights.ElementType;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WatchedSource;
import org.lamina.weights.WeightSource;
import org.lamina.weights.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina export}: a network and its weights for other software. */
@Command(
    name = "export",
    description = {
      "Write a network with its weights in a format of other software, by the ending of OUT.",
      "What the format has no form for is listed, all of it, and nothing is written."
    })
final class ExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Parameters(
      index = "1..*",
      arity = "1..2",
      paramLabel = "OUT",
      description =
          "The file to write; of a format with two files, one or both of them. safetensors and .npz"
              + " hold the weights alone.")
  private List<Path> outputs = List.of();

  @Mixin private WeightsOption weights;

  @Mixin private TypeOption type;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but errors.")
  private boolean quiet;

  @Override
  public Integer call() {
    Network described = network.find();
    boolean weightsAlone = outputs.size() == 1 && TensorWriters.writes(outputs.get(0));
    List<Path> files = weightsAlone ? outputs : files(exporter());
    try (TensorFile file = weights.of(network).open(described)) {
      Weights.check(described, file);
      try (TransferProgress progress =
          TransferProgress.of("exporting", file.shapes().values(), quiet)) {
        WatchedSource watched = new WatchedSource(file, progress::read);
        List<Exported> written =
            weightsAlone ? tensors(watched) : exporter().write(described, watched, files);
        if (!quiet) {
          report(written, watched, files);
        }
      }
    }
    return ExitCode.OK;
  }

  private List<Exported> tensors(WeightSource source) {
    TensorWriters.write(outputs.get(0), source, type.get());
    return source.shapes().entrySet().stream()
        .map(tensor -> new Exported(tensor.getKey(), tensor.getKey(), tensor.getValue(), ""))
        .toList();
  }

  private Exporter exporter() {
    if (type.get() != ElementType.F32) {
      throw new ParameterException(
          spec.commandLine(), "--type is for safetensors; networks are exported as f32");
    }
    return Formats.exporters().stream()
        .filter(exporter -> fits(exporter, outputs))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "OUT must end in one of %s, but is %s"
                        .formatted(
                            Stream.concat(
                                    Formats.exporters().stream().map(Exporter::endings),
                                    TensorWriters.ENDINGS.stream().map(List::of))
                                .map(endings -> String.join(" + ", endings))
                                .collect(Collectors.joining(", ")),
                            outputs.stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(" ")))));
  }

  private static boolean fits(Exporter exporter, List<Path> files) {
    long known =
        exporter.endings().stream()
            .filter(ending -> files.stream().anyMatch(file -> Formats.endsWith(file, ending)))
            .count();
    return known == files.size();
  }

  /** Returns one file for each ending; those that were not named are called like the first. */
  private List<Path> files(Exporter exporter) {
    List<Path> files = new ArrayList<>();
    for (String ending : exporter.endings()) {
      files.add(
          outputs.stream()
              .filter(file -> Formats.endsWith(file, ending))
              .findFirst()
              .orElseGet(() -> sibling(exporter, ending)));
    }
    return files;
  }

  private Path sibling(Exporter exporter, String ending) {
    Path first = outputs.get(0);
    String name = first.getFileName().toString();
    String own =
        exporter.endings().stream().filter(e -> Formats.endsWith(first, e)).findFirst().orElse("");
    return first.resolveSibling(name.substring(0, name.length() - own.length()) + ending);
  }

  private void report(List<Exported> written, WatchedSource watched, List<Path> files) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> checksums = new LinkedHashMap<>();
    watched.facts().forEach((name, facts) -> checksums.put(name, facts.checksum()));
    Table table = new Table("parameter", "to", "shape", "change", "sha-256");
    for (Exported tensor : written) {
      String checksum = checksums.getOrDefault(tensor.from(), "");
      table.add(
          tensor.from(),
          tensor.to(),
          tensor.shape().toString(),
          tensor.change(),
          checksum.substring(0, Math.min(WeightsCommand.DIGITS, checksum.length())));
    }
    table.print(out, spec.commandLine().getColorScheme().ansi());
    out.println(
        "written to " + files.stream().map(Path::toString).collect(Collectors.joining(", ")));
    out.flush();
  }
}
