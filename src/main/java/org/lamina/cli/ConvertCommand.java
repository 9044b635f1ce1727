package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamina.formats.SelectedTensors;
import org.lamina.formats.TensorFiles;
import org.lamina.formats.TensorWriters;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WatchedSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina convert}: the same tensors in a file of another format. */
@Command(
    name = "convert",
    description = {
      "Write the tensors of a file of any known format as safetensors, .npz or .npy.",
      "Names and shapes stay; tensors of integers are left out, and said to be."
    })
final class ConvertCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "FROM", description = "The file to read.")
  private Path from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description =
          "The file to write: .safetensors, .npz, or .npy for a single tensor. It appears whole or"
              + " not at all.")
  private Path to;

  @Mixin private TypeOption type;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but errors.")
  private boolean quiet;

  @Override
  public Integer call() {
    if (!TensorWriters.writes(to)) {
      throw new ParameterException(
          spec.commandLine(),
          "TO must end in one of " + String.join(", ", TensorWriters.ENDINGS) + ", but is " + to);
    }
    try (TensorFile file = TensorFiles.open(from)) {
      Map<String, ElementType> types = file.types();
      List<String> floats =
          types.keySet().stream().filter(name -> types.get(name).readable()).toList();
      TensorFile chosen = SelectedTensors.of(file, floats);
      try (TransferProgress progress =
          TransferProgress.of("converting", chosen.shapes().values(), quiet)) {
        TensorWriters.write(to, new WatchedSource(chosen, progress::read), type.get());
      }
      if (!quiet) {
        report(file, chosen);
      }
    }
    return ExitCode.OK;
  }

  private void report(TensorFile file, TensorFile chosen) {
    PrintWriter out = spec.commandLine().getOut();
    file.shapes().keySet().stream()
        .filter(name -> !chosen.shapes().containsKey(name))
        .forEach(
            name ->
                out.printf("left out: %s (%s)%n", Printable.text(name), file.types().get(name)));
    long values = chosen.shapes().values().stream().mapToLong(Shape::volume).sum();
    out.printf(
        "%s, %s: %s → %s%n",
        Units.plural(chosen.shapes().size(), "tensor"),
        Units.plural(values, "value"),
        file.format(),
        to);
    out.flush();
  }
}
