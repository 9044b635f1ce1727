package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.lamina.engine.Trace;
import org.lamina.formats.TensorFiles;
import org.lamina.model.InputException;
import org.lamina.model.Model;
import org.lamina.model.ModelOptions;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.SessionOptions;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Npy;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamina run}: raw tensors in, the results of any layers out. */
@Command(
    name = "run",
    description = {
      "Run tensors through a network and write the results of its outputs, or of any layers.",
      "Tensors are [N, C, H, W], or [C, H, W] for one image."
    })
final class RunCommand implements Callable<Integer> {

  private static final int LARGEST_DEFAULT_BATCH = 16;

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Mixin private WeightsOption weights;

  @Option(
      names = {"-i", "--input"},
      required = true,
      paramLabel = "FILE",
      description = {
        "The input: a safetensors or .npz file with a tensor for each network input,",
        "by its name (any name if there is one of each), or an .npy file."
      })
  private Path input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The safetensors file to write; it appears whole or not at all.")
  private Path output;

  @Option(
      names = {"-l", "--layers"},
      split = ",",
      paramLabel = "LAYER",
      description = "Layers whose results are written. Default: the network's outputs.")
  private List<String> layers = List.of();

  @Mixin private BatchOption batch;
  @Mixin private PrecisionOption precision;
  @Mixin private DeviceOption device;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write what happened when, for about:tracing or ui.perfetto.dev.")
  private Optional<Path> trace = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Network described = device.lookingAround(() -> network.find());
    layers.forEach(described::node);
    Map<String, Tensor> inputs = inputs(described);
    Device target = device.device();
    PrintWriter err = spec.commandLine().getErr();
    if (!json) {
      device.announce(target, err, spec.commandLine().getColorScheme().ansi());
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    Trace events = new Trace();
    long start = System.nanoTime();
    try (BuildProgress progress = device.progress(err);
        TensorFile file = weights.of(network).open(described);
        Model model = Model.open(described, file, options(target, inputs, progress))) {
      events.host("open the device, load weights, build kernels", start);
      if (trace.isPresent()) {
        model.record(events);
      }
      results.putAll(model.run(inputs));
    }
    if (trace.isPresent()) {
      TraceFile.write(trace.get(), described.name(), target.name(), events);
    }
    if (!layers.isEmpty()) {
      results.keySet().retainAll(layers);
    }
    Safetensors.write(output, results);
    report(described, target, results);
    return ExitCode.OK;
  }

  private ModelOptions options(Device target, Map<String, Tensor> inputs, BuildProgress progress) {
    int images =
        inputs.values().stream()
            .mapToInt(t -> t.shape().rank() == 4 ? t.shape().extent(0) : 1)
            .max()
            .orElse(1);
    Set<String> keep = new LinkedHashSet<>(layers);
    return precision.in(
        ModelOptions.defaults()
            .withDevice(target)
            .withBatch(batch.orElse(Math.max(1, Math.min(images, LARGEST_DEFAULT_BATCH))))
            .withKeep(keep)
            .withSession(
                SessionOptions.defaults().withProfiling(trace.isPresent()).withOnBuild(progress)));
  }

  private Map<String, Tensor> inputs(Network described) {
    Optional<String> only =
        Optional.of(described.inputs().keySet().iterator().next())
            .filter(name -> described.inputs().size() == 1);
    if (input.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      String name =
          only.orElseThrow(
              () ->
                  new InputException(
                      "%s: an .npy file holds one tensor, but network '%s' has the inputs %s; use a safetensors file"
                          .formatted(input, described.name(), described.inputs().keySet())));
      return Map.of(name, Npy.read(input));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (TensorFile file = TensorFiles.open(input)) {
      for (String name : file.shapes().keySet()) {
        tensors.put(name, file.read(name).orElseThrow());
      }
    }
    if (only.isPresent() && tensors.size() == 1) {
      return Map.of(only.get(), tensors.values().iterator().next());
    }
    return tensors;
  }

  private void report(Network described, Device target, Map<String, Tensor> results) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      List<Object> tensors = new ArrayList<>();
      results.forEach(
          (name, tensor) -> tensors.add(object("name", name, "shape", tensor.shape().extents())));
      Json.print(
          out,
          object(
              "network", described.name(),
              "device", target.name(),
              "output", output.toString(),
              "tensors", tensors));
    } else if (!device.quiet()) {
      Table table = new Table("tensor", "shape");
      results.forEach((name, tensor) -> table.add(name, tensor.shape().toString()));
      table.print(out, spec.commandLine().getColorScheme().ansi());
      out.println("written to " + output);
      out.flush();
    }
  }
}
