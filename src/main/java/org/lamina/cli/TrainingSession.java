package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.tensor.Tensor;
import org.lamina.train.Evaluator;
import org.lamina.train.Run;
import org.lamina.train.RunFolder;
import org.lamina.train.Trainer;
import org.lamina.train.report.Report;
import org.lamina.weights.Safetensors;
import picocli.CommandLine;

/** A training as commands carry it out: told of on the way, and stopped with care. */
final class TrainingSession {

  private static final int BATCH = 32;

  private final CommandLine command;
  private final DeviceOption device;

  TrainingSession(CommandLine command, DeviceOption device) {
    this.command = command;
    this.device = device;
  }

  /** Says what is going to be trained, on what. */
  void announce(Run run, Device target, Beginning weights) {
    if (device.quiet()) {
      return;
    }
    PrintWriter err = command.getErr();
    device.announce(target, err, command.getColorScheme().ansi());
    err.println(
        "%s: %s parameters; %s"
            .formatted(run.network().name(), Units.count(run.network().parameters()), run.data()));
    err.println(
        "%s, batch %d, %s; %s of device memory"
            .formatted(
                run.recipe().length(),
                run.batch(),
                Units.plural(run.steps(), "step"),
                Units.bytes(run.bytes())));
    if (run.recomputes()) {
      err.println("results of layers are worked out again on the way back: recompute");
    }
    weights.notes().forEach(err::println);
    err.flush();
  }

  /** Trains to the end, or until the user has enough, and writes the report. */
  Trainer.End train(Run run, RunFolder folder, Device target, Beginning weights) {
    try (BuildProgress building = device.progress(command.getErr());
        Session session = Session.open(target, SessionOptions.defaults().withOnBuild(building))) {
      Trainer.End end;
      try (TrainProgress progress =
              new TrainProgress(command, run, device.quiet(), building::done);
          Trainer trainer = run.trainer(session, folder, weights::parameter, progress)) {
        progress.begin(trainer);
        end = Interruption.guarded(trainer, how -> progress.finish(how, trainer, folder));
      }
      if (end != Trainer.End.STOPPED) {
        report(run, folder, session);
      }
      return end;
    }
  }

  /** Looks once more at the unseen samples, with the best weights, and writes the report. */
  private void report(Run run, RunFolder folder, Session session) {
    Path best = Files.exists(folder.best()) ? folder.best() : folder.last();
    try (Safetensors weights = Safetensors.open(best)) {
      Function<String, Tensor> parameters = name -> weights.read(name).orElseThrow();
      Optional<Evaluator.Result> result = Optional.empty();
      if (run.data().unseen().isPresent()) {
        try (Evaluator evaluator =
            new Evaluator(
                run.network(),
                session,
                parameters,
                BATCH,
                run.recipe().evaluation().crops() > 1,
                Runtime.getRuntime().availableProcessors())) {
          result =
              Optional.of(
                  evaluator.measure(
                      run.data().unseen().get(), Report.MISTAKES, done -> {}, warning -> {}));
        }
      }
      Path page = Report.write(run, folder, parameters, result);
      command.getOut().println("report: " + page);
      command.getOut().flush();
    }
  }
}
