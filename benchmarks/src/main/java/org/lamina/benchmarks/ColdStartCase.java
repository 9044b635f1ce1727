package org.lamina.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.lamina.network.Network;
import org.lamina.yaml.NetworkFile;

/**
 * A process that has never seen a kernel, from its start to the end of the first run.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param goal seconds
 */
record ColdStartCase(String name, String network, Goal goal) implements Case {

  @Override
  public String work() {
    return network + ", start to first result without any cache";
  }

  @Override
  public String peer() {
    return "–";
  }

  @Override
  public Row run(Settings settings) {
    Network described = NetworkFile.find(network);
    Path weights = new Models(settings.models()).weights(described);
    try {
      Path caches = Files.createTempDirectory("lamina-cold");
      try {
        double cold = seconds(weights, caches);
        double warm = seconds(weights, caches);
        Goal unit = goal();
        return row(
            new Row.Result(cold, unit.write(cold), "", Double.NaN, Double.NaN, 1),
            "with the caches it has filled: " + unit.write(warm));
      } finally {
        delete(caches);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double seconds(Path weights, Path caches) {
    ProcessBuilder builder =
        Processes.java(List.of(), FirstResult.class, network, weights.toString());
    builder.environment().put("LAMINA_CACHE", caches.resolve("lamina").toString());
    builder.environment().put("POCL_CACHE_DIR", caches.resolve("pocl").toString());
    long start = System.nanoTime();
    Processes.output(builder);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
