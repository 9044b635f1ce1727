package org.lamina.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.lamina.network.Network;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.SeededWeights;
import org.lamina.yaml.NetworkFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code lamina rehearse}: goes once through what the commands do, on a network of no size. For
 * {@code java -XX:ArchiveClassesAtExit}, whose archive then holds the classes that later starts
 * need.
 */
@Command(
    name = RehearseCommand.NAME,
    hidden = true,
    description = "Go once through what the commands do, for the JVM's class archive.")
final class RehearseCommand implements Callable<Integer> {

  static final String NAME = "rehearse";

  private static final String NETWORK =
      """
      network: rehearsal
      inputs: {data: {shape: [3, 8, 8]}}
      preprocess: [{resize: 8}, {channels: bgr}, {mean: [104, 117, 123]}]
      defaults:
        conv: {kernel: 3, pad: 1, init: {xavier: {mode: fan_in}}}
      layers:
        - conv: {name: conv1, filters: 16}
        - relu: {name: relu1}
        - max_pool: {name: pool1, kernel: 2, stride: 2, round: ceil}
        - concat:
            name: both
            branches:
              - [conv: {name: left, filters: 16}]
              - [conv: {name: right, filters: 16}]
        - global_avg_pool: {name: pool2}
        - fc: {name: fc1, units: 3}
        - softmax: {name: prob}
      """;

  @Mixin private Common common;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("lamina-rehearsal");
    try {
      return rehearse(folder);
    } finally {
      delete(folder);
    }
  }

  private static int rehearse(Path folder) throws IOException {
    String network = Files.writeString(folder.resolve("rehearsal.yaml"), NETWORK).toString();
    String weights = folder.resolve("rehearsal.safetensors").toString();
    String photo = folder.resolve("photo.jpg").toString();
    Safetensors.write(Path.of(weights), tensors(NetworkFile.find(network)));
    BufferedImage picture = new BufferedImage(12, 9, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(picture, "jpeg", Path.of(photo).toFile());
    return Stream.of(
            List.of("devices"),
            List.of("devices", "--json"),
            List.of("summary", network),
            List.of("time", network, "--runs", "1"),
            List.of("classify", network, "--weights", weights, photo),
            List.of("classify", network, "--weights", weights, photo, "--json"))
        .mapToInt(RehearseCommand::run)
        .max()
        .orElseThrow();
  }

  private static int run(List<String> args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return Lamina.execute(nowhere, nowhere, args.toArray(String[]::new));
  }

  private static Map<String, Tensor> tensors(Network network) {
    SeededWeights seeded = new SeededWeights(network, 1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    seeded.shapes().keySet().forEach(n -> tensors.put(n, seeded.read(n).orElseThrow()));
    return tensors;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(RehearseCommand::deleteFile);
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
