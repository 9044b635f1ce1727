package org.lamina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.data.source.Dataset;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Splits;
import org.lamina.model.WeightFile;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.train.Evaluator;
import org.lamina.train.Mistakes.Mistake;
import org.lamina.train.Scoreboard;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lamina evaluate}: how well a network tells classes apart. */
@Command(
    name = "evaluate",
    description = {
      "Measure a network on pictures whose classes are known: how often it is right, class by class,",
      "and what it takes for what. Of data in parts, the part for validation or testing is taken."
    })
final class EvaluateCommand implements Callable<Integer> {

  private static final int DEFAULT_BATCH = 32;
  private static final int MOST_CLASSES_IN_A_MATRIX = 20;

  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private NetworkArgument network;

  @Mixin private WeightsOption weights;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PLACE",
      description = "Pictures with labels, as for 'lamina train'.")
  private String data;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Which part of the data: train, validation or test. Default: what is unseen.")
  private Optional<String> part = Optional.empty();

  @Option(
      names = "--ten-crop",
      description = "Average ten views of every picture: corners, centre and their mirror images.")
  private boolean tenCrop;

  @Option(
      names = "--worst",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many of the worst mistakes are listed. Default: 5.")
  private int worst;

  @Mixin private BatchOption batch;
  @Mixin private DeviceOption device;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Network described = device.lookingAround(() -> network.find());
    WeightFile file = weights.of(network);
    try (Splits splits = Datasets.open(data)) {
      Dataset dataset = part(splits);
      Evaluator.Result result = measure(described, file, dataset);
      if (json) {
        Json.print(spec.commandLine().getOut(), object(described, file, dataset, result));
      } else {
        print(dataset, result);
      }
    }
    return ExitCode.OK;
  }

  private Dataset part(Splits splits) {
    if (part.isEmpty()) {
      return splits.unseen().orElse(splits.train());
    }
    Optional<Dataset> chosen =
        switch (part.get()) {
          case "train" -> Optional.of(splits.train());
          case "validation" -> splits.validation();
          case "test" -> splits.test();
          default ->
              throw new ParameterException(
                  spec.commandLine(),
                  "--part must be train, validation or test, but is '" + part.get() + "'");
        };
    return chosen.orElseThrow(
        () ->
            new ParameterException(
                spec.commandLine(), "%s has no part '%s'".formatted(data, part.get())));
  }

  private Evaluator.Result measure(Network described, WeightFile from, Dataset dataset) {
    Device target = device.device();
    if (!json) {
      device.announce(
          target, spec.commandLine().getErr(), spec.commandLine().getColorScheme().ansi());
    }
    try (BuildProgress building = device.progress(spec.commandLine().getErr());
        TensorFile file = from.open(described);
        Session session = Session.open(target, SessionOptions.defaults().withOnBuild(building))) {
      Weights.check(described, file);
      int threads = Runtime.getRuntime().availableProcessors();
      try (Evaluator evaluator =
              new Evaluator(
                  described,
                  session,
                  name -> file.read(name).orElseThrow(),
                  batch.orElse(DEFAULT_BATCH),
                  tenCrop,
                  threads);
          PhotoProgress progress = PhotoProgress.of(dataset.size(), device.quiet())) {
        requireClasses(evaluator, dataset);
        building.done();
        return evaluator.measure(
            dataset,
            worst,
            progress::stepTo,
            warning -> progress.aside(() -> Failures.print(spec.commandLine(), warning)));
      }
    }
  }

  private void requireClasses(Evaluator evaluator, Dataset dataset) {
    if (evaluator.classes() != dataset.classes().size()) {
      throw new ParameterException(
          spec.commandLine(),
          "the network tells %d classes apart, but %s has %d"
              .formatted(evaluator.classes(), dataset.name(), dataset.classes().size()));
    }
  }

  private void print(Dataset dataset, Evaluator.Result result) {
    var out = spec.commandLine().getOut();
    var ansi = spec.commandLine().getColorScheme().ansi();
    Scoreboard scores = result.scores();
    out.println(
        "%s: %s%s"
            .formatted(
                dataset.name(),
                Units.plural(scores.samples(), "picture"),
                tenCrop ? ", ten crops of each" : ""));
    out.println(
        "top-1 %s, top-5 %s, mean loss %.4f"
            .formatted(
                Table.style(ansi, "1", percent(scores.accuracy())),
                percent(scores.top5()),
                scores.loss()));
    out.println();
    new EvaluationTables(scores, dataset.classes()).print(out, ansi, MOST_CLASSES_IN_A_MATRIX);
    for (Mistake mistake : result.mistakes().list()) {
      out.println(
          "worst: %s is %s, was taken for %s (%s)"
              .formatted(
                  dataset.sample(mistake.sample()),
                  dataset.classes().get(mistake.label()),
                  dataset.classes().get(mistake.said()),
                  percent(mistake.probability())));
    }
    out.flush();
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private Map<String, Object> object(
      Network described, WeightFile file, Dataset dataset, Evaluator.Result result) {
    Scoreboard scores = result.scores();
    List<Object> classes = new ArrayList<>();
    for (int c = 0; c < scores.classes(); c++) {
      List<Long> row = new ArrayList<>();
      for (int said = 0; said < scores.classes(); said++) {
        row.add(scores.confusion(c, said));
      }
      classes.add(
          Json.object(
              "name", dataset.classes().get(c), "samples", scores.samplesOf(c), "said", row));
    }
    return Json.object(
        "network", described.name(),
        "weights", file.toString(),
        "data", dataset.name(),
        "ten_crop", tenCrop,
        "samples", scores.samples(),
        "unreadable", result.unreadable(),
        "top1", scores.accuracy(),
        "top5", scores.top5(),
        "loss", scores.loss(),
        "classes", classes);
  }
}
