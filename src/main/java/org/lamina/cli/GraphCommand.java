package org.lamina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.network.drawing.GraphFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lamina graph}: a picture of a network. */
@Command(
    name = "graph",
    description = {
      "Draw a network: as SVG, which every browser shows, or as text for Graphviz or Mermaid.",
      "Needs no other program."
    })
final class GraphCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write. Default: standard output.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--format",
      converter = FormatConverter.class,
      paramLabel = "FORMAT",
      description = "svg, dot or mermaid. Default: by the end of FILE (.dot, .gv, .mmd), else svg.")
  private Optional<GraphFormat> format = Optional.empty();

  @Override
  public Integer call() throws IOException {
    String drawing = format.orElseGet(() -> byName(output)).draw(network.find());
    if (output.isPresent()) {
      Files.writeString(output.get(), drawing);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.print(drawing);
      out.flush();
    }
    return ExitCode.OK;
  }

  /** Takes the formats in lower case. */
  private static final class FormatConverter implements ITypeConverter<GraphFormat> {
    @Override
    public GraphFormat convert(String text) {
      for (GraphFormat format : GraphFormat.values()) {
        if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
          return format;
        }
      }
      throw new TypeConversionException("must be svg, dot or mermaid, but is '" + text + "'");
    }
  }

  private static GraphFormat byName(Optional<Path> file) {
    String name = file.map(f -> f.toString().toLowerCase(Locale.ROOT)).orElse("");
    if (name.endsWith(".dot") || name.endsWith(".gv")) {
      return GraphFormat.DOT;
    }
    return name.endsWith(".mmd") || name.endsWith(".mermaid")
        ? GraphFormat.MERMAID
        : GraphFormat.SVG;
  }
}
