package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.TensorFiles;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Npy;
import org.lamina.weights.Safetensors;
import org.lamina.weights.TensorFile;
import org.lamina.yaml.NetworkFile;

class FormatCommandsTest {

  @TempDir private Path folder;
  private SmallNetwork small;

  @BeforeEach
  void writeTheSmallNetwork() throws IOException {
    small = SmallNetwork.in(folder);
  }

  private Map<String, String> checksums(Path file) {
    Map<String, String> checksums = new TreeMap<>();
    for (JsonNode tensor :
        Outcome.of("weights", file, "--json").succeeded().json().get("tensors")) {
      checksums.put(tensor.get("name").asText(), tensor.get("sha256").asText());
    }
    assertFalse(checksums.isEmpty());
    return checksums;
  }

  @Test
  void theSameValuesHaveTheSameChecksumInEveryFormat() {
    Path npz = folder.resolve("small.npz");
    Path back = folder.resolve("back.safetensors");
    Outcome.of("convert", small.weights(), npz).succeeded();
    Outcome.of("convert", npz, back).succeeded();
    assertEquals(checksums(small.weights()), checksums(npz));
    assertEquals(checksums(small.weights()), checksums(back));
  }

  @Test
  void listsRangesAndWhatIsNotFinite() {
    Path file = folder.resolve("x.safetensors");
    float[] values = {1, -2, Float.NaN, Float.NEGATIVE_INFINITY, 4};
    Safetensors.write(file, Map.of("x", new Tensor(Shape.of(5), values)));
    JsonNode tensor =
        Outcome.of("weights", file, "--json").succeeded().json().get("tensors").get(0);
    assertEquals(-2, tensor.get("least").asDouble());
    assertEquals(4, tensor.get("greatest").asDouble());
    assertEquals(1, tensor.get("mean").asDouble());
    assertEquals(2, tensor.get("not_finite").asInt());
    String text = Outcome.of("weights", file).succeeded().out();
    assertTrue(text.contains("-2.000"), text);
    assertTrue(text.contains("1 tensor"), text);
    String header = Outcome.of("weights", file, "--header").succeeded().out();
    assertFalse(header.contains("sha-256"), header);
  }

  /** SHA-256 of four zero bytes. */
  @Test
  void theChecksumIsOfTheValuesAsFloats() {
    Path file = folder.resolve("zero.npy");
    Npy.write(file, new Tensor(Shape.of(), new float[] {0}));
    assertEquals(
        Map.of("zero", "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119"),
        checksums(file));
  }

  @Test
  void importsParametersOfANetworkThatIsNamed() {
    Path name = folder.resolve("mine");
    Outcome done =
        Outcome.of("import", small.weights(), "-o", name, "-n", small.file(), "--json").succeeded();
    assertEquals("mine", done.json().get("network").asText());
    assertEquals("conv1.weight", done.json().get("tensors").get(0).get("from").asText());
    Network network = NetworkFile.read(folder.resolve("mine.yaml"));
    assertEquals(NetworkFile.read(small.file()).called("mine"), network);
    assertEquals(checksums(small.weights()), checksums(folder.resolve("mine.safetensors")));
    Outcome.of("import", small.weights(), "-o", name, "-n", small.file())
        .failed(ExitCode.USAGE, "already there: ", "mine.yaml", "--force");
    Outcome.of("import", small.weights(), "-o", name, "-n", small.file(), "--force", "-q")
        .succeeded();
  }

  @Test
  void writesNothingIfTheParametersDoNotFit() {
    Path name = folder.resolve("mine");
    Outcome.of("import", small.weights(), "-o", name)
        .failed(ExitCode.USAGE, "no shipped network has exactly these 4 tensors", "--network");
    Outcome.of("import", small.weights(), "-o", name, "-n", "lenet").failed(ExitCode.DATA, "conv1");
    assertFalse(Files.exists(folder.resolve("mine.yaml")));
    assertFalse(Files.exists(folder.resolve("mine.safetensors")));
  }

  @Test
  void saysWhatIsWrongWithTheCommandLine() {
    Outcome.of("import", folder.resolve("none"), "-o", folder.resolve("x"))
        .failed(ExitCode.DATA, "there is no such file");
    Outcome.of("import", small.weights(), "-o", folder.resolve("a b"))
        .failed(ExitCode.USAGE, "not 'a b'");
    Outcome.of("import", small.weights(), "-o", folder.resolve("x"), "--input", "3x0x5")
        .failed(ExitCode.USAGE, "'3x0x5' is no shape such as 3x224x224");
    Outcome.of("import", small.file(), "-o", folder.resolve("x"))
        .failed(ExitCode.USAGE, "together of no known format; there are");
    Outcome.of("convert", small.weights(), folder.resolve("x.txt"))
        .failed(ExitCode.USAGE, "TO must end in one of .safetensors, .npz, .npy");
    Outcome.of("convert", small.weights(), folder.resolve("x.npy"))
        .failed(ExitCode.DATA, "an .npy file holds one tensor, but there are 4");
    Outcome.of("convert", small.weights(), folder.resolve("x.npz"), "--type", "f16")
        .failed(ExitCode.DATA, "F16 needs .safetensors");
    Outcome.of("convert", small.weights(), folder.resolve("x.npz"), "--type", "int4")
        .failed(ExitCode.USAGE, "'int4' is none of f32, f16, bf16");
    Outcome.of("export", small.file(), "-w", small.weights(), folder.resolve("x.txt"))
        .failed(ExitCode.USAGE, "OUT must end in one of ");
    Outcome.of("weights", small.file()).failed(ExitCode.DATA, "is of no known format");
  }

  @Test
  void exportsTheWeightsAlone() {
    Path half = folder.resolve("half.safetensors");
    Outcome.of("export", small.file(), "--weights", small.weights(), half, "--type", "f16")
        .succeeded();
    try (TensorFile file = TensorFiles.open(half)) {
      assertEquals("F16", file.types().get("fc1.weight").toString());
    }
    Path npz = folder.resolve("all.npz");
    String out = Outcome.of("export", small.file(), "-w", small.weights(), npz).succeeded().out();
    assertTrue(out.contains("written to " + npz), out);
    assertEquals(checksums(small.weights()), checksums(npz));
  }

  @Test
  void everyCommandTakesWeightsOfAnyFormat() {
    Path npz = folder.resolve("w.npz");
    Path input = folder.resolve("in.npy");
    Npy.write(input, Tensor.zeros(Shape.of(1, 3, 8, 8)));
    Outcome.of("convert", small.weights(), npz).succeeded();
    Map<Path, float[]> results = new LinkedHashMap<>();
    for (Path weights : new Path[] {small.weights(), npz}) {
      Path result = folder.resolve("out.safetensors");
      Outcome.of("run", small.file(), "-w", weights, "-i", input, "-o", result, "-q").succeeded();
      try (TensorFile file = TensorFiles.open(result)) {
        results.put(weights, file.read("prob").orElseThrow().values());
      }
    }
    assertArrayEquals(results.get(small.weights()), results.get(npz));
  }
}
