package org.lamina.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.lamina.formats.pytorch.PickleWriter;
import org.lamina.formats.pytorch.SampleFiles;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.Npy;
import org.lamina.weights.NumpyFile;
import org.lamina.weights.Safetensors;
import org.lamina.weights.SeededWeights;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightSource;
import org.lamina.yaml.NetworkFile;

/**
 * A good file for every reader, for {@link HostileFilesTest} to change. Whoever adds a reader adds
 * its file to {@link #all}.
 *
 * @param file its name, by whose ending a reader may go
 * @param bytes what it holds
 * @param read reads all of a changed file
 */
record HostileSamples(String file, byte[] bytes, Consumer<Path> read) {

  /** Returns a good file for every reader. */
  static List<HostileSamples> all(Path folder) throws IOException {
    List<HostileSamples> samples = new ArrayList<>();
    samples.addAll(safetensorsAndNumpy(folder));
    samples.addAll(torch());
    samples.addAll(ProtobufSamples.all(folder));
    samples.addAll(SectionSamples.all(folder));
    return samples;
  }

  /** Reads everything in a file of tensors. */
  static void readTensors(Path path) {
    try (TensorFile file = TensorFiles.open(path)) {
      readAll(file);
    }
  }

  /** Imports a network and reads all of its tensors. */
  static void readNetwork(Path... paths) {
    List<Path> files = List.of(paths);
    try (Imported imported = Formats.importer(files).read(files, ImportOptions.DEFAULTS)) {
      imported.weights().ifPresent(HostileSamples::readAll);
    }
  }

  private static void readAll(TensorFile file) {
    Map<String, ElementType> types = file.types();
    for (String name : file.shapes().keySet()) {
      if (types.get(name).real()) {
        file.stream(name, (values, offset, count) -> {});
      }
    }
  }

  private static byte[] written(Path path, Consumer<Path> write) throws IOException {
    write.accept(path);
    return Files.readAllBytes(path);
  }

  private static List<HostileSamples> safetensorsAndNumpy(Path folder) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv1.weight", Tensor.zeros(Shape.of(2, 3, 5, 5)));
    tensors.put("conv1.bias", new Tensor(Shape.of(2), new float[] {1, 2}));
    WeightSource source = WeightSource.of("memory", tensors);
    byte[] npy =
        written(folder.resolve("good.npy"), path -> Npy.write(path, tensors.get("conv1.weight")));
    Network small = NetworkFile.parse("small", SMALL);
    SeededWeights seeded = new SeededWeights(small, 1);
    return List.of(
        new HostileSamples(
            "changed.safetensors",
            written(folder.resolve("good.safetensors"), path -> Safetensors.write(path, tensors)),
            HostileSamples::readTensors),
        new HostileSamples("changed.npy", npy, HostileSamples::readTensors),
        new HostileSamples(
            "stored.npz",
            written(folder.resolve("good.npz"), path -> NumpyFile.write(path, source)),
            HostileSamples::readTensors),
        new HostileSamples("deflated.npz", deflated(npy), HostileSamples::readTensors),
        new HostileSamples(
            "named.safetensors",
            written(
                folder.resolve("seeded.safetensors"),
                path -> Safetensors.write(path, seeded, ElementType.F32, Map.of())),
            path -> {
              List<Path> files = List.of(path);
              ImportOptions options = ImportOptions.DEFAULTS.withNetwork(small);
              try (Imported imported = Formats.importer(files).read(files, options)) {
                imported.weights().ifPresent(HostileSamples::readAll);
              }
            }));
  }

  private static final String SMALL =
      """
      network: small
      input: {shape: [3, 8, 8]}
      layers:
        - conv: {name: conv1, filters: 4, kernel: 3, pad: 1}
        - fc: {name: fc1, units: 3}
      """;

  private static byte[] deflated(byte[] npy) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(npy);
    }
    return bytes.toByteArray();
  }

  private static List<HostileSamples> torch() {
    byte[] pickle =
        new PickleWriter()
            .global("collections", "OrderedDict")
            .op(')')
            .op('R')
            .op('(')
            .text("rows")
            .tensor("FloatStorage", "0", 6, 0, new int[] {2, 3}, new int[] {3, 1})
            .text("columns")
            .tensor("FloatStorage", "0", 6, 0, new int[] {3, 2}, new int[] {1, 3})
            .text("count")
            .tensor("LongStorage", "1", 2, 0, new int[] {}, new int[] {})
            .op('u')
            .stop();
    byte[] floats = SampleFiles.counting(6);
    byte[] longs = new byte[16];
    Map<String, byte[]> storages = new LinkedHashMap<>();
    storages.put("0", floats);
    storages.put("1", longs);
    return List.of(
        new HostileSamples(
            "changed.pt", SampleFiles.zip(pickle, storages), HostileSamples::readTensors),
        new HostileSamples(
            "changed.pth",
            SampleFiles.legacy(pickle, List.of("0", "1"), List.of(floats, longs), 4, 8),
            path -> readTensors(path)));
  }
}
