package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.yaml.NetworkFile;

/** What training takes of a device's memory, and what is said where there is too little. */
class TrainingMemoryTest {

  private static TrainingSchedule schedule(Network network, int batch) {
    TrainingOptions options = TrainingOptions.of(network, batch);
    return TrainingSchedule.of(network, Family.cpu(8), options, Long.MAX_VALUE);
  }

  @Test
  void tooLittleMemoryIsExplained() {
    Network network = NetworkFile.find("alexnet-32");
    TrainingSchedule schedule = schedule(network, 64);
    long optimiser = schedule.trained().floats() * Float.BYTES;
    long enough = schedule.bytes() + optimiser;
    InsufficientMemoryException.check(schedule, optimiser, "a device", enough, enough);
    InsufficientMemoryException error =
        assertThrows(
            InsufficientMemoryException.class,
            () ->
                InsufficientMemoryException.check(
                    schedule, optimiser, "a device", enough / 2, enough));
    int fits = error.largestBatch();
    assertTrue(schedule(network, fits).bytes() + optimiser <= enough / 2);
    assertTrue(schedule(network, fits + 1).bytes() + optimiser > enough / 2);
    String number = "[0-9,.]+ MiB";
    assertTrue(
        error
            .getMessage()
            .matches(
                ("training 'alexnet-32' with batch 64 needs # \\(# for activations and their"
                        + " gradients, # for parameters, # for the optimiser\\), but a device has"
                        + " # \\(at most # in one piece\\); the largest layers are \\S+ #, \\S+ #,"
                        + " \\S+ #; the largest batch that fits is "
                        + fits
                        + "; 'accumulate' makes a larger one of parts; with 'recompute: on' it"
                        + " needs #")
                    .replace("#", number)),
        error.getMessage());
    InsufficientMemoryException none =
        assertThrows(
            InsufficientMemoryException.class,
            () -> InsufficientMemoryException.check(schedule, 0, "a device", 100, enough));
    assertEquals(0, none.largestBatch());
    assertTrue(
        none.getMessage()
            .contains("; not even one image fits: take another device or a smaller network"),
        none.getMessage());
  }

  @Test
  void oneAllocationMayBeTooLarge() {
    Network network = NetworkFile.find("alexnet-32");
    TrainingSchedule schedule = schedule(network, 64);
    long bytes = schedule.bytes();
    InsufficientMemoryException error =
        assertThrows(
            InsufficientMemoryException.class,
            () ->
                InsufficientMemoryException.check(
                    schedule,
                    0,
                    "a device",
                    bytes,
                    TrainingMemory.largestAllocation(schedule) - 1));
    assertTrue(error.largestBatch() > 0);
  }
}
