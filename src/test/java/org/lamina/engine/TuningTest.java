package org.lamina.engine;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.engine.Tuning.Timed;
import org.lamina.layer.AlgorithmKey;
import org.lamina.layer.Basis;
import org.lamina.layer.Choices;
import org.lamina.layer.Convolution;
import org.lamina.layer.Family;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Precision;
import org.lamina.layer.Site;
import org.lamina.network.Network;
import org.lamina.opencl.ClException;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.tensor.Chw;

/** What was measured decides, comes back from files, and harms nothing where it is damaged. */
final class TuningTest {

  private static final Convolution LAYER = Convolution.of(16, 3).pad(1);
  private static final Chw IMAGE = new Chw(16, 12, 12);
  private static final Network NETWORK =
      Network.named("one").input(16, 12, 12).layer("conv1", LAYER).build();

  @TempDir private Path folder;

  private static Site site(int batch, Choices choices) {
    return new Site(Family.cpu(8), LAYER.infer(List.of(IMAGE)), batch, Optional.empty(), choices);
  }

  private static Tuning tuning(Map<String, Timed> times) {
    return new Tuning(Map.of(AlgorithmKey.of(LAYER, site(1, Choices.defaults())), times));
  }

  private static LayerProgram program(Choices choices) {
    return Schedule.of(NETWORK, Family.cpu(8), 1, Set.of(), Long.MAX_VALUE, choices)
        .operations()
        .operations()
        .stream()
        .flatMap(operation -> operation.program().stream())
        .findFirst()
        .orElseThrow();
  }

  private static void assertChosen(String algorithm, Basis basis, Choices choices) {
    LayerProgram program = program(choices);
    assertEquals(
        algorithm + " " + basis, program.algorithm() + " " + program.basis(), "the choice");
  }

  @Test
  void theFastestIsChosenUnlessAnotherIsNamed() {
    String estimated = program(Choices.defaults()).algorithm();
    assertNotEquals("plain", estimated);
    assertChosen(estimated, Basis.ESTIMATED, Choices.defaults());
    Choices measured =
        Choices.defaults()
            .measurements(tuning(Map.of(estimated, new Timed(30), "plain", new Timed(20))));
    assertChosen("plain", Basis.MEASURED, measured);
    assertChosen("direct_flat", Basis.NAMED, measured.algorithm("direct_flat"));
    assertChosen("plain", Basis.MEASURED, measured.algorithm("no such algorithm"));
  }

  @Test
  void whatIsRefusedIsNeverChosen() {
    List<String> all = LAYER.algorithms(site(1, Choices.defaults()));
    Map<String, Timed> first = Map.of(all.get(0), Timed.REFUSED);
    assertChosen(all.get(1), Basis.ESTIMATED, Choices.defaults().measurements(tuning(first)));
    Map<String, Timed> two = Map.of(all.get(0), Timed.REFUSED, all.get(1), new Timed(9));
    assertChosen(all.get(1), Basis.MEASURED, Choices.defaults().measurements(tuning(two)));
    Tuning none = tuning(all.stream().collect(toMap(name -> name, name -> Timed.REFUSED)));
    ClException e =
        assertThrows(ClException.class, () -> program(Choices.defaults().measurements(none)));
    assertTrue(e.getMessage().contains("computes every algorithm wrongly"), e.getMessage());
  }

  @Test
  void batchPrecisionAndGeometryAreOtherPlaces() {
    Tuning tuning = tuning(Map.of("plain", new Timed(1)));
    assertEquals(
        Optional.of("plain"), tuning.fastest(LAYER, site(1, Choices.defaults().algorithm("x"))));
    assertEquals(Optional.empty(), tuning.fastest(LAYER, site(2, Choices.defaults())));
    assertEquals(
        Optional.empty(),
        tuning.fastest(LAYER, site(1, Choices.defaults().precision(Precision.HALF))));
    assertEquals(Optional.empty(), tuning.fastest(LAYER.stride(2), site(1, Choices.defaults())));
    assertEquals(Optional.empty(), tuning.fastest(LAYER.groups(2), site(1, Choices.defaults())));
  }

