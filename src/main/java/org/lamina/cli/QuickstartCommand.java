package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.data.Preprocessor;
import org.lamina.data.source.Dataset;
import org.lamina.engine.Plan;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.train.Edits;
import org.lamina.train.Run;
import org.lamina.train.RunFolder;
import org.lamina.train.Trainer;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamina quickstart}: the whole journey in a minute, with nothing to download. */
@Command(
    name = "quickstart",
    description = {
      "Train a small AlexNet on drawn figures, in about a minute, on whatever device there is;",
      "then see what it makes of figures that it has never seen, and look at the report."
    })
final class QuickstartCommand implements Callable<Integer> {

  private static final String NETWORK = "quickstart";
  private static final int SHOWN = 8;

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "The run's folder. Default: runs/quickstart-<time>.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PLACE",
      defaultValue = "shapes:train=20000,test=2000",
      description = "The figures. Default: ${DEFAULT-VALUE}.")
  private String data;

  @Option(names = "--epochs", paramLabel = "N", description = "How often every figure is seen.")
  private Optional<Double> epochs = Optional.empty();

  @Option(names = "--no-open", description = "Do not open the report in a browser.")
  private boolean closed;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() {
    Map<String, Object> values = new LinkedHashMap<>();
    epochs.ifPresent(value -> values.put("epochs", value));
    Network network =
        device.lookingAround(
            () -> Edits.with(NetworkFile.find(NETWORK), "the command line", values));
    Device target = device.device();
    Run.Options options = new Run.Options(Runtime.getRuntime().availableProcessors());
    TrainingSession session = new TrainingSession(spec.commandLine(), device);
    try (Run run = Run.of(network, data, options, target);
        Beginning weights = Beginning.of(run, Optional.empty())) {
      session.announce(run, target, weights);
      Path path = out.orElseGet(() -> TrainCommand.folder("quickstart"));
      try (RunFolder folder = run.begin(path, weights.source().origin())) {
        Trainer.End end = session.train(run, folder, target, weights);
        if (end != Trainer.End.STOPPED) {
          show(run, folder, target);
          Browser.open(folder.path().resolve("report.html"), closed);
        }
      }
    }
    return ExitCode.OK;
  }

  /** Classifies some figures that the network has not been trained on. */
  private void show(Run run, RunFolder folder, Device target) {
    PrintWriter out = spec.commandLine().getOut();
    Dataset unseen = run.data().unseen().orElseThrow();
    Preprocessor preprocessor = Preprocessor.of(run.network());
    int classes = unseen.classes().size();
    Table table = new Table("unseen figure", "is", "looks like", ">probability", "");
    try (Session session = Session.open(target);
        Safetensors weights = Safetensors.open(folder.best());
        Plan plan = Plan.of(run.network(), session, 1, name -> weights.read(name).orElseThrow())) {
      for (int i = 0; i < Math.min(SHOWN, unseen.size()); i++) {
        plan.input().put(preprocessor.apply(unseen.read(i)));
        plan.run(1);
        float[] probabilities = new float[classes];
        plan.output().get(probabilities);
        int said = 0;
        for (int c = 1; c < classes; c++) {
          said = probabilities[c] > probabilities[said] ? c : said;
        }
        table.add(
            "no. " + i,
            unseen.classes().get(unseen.label(i)),
            unseen.classes().get(said),
            String.format(Locale.ROOT, "%.1f %%", 100 * probabilities[said]),
            said == unseen.label(i) ? "✓" : "✗");
      }
    }
    out.println();
    table.print(out, spec.commandLine().getColorScheme().ansi());
    out.flush();
  }
}
