package org.lamina.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.lamina.opencl.Device;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Which device a command uses, and whether it says so. */
final class DeviceOption {

  @Option(
      names = {"-d", "--device"},
      paramLabel = "DEVICE",
      description = {
        "Where to run: an index that 'lamina devices' lists, a part of a name, cpu or gpu.",
        "Default: the best device that is there."
      })
  private Optional<String> selector = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing on standard error but errors.")
  private boolean quiet;

  /** Returns whether nothing but errors is to be said. */
  boolean quiet() {
    return quiet;
  }

  /** Returns whether the user chose a device. */
  boolean given() {
    return selector.isPresent();
  }

  /**
   * Does something while the drivers are asked for their devices, which takes a tenth of a second,
   * and returns its result. Waits for the drivers in any case: a process must not end while one is
   * being loaded.
   */
  <T> T lookingAround(Supplier<T> meanwhile) {
    CompletableFuture<Void> devices =
        CompletableFuture.runAsync(Device::all).exceptionally(e -> null); // told by device()
    try {
      return meanwhile.get();
    } finally {
      devices.join();
    }
  }

  /** Returns the device that the user chose, or else the best one. */
  Device device() {
    return selector.map(Device::select).orElseGet(Device::best);
  }

  /** Prints which device is used. */
  void announce(Device device, PrintWriter err, Ansi ansi) {
    if (!quiet) {
      err.println(Table.style(ansi, "2", "on " + device));
      err.flush();
    }
  }

  /** Returns what reports the building of kernels. */
  BuildProgress progress(PrintWriter err) {
    return new BuildProgress(err, Terminal.watchesErrors(), quiet);
  }
}