  @Test
  void aTextComesBackUnlessItIsDamagedOrOfOtherKernels() {
    Tuning tuning = tuning(Map.of("plain", new Timed(123_456), "direct", Timed.REFUSED));
    String text = tuning.text("kernels1");
    assertEquals(Optional.of(tuning), Tuning.parse(text, "kernels1"));
    assertEquals(Optional.of(tuning), Tuning.parse(text, ""));
    assertEquals(Optional.empty(), Tuning.parse(text, "kernels2"));
    for (String damaged :
        List.of(
            "",
            "\n",
            "lamina-tuning-2\tkernels1\n",
            text.replace("123456", "12x456"),
            text.replace("123456", "-5"),
            text.replace("123456", "0"),
            text.replace("\twrong", ""),
            text + "more\n",
            text.replace('\t', ' '))) {
      assertEquals(Optional.empty(), Tuning.parse(damaged, "kernels1"), damaged);
    }
  }

  @Test
  void aStoreKeepsWhatWasMeasuredForADevice() throws IOException {
    Device device = Device.best();
    MeasurementStore store = new MeasurementStore(Optional.of(folder));
    assertEquals(Tuning.empty(), Tuning.stored(device, store));
    Tuning one = tuning(Map.of("plain", new Timed(7)));
    Path file = one.store(device, store).orElseThrow();
    assertEquals(one, Tuning.stored(device, store));
    assertEquals(
        Optional.of("plain"),
        DeviceMeasurements.of(device, store).fastest(LAYER, site(1, Choices.defaults())));
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i += 7) { // any change is found
      byte[] changed = bytes.clone();
      changed[i] ^= 4;
      Files.write(file, changed);
      assertEquals(Tuning.empty(), Tuning.stored(device, store), "byte " + i);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws IOException {
    Path occupied = Files.writeString(folder.resolve("file"), "");
    for (Optional<Path> bad : List.of(Optional.<Path>empty(), Optional.of(occupied))) {
      MeasurementStore store = new MeasurementStore(bad);
      assertEquals(Optional.empty(), Tuning.empty().store(Device.best(), store));
      assertEquals(Tuning.empty(), Tuning.stored(Device.best(), store));
    }
  }

  @Test
  void whatIsNewCountsAndTheRestStays() {
    Tuning old = new Tuning(Map.of("a", Map.of("x", new Timed(1)), "b", Map.of("x", new Timed(2))));
    Tuning fresh = new Tuning(Map.of("b", Map.of("y", new Timed(3))));
    assertEquals(
        Map.of("a", Map.of("x", new Timed(1)), "b", Map.of("y", new Timed(3))),
        old.with(fresh).entries());
  }

  @Test
  void everyKernelFileOfAnAlgorithmIsInTheVersion() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("opencl"))) {
      List<String> missing =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("(convolution|fully_connected)_?.*\\.cl"))
              .filter(name -> !name.contains("gradient") && !name.contains("training"))
              .filter(name -> !AlgorithmKey.files(Family.cpu(8)).contains(name))
              .filter(name -> !AlgorithmKey.files(Family.GPU).contains(name))
              .toList();
      assertEquals(List.of(), missing);
    }
    assertNotEquals(Tuning.version(Family.GPU), Tuning.version(Family.cpu(8)));
  }

  @Test
  void whatIsShippedCanBeReadAndRefusesNothing() {
    Tuning shipped = Tuning.shipped("pocl-cpu8");
    assertTrue(shipped.entries().size() >= 10, shipped.entries().keySet().toString());
    shipped.entries().forEach((key, times) -> assertFalse(times.containsValue(Timed.REFUSED), key));
    assertEquals(Tuning.empty(), Tuning.shipped("no such class of devices"));
  }

  @Test
  void llvmpipeNeverGetsWinograd() {
    for (Device device : Device.all()) {
      boolean llvmpipe = device.name().startsWith("llvmpipe");
      boolean refused =
          DeviceMeasurements.of(device, new MeasurementStore(Optional.empty()))
              .refuses(LAYER, site(1, Choices.defaults()), "winograd_6x6");
      assertEquals(llvmpipe, refused, device.name());
      assertFalse(device.miscomputes("direct"), device.name());
    }
  }
}
