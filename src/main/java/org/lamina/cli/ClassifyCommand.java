package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.data.ImageException;
import org.lamina.data.ImageFiles;
import org.lamina.model.Classification;
import org.lamina.model.Classifier;
import org.lamina.model.ModelOptions;
import org.lamina.model.Photos;
import org.lamina.model.Prediction;
import org.lamina.model.WeightFile;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.SessionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina classify}: what photos show. */
@Command(
    name = "classify",
    description = {
      "Say what photos show: the most probable classes of each.",
      "A photo that cannot be read is reported, the others are classified, and 4 is returned."
    })
final class ClassifyCommand implements Callable<Integer> {

  private static final int LARGEST_DEFAULT_BATCH = 16;

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "JPEG, PNG, GIF or BMP files, or folders of them.")
  private List<Path> images = List.of();

  @Mixin private WeightsOption weights;

  @Option(
      names = {"-t", "--top"},
      paramLabel = "K",
      defaultValue = "5",
      description = "How many classes are shown. Default: 5.")
  private int top;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = {
        "The names of the classes, one on each line.",
        "Default: <weights>.labels.txt or labels.txt beside the weights."
      })
  private Optional<Path> labels = Optional.empty();

  @Mixin private BatchOption batch;
  @Mixin private PrecisionOption precision;
  @Mixin private DeviceOption device;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  private final List<Object> objects = new ArrayList<>();
  private int problems;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top must be at least 1, but is " + top);
    }
    Network described = device.lookingAround(() -> network.find());
    WeightFile file = weights.of(network);
    List<Path> files = files();
    // Photos are decoded while the device is opened.
    try (Photos photos = Photos.of(described, files)) {
      classify(described, file, photos);
    }
    if (json) {
      Json.print(spec.commandLine().getOut(), objects);
    }
    return problems == 0 ? ExitCode.OK : ExitCode.DATA;
  }

  /** Returns the files that are named and those in folders; a folder without any is a problem. */
  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path image : images) {
      if (!Files.isDirectory(image)) {
        files.add(image); // also one that does not exist: it is reported in its turn
        continue;
      }
      try {
        files.addAll(ImageFiles.expand(List.of(image)));
      } catch (ImageException e) {
        report(e.getMessage());
      }
    }
    return files;
  }

  private void report(String problem) {
    problems++;
    Failures.print(spec.commandLine(), problem);
  }

  private void classify(Network described, WeightFile file, Photos photos) {
    Device target = device.device();
    PrintWriter err = spec.commandLine().getErr();
    if (!json) {
      device.announce(target, err, ansi());
    }
    try (BuildProgress building = device.progress(err);
        Classifier classifier =
            Classifier.open(described, file, options(target, photos.count(), building))) {
      building.done();
      try (PhotoProgress progress = PhotoProgress.of(photos.count(), device.quiet())) {
        classifier.classify(photos, top, result -> take(result, progress));
      }
    }
  }

  private ModelOptions options(Device target, int photos, BuildProgress building) {
    int images = batch.orElse(Math.max(1, Math.min(photos, LARGEST_DEFAULT_BATCH)));
    ModelOptions options =
        ModelOptions.defaults()
            .withDevice(target)
            .withBatch(images)
            .withSession(SessionOptions.defaults().withOnBuild(building));
    return precision.in(labels.map(options::withLabels).orElse(options));
  }

  private Ansi ansi() {
    return spec.commandLine().getColorScheme().ansi();
  }

  private void take(Classification result, PhotoProgress progress) {
    progress.step();
    if (result.problem().isPresent()) {
      progress.aside(() -> report(result.problem().get()));
    } else if (json) {
      objects.add(json(result));
    } else {
      progress.aside(() -> print(result));
    }
  }

  private static Object json(Classification result) {
    List<Object> predictions = new ArrayList<>();
    for (Prediction prediction : result.predictions()) {
      predictions.add(
          object(
              "index", prediction.index(),
              "label", prediction.label(),
              "probability", prediction.probability()));
    }
    return object("image", result.image().toString(), "predictions", predictions);
  }

  private void print(Classification result) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Table.style(ansi(), "1", result.image().toString()));
    boolean first = true;
    for (Prediction prediction : result.predictions()) {
      String line =
          String.format(Locale.ROOT, "  %.4f  %s", prediction.probability(), prediction.label());
      out.println(first ? Table.style(ansi(), "32", line) : line);
      first = false;
    }
    out.flush();
  }
}
