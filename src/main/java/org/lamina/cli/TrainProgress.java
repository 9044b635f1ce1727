package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.lamina.train.Run;
import org.lamina.train.RunFolder;
import org.lamina.train.Scoreboard;
import org.lamina.train.Trainer;
import org.lamina.train.TrainingListener;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * How a training goes on: a bar on a terminal, a line for every evaluation anywhere, and a summary
 * at the end.
 */
final class TrainProgress implements TrainingListener, AutoCloseable {

  private final CommandLine command;
  private final Run run;
  private final boolean quiet;
  private final Runnable onFirstStep;
  private final long begin = System.nanoTime();
  private Optional<ProgressBar> bar = Optional.empty();
  private Optional<StepDone> latest = Optional.empty();
  private Optional<Evaluated> lastEvaluation = Optional.empty();
  private Optional<Evaluated> best = Optional.empty();

  /**
   * Makes a progress report.
   *
   * @param onFirstStep called when the first step is done: the kernels have been built
   */
  TrainProgress(CommandLine command, Run run, boolean quiet, Runnable onFirstStep) {
    this.command = command;
    this.run = run;
    this.quiet = quiet;
    this.onFirstStep = onFirstStep;
  }

  /** Says where the training goes on, if it has begun before. */
  void begin(Trainer trainer) {
    if (trainer.step() > 0) {
      line("goes on after step %,d of %,d".formatted(trainer.step(), trainer.steps()));
    }
  }

  @Override
  public void step(StepDone step) {
    if (latest.isEmpty()) {
      onFirstStep.run();
      openBar(step);
    }
    latest = Optional.of(step);
    bar.ifPresent(
        shown -> {
          shown.stepTo(step.number());
          shown.setExtraMessage(message(step));
        });
  }

  private void openBar(StepDone step) {
    if (!quiet && Terminal.watchesErrors()) {
      bar =
          Optional.of(
              new ProgressBarBuilder()
                  .setTaskName("training")
                  .setInitialMax(step.last())
                  .startsFrom(step.number() - 1, Duration.ZERO)
                  .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                  .setConsumer(new ConsoleProgressBarConsumer(System.err))
                  .setUpdateIntervalMillis(250)
                  .clearDisplayOnFinish()
                  .build());
    }
  }

  private String message(StepDone step) {
    return String.format(
        Locale.ROOT,
        " epoch %.1f · loss %.3f · %.1f %% · %,.0f images/s · %s · data wait %.0f %%",
        step.epoch(),
        step.loss(),
        100 * step.accuracy(),
        step.imagesPerSecond(),
        Units.bytes(run.bytes()),
        100 * step.waiting());
  }

  @Override
  public void evaluated(Evaluated evaluation) {
    lastEvaluation = Optional.of(evaluation);
    if (evaluation.best()) {
      best = lastEvaluation;
    }
    String speed =
        latest.map(step -> "%,.0f images/s".formatted(step.imagesPerSecond())).orElse("");
    line(
        String.format(
            Locale.ROOT,
            "epoch %6.2f  loss %.4f  %s  %s%s",
            evaluation.epoch(),
            latest.map(StepDone::loss).orElse(Double.NaN),
            scores(evaluation.scores()),
            speed,
            evaluation.best() ? "  best" : ""));
  }

  private static String scores(Scoreboard scores) {
    return scores.samples() == 0
        ? "no validation set"
        : String.format(
            Locale.ROOT, "validation: loss %.4f, %.2f %%", scores.loss(), 100 * scores.accuracy());
  }

  @Override
  public void warning(String message) {
    if (!quiet) {
      aside(() -> command.getErr().println("warning: " + message));
    }
  }

  private void line(String text) {
    if (!quiet) {
      aside(() -> command.getErr().println(text));
    }
  }

  private void aside(Runnable print) {
    if (bar.isPresent()) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
    print.run();
    command.getErr().flush();
  }

  /** Prints how it ended and what can be done now. */
  void finish(Trainer.End end, Trainer trainer, RunFolder folder) {
    close();
    PrintWriter out = command.getOut();
    Ansi ansi = command.getColorScheme().ansi();
    double seconds = (System.nanoTime() - begin) / 1e9;
    Path path = folder.path();
    out.println(
        String.format(
            Locale.ROOT,
            "%s after %,d steps, %s",
            Table.style(ansi, "1", sentence(end)),
            trainer.step(),
            Units.duration(seconds)));
    best.ifPresent(
        found ->
            out.println("best: epoch %.2f, ".formatted(found.epoch()) + scores(found.scores())));
    if (end == Trainer.End.STOPPED || end == Trainer.End.TIME) {
      out.println("go on with: lamina train --resume " + path);
    } else {
      out.println("use it with: lamina classify %s PICTURE".formatted(folder.network()));
    }
    out.flush();
  }

  private static String sentence(Trainer.End end) {
    return switch (end) {
      case COMPLETE -> "done";
      case EARLY_STOP -> "ended early, nothing became better any more,";
      case PLATEAU -> "ended, the learning rate had been lowered as often as it may,";
      case TIME -> "ended, the time was up,";
      case STOPPED -> "stopped";
    };
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
