package org.lamina.cli;

import java.util.Optional;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.lamina.engine.Tuner;

/** A bar on standard error that fills as layers are measured, if somebody is watching. */
final class TuneProgress implements Consumer<Tuner.Progress>, AutoCloseable {

  private static final int PERCENT = 100;

  private final Optional<ProgressBar> bar;
  private String layer = "";

  /** Makes a bar, or an invisible one. */
  TuneProgress(boolean quiet) {
    bar =
        quiet || !Terminal.watchesErrors()
            ? Optional.empty()
            : Optional.of(
                new ProgressBarBuilder()
                    .setTaskName("tuning")
                    .setInitialMax(PERCENT)
                    .setUnit(" %", 1)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .clearDisplayOnFinish()
                    .build());
  }

  /** Told what is tried. */
  @Override
  public void accept(Tuner.Progress now) {
    layer = now.layer() + " by " + now.algorithm();
    bar.ifPresent(
        shown -> shown.stepTo(Math.round(PERCENT * now.share())).setExtraMessage(" " + layer));
  }

  /** Told the name of each kernel file before it is built. */
  void building(String file) {
    bar.ifPresent(shown -> shown.setExtraMessage(" " + layer + ", building " + file));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
