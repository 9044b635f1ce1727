package org.lamina.cli;

import java.util.Collection;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.lamina.tensor.Shape;

/** A bar on standard error that fills as tensors are read, if they are large and somebody looks. */
final class TransferProgress implements AutoCloseable {

  /** Fewer values are done before anybody could read a bar. */
  private static final long FEWEST = 8_000_000;

  private static final int MEGABYTE = 1 << 20;

  private final Optional<ProgressBar> bar;

  private TransferProgress(Optional<ProgressBar> bar) {
    this.bar = bar;
  }

  /** Returns a bar for reading tensors of these shapes, or an invisible one. */
  static TransferProgress of(String task, Collection<Shape> shapes, boolean quiet) {
    long values = shapes.stream().mapToLong(Shape::volume).sum();
    if (quiet || values < FEWEST || !Terminal.watchesErrors()) {
      return new TransferProgress(Optional.empty());
    }
    return new TransferProgress(
        Optional.of(
            new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(values * Float.BYTES)
                .setUnit(" MiB", MEGABYTE)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .build()));
  }

  /** So many more values were read. */
  void read(long values) {
    bar.ifPresent(shown -> shown.stepBy(values * Float.BYTES));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
