package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.yaml.NetworkFile;

/** Whatever is wrong with what a user gives: a message with a remedy, an exit code, no file. */
final class BadInputTest {

  @TempDir private Path folder;
  private SmallNetwork small;
  private Path photo;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    small = SmallNetwork.in(folder);
    photo = Pictures.png(folder.resolve("good.png"), 12, 9);
  }

  private record BadYaml(String text, String... messages) {}

  private static List<BadYaml> badNetworks() {
    String head = "network: bad\ninputs: {data: {shape: [3, 8, 8]}}\nlayers:\n";
    return List.of(
        new BadYaml(head + "  - conf: {name: c}\n", ":4:5: ", "conf", "'conv'", "^"),
        new BadYaml(
            head + "  - conv: {name: c, filters: 2, kernel: 3, stride: -1}\n", ":4:", "stride"),
        new BadYaml(head + "  - max_pool: {name: p, kernel: 9}\n", ":4:", "layer 'p'", "9"),
        new BadYaml("layers: [", ":1:"));
  }

  @ParameterizedTest
  @MethodSource("badNetworks")
  void aBadNetworkFileIsShownWithItsPlace(BadYaml bad) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), bad.text());
    String[] expected =
        Stream.concat(Stream.of("bad.yaml"), Arrays.stream(bad.messages())).toArray(String[]::new);
    Outcome.of("summary", file).failed(ExitCode.USAGE, expected);
    Outcome.of("time", file).failed(ExitCode.USAGE, expected);
  }

  @Test
  void anUnknownNetworkGetsASuggestion() {
    Outcome.of("summary", "alxnet").failed(ExitCode.USAGE, "did you mean 'alexnet'?");
    Outcome.of("summary", folder.resolve("no.yaml")).failed(ExitCode.USAGE, "no.yaml");
  }

  @Test
  void anUnknownDeviceGetsAList() {
    Outcome.of("time", small.file(), "--device", "no such thing")
        .failed(ExitCode.DEVICE, "no such thing", "0  ");
    Outcome.of("summary", small.file(), "--device", "99").failed(ExitCode.DEVICE, "99");
  }

  @Test
  void tooLargeABatchSaysWhatFits() {
    Outcome.of("time", "alexnet", "--batch", 100_000)
        .failed(ExitCode.DEVICE, "batch 100000 needs", "largest layers", "largest batch that fits");
  }

  @Test
  void missingWeightsAreNamed() {
    Outcome.of("classify", small.file(), "--weights", folder.resolve("none"), photo)
        .failed(ExitCode.DATA, folder.resolve("none").toString());
  }

  @Test
  void weightsOfAnotherNetworkAreListedTogether() throws IOException {
    Map<String, Tensor> tensors = SmallNetwork.tensors(NetworkFile.read(small.file()));
    tensors.remove("conv1.bias");
    tensors.put("conv1.weight", Tensor.zeros(Shape.of(4, 3, 5, 5)));
    tensors.put("conv9.weight", Tensor.zeros(Shape.of(1)));
    Safetensors.write(small.weights(), tensors);
    Outcome.of("classify", small.file(), "--weights", small.weights(), photo)
        .failed(
            ExitCode.DATA,
            "missing: conv1.bias 4",
            "conv1.weight is 4×3×5×5, but the network needs 4×3×3×3",
            "extra:   conv9.weight 1");
  }

  private static List<byte[]> hostileWeights() {
    return List.of(
        new byte[0],
        new byte[] {1, 2, 3},
        header(Long.MAX_VALUE, "{}"),
        header(2, "{}x"),
        header("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}"),
        header("{\"a\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,0]}}"),
        header("[".repeat(100_000)));
  }

  private static byte[] header(String json) {
    return header(json.length(), json);
  }

  private static byte[] header(long length, String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(text)
        .array();
  }

  @ParameterizedTest
  @MethodSource("hostileWeights")
  void hostileWeightsAreRefused(byte[] content) throws IOException {
    Path bad = Files.write(folder.resolve("hostile.safetensors"), content);
    Outcome.of("classify", small.file(), "--weights", bad, photo)
        .failed(ExitCode.DATA, "hostile.safetensors");
  }

  @Test
  void truncatedWeightsAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(small.weights());
    Files.write(small.weights(), Arrays.copyOf(whole, whole.length - 5));
    Outcome.of("classify", small.file(), "--weights", small.weights(), photo)
        .failed(ExitCode.DATA, "small.safetensors");
  }

  @Test
  void badPhotosAreNamedAndTheOthersClassified() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "this is not a photo");
    Path cut = Pictures.truncatedJpeg(folder.resolve("cut.jpg"));
    Path huge = Files.write(folder.resolve("huge.png"), hugePng());
    Path none = folder.resolve("none.jpg");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Outcome outcome =
        Outcome.of(
            "classify",
            small.file(),
            "--weights",
            small.weights(),
            "--json",
            text,
            cut,
            photo,
            huge,
            none,
            empty);
    outcome.failed(ExitCode.DATA, "text.jpg: ", "cut.jpg: ", "huge.png: ", "none.jpg: ", "empty: ");
    assertEquals(5, outcome.err().lines().filter(line -> line.startsWith("error: ")).count());
    assertEquals(1, outcome.json().size());
    assertEquals(photo.toString(), outcome.json().at("/0/image").asText());
  }

  /** A file whose header promises 100,000 × 100,000 pixels. */
  private static byte[] hugePng() {
    ByteBuffer png = ByteBuffer.allocate(8 + 25);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    png.putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
    png.putInt(100_000).putInt(100_000).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(png.array(), 12, 17);
    return png.putInt((int) crc.getValue()).array();
  }

  @Test
  void anUnknownLayerGetsASuggestionAndNothingIsWritten() throws IOException {
    Path input = folder.resolve("in.safetensors");
    Safetensors.write(input, Map.of("data", Tensor.zeros(Shape.of(1, 3, 8, 8))));
    Path output = folder.resolve("out.safetensors");
    Outcome.of("run", small.file(), "-w", small.weights(), "-i", input, "-o", output, "-l", "conv")
        .failed(ExitCode.USAGE, "no layer 'conv', did you mean 'conv1'?");
    assertFalse(Files.exists(output));
  }

  @Test
  void tensorsThatDoNotFitAreListedAndNothingIsWritten() throws IOException {
    Path input = folder.resolve("in.safetensors");
    Path output = folder.resolve("out.safetensors");
    Safetensors.write(
        input,
        Map.of("date", Tensor.zeros(Shape.of(1, 3, 8, 8)), "more", Tensor.zeros(Shape.of(2, 2))));
    Outcome.of("run", small.file(), "-w", small.weights(), "-i", input, "-o", output)
        .failed(
            ExitCode.DATA,
            "missing: data N×3×8×8",
            "extra:   date 1×3×8×8, did you mean 'data'?",
            "extra:   more 2×2");
    Safetensors.write(input, Map.of("data", Tensor.zeros(Shape.of(1, 3, 8, 9))));
    Outcome.of("run", small.file(), "-w", small.weights(), "-i", input, "-o", output)
        .failed(ExitCode.DATA, "data is 1×3×8×9, but the network needs N×3×8×8 or 3×8×8");
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(file -> file.getFileName().toString().contains("out")));
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsNamed() throws IOException {
    Path input = folder.resolve("in.safetensors");
    Safetensors.write(input, Map.of("data", Tensor.zeros(Shape.of(3, 8, 8))));
    Path output = folder.resolve("no such folder").resolve("out.safetensors");
    Outcome.of("run", small.file(), "-w", small.weights(), "-i", input, "-o", output)
        .failed(ExitCode.DATA, output.toString(), "create it first");
  }

  @Test
  void aNetworkThatDoesNotTakePicturesCannotClassify() throws IOException {
    String text = Files.readString(small.file()).replaceFirst("preprocess:.*\n", "");
    Files.writeString(small.file(), text);
    Outcome.of("classify", small.file(), "--weights", small.weights(), photo)
        .failed(ExitCode.USAGE, "network 'small' does not say how a picture becomes its input");
  }

  @Test
  void labelsMustFitTheClasses() throws IOException {
    Path labels = Files.writeString(folder.resolve("two.txt"), "one\ntwo\n");
    Outcome.of("classify", small.file(), "-w", small.weights(), "--labels", labels, photo)
        .failed(ExitCode.DATA, "two.txt: has 2 names, but the network has 3 classes");
    Outcome.of("classify", small.file(), "-w", small.weights(), "--labels", "nowhere", photo)
        .failed(ExitCode.DATA, "nowhere: ");
  }
}
