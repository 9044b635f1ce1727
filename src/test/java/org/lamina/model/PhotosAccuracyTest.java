package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.TestData;
import org.lamina.layer.Precision;
import org.lamina.network.Preprocessing.Step;
import org.lamina.yaml.NetworkFile;

/** SqueezeNets on 250 photos of ImageNet, from the JPEG files to the classes. */
final class PhotosAccuracyTest {

  private static final int BLOCK = 512; // of a tar file
  private static final int BATCH = 16;

  @TempDir private Path folder;

  /** What the network says about one photo, and what it shows. */
  private record Result(String file, int label, List<Integer> top5) {}

  @Test
  void isAsGoodAsTheAuthorsWeightsAre() throws IOException {
    Path weights = TestData.file("models/squeezenet-1.0.safetensors");
    ModelOptions options = ModelOptions.defaults().withBatch(BATCH);
    try (Classifier classifier = Classifier.open("squeezenet-1.0", weights, options)) {
      check(classifier, "v1.0", 63.6, 84.0);
    }
  }

  /** Weights of 16 bits: as good, and nearly always the same five classes. */
  @Test
  void halvesAreAsGoodAsFloats() throws IOException {
    Path weights = TestData.file("models/squeezenet-1.0.safetensors");
    ModelOptions options = ModelOptions.defaults().withBatch(BATCH);
    List<Result> exact;
    try (Classifier classifier = Classifier.open("squeezenet-1.0", weights, options)) {
      exact = results(classifier);
    }
    ModelOptions halves = options.withPrecision(Precision.HALF);
    try (Classifier classifier = Classifier.open("squeezenet-1.0", weights, halves)) {
      List<Result> rounded = results(classifier);
      int sameFirst = 0;
      int sameFive = 0;
      for (int i = 0; i < exact.size(); i++) {
        assertEquals(exact.get(i).file(), rounded.get(i).file());
        List<Integer> five = exact.get(i).top5();
        sameFirst += five.get(0).equals(rounded.get(i).top5().get(0)) ? 1 : 0;
        sameFive += Set.copyOf(five).equals(Set.copyOf(rounded.get(i).top5())) ? 1 : 0;
      }
      double before = percent(exact, r -> r.top5().contains(r.label()));
      double after = percent(rounded, r -> r.top5().contains(r.label()));
      String all =
          "of %d photos %d have the same class, %d the same five; top-5 %.1f %%, was %.1f %%"
              .formatted(exact.size(), sameFirst, sameFive, after, before);
      assertEquals(before, after, all);
      assertTrue(sameFirst >= 0.99 * exact.size(), all);
      assertTrue(sameFive >= 0.97 * exact.size(), all);
    }
  }

  /** The same with SqueezeNet 1.1, whose weights come from an ONNX model and have 16 bits. */
  @Test
  void isAsGoodFromOnnx() throws IOException {
    List<Step> steps = NetworkFile.find("squeezenet-1.1").preprocessing().steps();
    try (Classifier classifier = OnnxSqueezeNetTest.open(folder, BATCH, steps)) {
      check(classifier, "v1.1", 71.6, 87.2);
    }
  }

  private void check(Classifier classifier, String other, double wantedTop1, double wantedTop5)
      throws IOException {
    List<Result> results = results(classifier);
    assertEquals(250, results.size());
    double top1 = percent(results, r -> r.top5().get(0) == r.label());
    double top5 = percent(results, r -> r.top5().contains(r.label()));
    Map<String, Integer> others = otherTop1(other);
    double agreement = percent(results, r -> others.get(r.file()).equals(r.top5().get(0)));
    String all = "top-1 %.1f %%, top-5 %.1f %%, agreement %.1f %%".formatted(top1, top5, agreement);
    assertEquals(wantedTop1, top1, 0.8, all);
    assertEquals(wantedTop5, top5, 0.8, all);
    assertTrue(agreement >= 99, all);
  }

  private List<Result> results(Classifier classifier) throws IOException {
    List<Path> photos = unpack(TestData.file("images/imagenet-250.tar"));
    List<String> classes =
        Files.readAllLines(TestData.file("images/imagenet-classes.txt")).stream()
            .map(line -> line.split(" ")[0])
            .toList();
    List<Result> results = new ArrayList<>();
    try (Photos decoded = Photos.of(classifier.model().network(), photos)) {
      classifier.classify(decoded, 5, result -> results.add(result(result, classes)));
    }
    return results;
  }

  private static Result result(Classification result, List<String> classes) {
    assertTrue(result.problem().isEmpty(), () -> result.problem().get());
    String file = result.image().getFileName().toString();
    int label = classes.indexOf(file.split("_")[0]);
    assertTrue(label >= 0, file);
    return new Result(file, label, result.predictions().stream().map(Prediction::index).toList());
  }

  private static double percent(List<Result> results, Predicate<Result> good) {
    return 100.0 * results.stream().filter(good).count() / results.size();
  }

  /** What an independent implementation said. */
  private static Map<String, Integer> otherTop1(String version) throws IOException {
    JsonNode rows =
        new ObjectMapper()
            .readTree(TestData.file("images/imagenet-squeezenet-top5.json").toFile())
            .get("rows");
    Map<String, Integer> top1 = new HashMap<>();
    for (JsonNode row : rows) {
      top1.put(row.get("file").asText(), row.at("/" + version + "/0/0").asInt());
    }
    return top1;
  }

  /** Unpacks the files of a tar archive (ustar: 512-byte headers, name at 0, octal size at 124). */
  private List<Path> unpack(Path archive) throws IOException {
    List<Path> files = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      byte[] header = in.readNBytes(BLOCK);
      while (header.length == BLOCK && header[0] != 0) {
        String name = text(header, 0, 100);
        int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (header[156] == '0') {
          Path file = folder.resolve(Path.of(name).getFileName());
          files.add(Files.write(file, content));
        }
        header = in.readNBytes(BLOCK);
      }
    }
    return files;
  }

  private static String text(byte[] header, int offset, int length) {
    String field = new String(header, offset, length, StandardCharsets.UTF_8);
    int end = field.indexOf('\0');
    return end < 0 ? field : field.substring(0, end);
  }
}
