package org.lamina.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.train.Edits;
import org.lamina.train.Run;
import org.lamina.train.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina train}: from a network and pictures to weights. */
@Command(
    name = "train",
    description = {
      "Train a network on pictures, by the recipe in its file.",
      "Everything that is known about the run is kept in a folder. Ctrl-C ends it after the step"
          + " that is under way; --resume goes on, with the same result as if nothing had happened."
    })
final class TrainCommand implements Callable<Integer> {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NETWORK",
      description =
          "A network file (….yaml), or the name of a network that comes with Lamina. Not with --resume.")
  private Optional<String> name = Optional.empty();

  @Mixin private NetworkChanges changes;

  @Option(
      names = "--data",
      paramLabel = "PLACE",
      description = {
        "Pictures with labels: a folder with a folder for each class, MNIST or CIFAR files, a tar,",
        "shards of 'lamina pack', or 'shapes', which are drawn. With --resume: where they are now."
      })
  private Optional<String> data = Optional.empty();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "The run's folder. Default: runs/<network>-<time>.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the run in a folder.")
  private Optional<Path> resume = Optional.empty();

  @Option(
      names = "--finetune",
      paramLabel = "WEIGHTS",
      description = {
        "Begin with weights of another training: layers of the same name and shape are taken,",
        "the others begin anew, such as a head for other classes."
      })
  private Optional<Path> finetune = Optional.empty();

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description = "Leave layers or parameters as they are: 'conv*'. May be repeated.")
  private List<String> freeze = List.of();

  @Option(names = "--epochs", paramLabel = "N", description = "How often every sample is seen.")
  private Optional<Double> epochs = Optional.empty();

  @Option(names = "--steps", paramLabel = "N", description = "How many steps there are.")
  private Optional<Long> steps = Optional.empty();

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      description = "Samples in a step; 'auto' for as many as the device takes.")
  private Optional<String> batch = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Where random numbers come from.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode pictures; they do not change the result. Default: all.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--dry-run",
      description = "Write nothing; say what would happen, with memory and time.")
  private boolean dryRun;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() {
    if (resume.isPresent()) {
      return resume(resume.get());
    }
    String network = name.orElseThrow(() -> usage("which network? or --resume a run's folder"));
    if (data.isEmpty()) {
      throw usage("which pictures? --data PLACE, for example --data shapes");
    }
    Network described = device.lookingAround(() -> described(network));
    Device target = device.device();
    try (Run run = Run.of(described, data.get(), options(), target);
        Beginning weights = Beginning.of(run, finetune)) {
      new TrainingSession(spec.commandLine(), device).announce(run, target, weights);
      if (dryRun) {
        return DryRun.of(run, target, weights, spec.commandLine(), device)
            .print(spec.commandLine());
      }
      Path path = out.orElseGet(() -> folder(described.name()));
      try (RunFolder folder = run.begin(path, weights.source().origin())) {
        new TrainingSession(spec.commandLine(), device).train(run, folder, target, weights);
        return ExitCode.OK;
      }
    }
  }

  private Integer resume(Path path) {
    if (name.isPresent() || out.isPresent() || finetune.isPresent() || dryRun) {
      throw usage("--resume takes the network, the weights and the folder from the run");
    }
    Device target = device.device();
    try (RunFolder folder = RunFolder.open(path);
        Run run = Run.resume(folder, data, options().threads(), target)) {
      try (Beginning weights = Beginning.of(run, Optional.empty())) {
        new TrainingSession(spec.commandLine(), device).train(run, folder, target, weights);
        return ExitCode.OK;
      }
    }
  }

  private Network described(String network) {
    Network found = changes.find(network, data.get());
    Map<String, Object> values = new LinkedHashMap<>();
    epochs.ifPresent(value -> values.put("epochs", value));
    steps.ifPresent(value -> values.put("steps", value));
    batch.ifPresent(value -> values.put("batch", value.equals("auto") ? value : number(value)));
    seed.ifPresent(value -> values.put("seed", value));
    if (!freeze.isEmpty()) {
      values.put("freeze", freeze);
    }
    return Edits.with(found, "the command line", values);
  }

  private double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw usage("--batch must be a number or auto, but is '" + text + "'");
    }
  }

  private Run.Options options() {
    int count = threads.orElse(Runtime.getRuntime().availableProcessors());
    if (count < 1) {
      throw usage("--threads must be at least 1, but is " + count);
    }
    return new Run.Options(count);
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  /** Returns a folder that does not exist yet. */
  static Path folder(String name) {
    String stamp = name + "-" + LocalDateTime.now().format(STAMP);
    Path folder = Path.of("runs", stamp);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("runs", stamp + "-" + i);
    }
    return folder;
  }
}
