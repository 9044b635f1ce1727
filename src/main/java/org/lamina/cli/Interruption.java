package org.lamina.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.lamina.train.Trainer;

/**
 * What happens when the process is told to end (Ctrl-C, SIGTERM) during a training: the step that
 * is under way is finished and a checkpoint written before it does.
 */
final class Interruption {

  private Interruption() {}

  /**
   * Trains to the end, or until the process is told to end.
   *
   * @param afterwards what is done before the process may end
   */
  static Trainer.End guarded(Trainer trainer, Consumer<Trainer.End> afterwards) {
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(trainer, finished), "lamina-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Trainer.End end = trainer.run();
      afterwards.accept(end);
      return end;
    } finally {
      finished.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending: the hook is running, and ends by itself now.
      }
    }
  }

  private static void stop(Trainer trainer, CountDownLatch finished) {
    trainer.stop();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
