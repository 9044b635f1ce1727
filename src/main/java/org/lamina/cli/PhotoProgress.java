package org.lamina.cli;

import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error that fills as photos are done, if somebody is watching. */
final class PhotoProgress implements AutoCloseable {

  /** Fewer are done before anybody could read a bar. */
  private static final int FEWEST = 8;

  private final Optional<ProgressBar> bar;

  private PhotoProgress(Optional<ProgressBar> bar) {
    this.bar = bar;
  }

  /** Returns a bar for this many photos, or an invisible one. */
  static PhotoProgress of(int photos, boolean quiet) {
    if (quiet || photos < FEWEST || !Terminal.watchesErrors()) {
      return new PhotoProgress(Optional.empty());
    }
    return new PhotoProgress(
        Optional.of(
            new ProgressBarBuilder()
                .setTaskName("photos")
                .setInitialMax(photos)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .build()));
  }

  /** One more photo is done. */
  void step() {
    bar.ifPresent(ProgressBar::step);
  }

  /** So many photos are done. */
  void stepTo(long photos) {
    bar.ifPresent(shown -> shown.stepTo(photos));
  }

  /** Prints something else over the bar, which comes back below it. */
  void aside(Runnable print) {
    if (bar.isPresent()) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
    print.run();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
