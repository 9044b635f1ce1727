package org.lamina.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.source.DataFiles.png;
import static org.lamina.data.source.DataFiles.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.Preprocessor;
import org.lamina.data.source.PackOptions.Format;

/** What is packed comes out again; what was damaged does not. */
final class PackerTest {

  @TempDir private Path folder;

  private static PackOptions options(int side, Format format, long shard, int threads) {
    return new PackOptions(side, format, 90, shard, threads, true);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void everySampleComesOutAgain(Format format) {
    Splits shapes = Shapes.of(24, 50, 7, 2);
    Path out = folder.resolve("packed");
    AtomicInteger steps = new AtomicInteger();
    Packer.Summary summary =
        Packer.pack(shapes, out, options(0, format, 20_000, 3), steps::incrementAndGet);
    assertEquals(57, summary.samples());
    assertEquals(57, steps.get());
    assertEquals(List.of(), summary.unreadable());
    try (Splits packed = Datasets.open(out.toString())) {
      assertEquals("packed shards: 50 to train, 7 to test, 10 classes", packed.toString());
      assertEquals(shapes.classes(), packed.classes());
      for (int i = 0; i < 50; i++) {
        assertEquals(shapes.train().label(i), packed.train().label(i));
        requireEqual(shapes.train().read(i), packed.train().read(i), format == Format.JPEG);
      }
      assertTrue(packed.train().sample(3).endsWith("shapes/train #3"), packed.train().sample(3));
    }
    assertTrue(summary.shards() > 2 || format == Format.JPEG, "shards: " + summary.shards());
  }

  private static void requireEqual(Picture expected, Picture actual, boolean lossy) {
    assertEquals(expected.toString(), actual.toString());
    if (!lossy) {
      assertArrayEquals(expected.rgb(), actual.rgb());
      return;
    }
    double squares = 0;
    for (int i = 0; i < expected.rgb().length; i++) {
      double off = (expected.rgb()[i] & 0xFF) - (actual.rgb()[i] & 0xFF);
      squares += off * off;
    }
    double error = Math.sqrt(squares / expected.rgb().length);
    assertTrue(error < 16, "error " + error);
  }

  @Test
  void filesAreKeptAsTheyAreAndTheNumberOfThreadsChangesNothing() throws IOException {
    for (int i = 0; i < 9; i++) {
      write(folder.resolve("set/" + (i % 3) + "/" + i + ".png"), png(i));
    }
    try (Splits splits = Datasets.open(folder.resolve("set").toString())) {
      Packer.pack(splits, folder.resolve("a"), options(0, Format.KEEP, 1, 1), () -> {});
      Packer.pack(splits, folder.resolve("b"), options(0, Format.KEEP, 1, 4), () -> {});
      try (Splits packed = Datasets.open(folder.resolve("a").toString())) {
        assertArrayEquals(
            splits.train().encoded(4).orElseThrow(), packed.train().encoded(4).orElseThrow());
        assertTrue(packed.train().sample(0).endsWith(": set/0/0.png"), packed.train().sample(0));
      }
    }
    try (Stream<Path> shards = Files.list(folder.resolve("a"))) {
      List<Path> files = shards.sorted().toList();
      assertEquals(9, files.size());
      for (Path file : files) {
        assertEquals(-1, Files.mismatch(file, folder.resolve("b").resolve(file.getFileName())));
      }
    }
  }

  /** Scaled as resize_shorter does it, so that a network sees what it would have seen. */
  @Test
  void largerPicturesAreScaledDown() {
    Splits shapes = Shapes.of(40, 3, 1, 2);
    Packer.pack(shapes, folder.resolve("s"), options(16, Format.RAW, 1 << 20, 2), () -> {});
    Packer.pack(shapes, folder.resolve("l"), options(99, Format.RAW, 1 << 20, 2), () -> {});
    try (Splits small = Datasets.open(folder.resolve("s").toString());
        Splits large = Datasets.open(folder.resolve("l").toString())) {
      Picture picture = shapes.train().read(1);
      assertArrayEquals(Preprocessor.shorter(picture, 16).rgb(), small.train().read(1).rgb());
      assertArrayEquals(picture.rgb(), large.train().read(1).rgb());
    }
  }

  @Test
  void badPicturesAreNamedOrEndIt() throws IOException {
    write(folder.resolve("set/a/1.png"), png(1));
    write(folder.resolve("set/a/2.png"), new byte[9]);
    try (Splits splits = Datasets.open(folder.resolve("set").toString())) {
      Packer.Summary summary =
          Packer.pack(splits, folder.resolve("o"), PackOptions.defaults(), () -> {});
      assertEquals(1, summary.samples());
      assertTrue(summary.unreadable().get(0).startsWith(folder.resolve("set/a/2.png") + ": "));
      PackOptions strict = new PackOptions(0, Format.KEEP, 90, 1 << 20, 1, false);
      Path other = folder.resolve("p");
      assertThrows(ImageException.class, () -> Packer.pack(splits, other, strict, () -> {}));
      assertFalse(Files.exists(other));
      Files.delete(folder.resolve("set/a/1.png"));
      DataException e =
          assertThrows(
              DataException.class,
              () -> Packer.pack(splits, other, PackOptions.defaults(), () -> {}));
      assertEquals(folder.resolve("set") + ": no picture can be read", e.getMessage());
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(List.of("o", "set"), left.map(Folders::name).sorted().toList());
      }
    }
  }

  @Test
  void nothingIsOverwritten() {
    write(folder.resolve("out/precious.txt"), "x");
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                Packer.pack(
                    Shapes.of(8, 1, 1, 1),
                    folder.resolve("out"),
                    PackOptions.defaults(),
                    () -> {}));
    assertEquals(folder.resolve("out") + ": is there already; name a new folder", e.getMessage());
  }

  private Path shard() {
    Path out = folder.resolve("good");
    Packer.pack(Shapes.of(8, 3, 1, 1), out, options(0, Format.RAW, 1 << 20, 1), () -> {});
    return out.resolve("train-00000.shard");
  }

  private String refused(byte[] bytes) {
    Path file = write(folder.resolve("x.shard"), bytes);
    return assertThrows(DataException.class, () -> Datasets.open(file.toString()).close())
        .getMessage()
        .replace(file.toString(), "x");
  }

  @Test
  void damageIsFound() throws IOException {
    byte[] good = Files.readAllBytes(shard());
    assertTrue(refused(Arrays.copyOf(good, 40)).startsWith("x: has 40 bytes, less than"));
    assertTrue(refused(new byte[100]).startsWith("x: does not begin as a shard"));
    byte[] cut = Arrays.copyOf(good, good.length - 1);
    assertTrue(refused(cut).contains("is outside the file of " + cut.length + " bytes"));
    byte[] header = good.clone();
    header[12] ^= 1;
    assertEquals("x: the header does not fit its check sum; the shard is damaged", refused(header));
    byte[] index = good.clone();
    index[good.length - 1] ^= 1;
    assertEquals("x: the index does not fit its check sum; the shard is damaged", refused(index));
    byte[] version = good.clone();
    version[8] = 9;
    assertEquals("x: is of version 9; version 1 is known", refused(version));
    byte[] sample = good.clone();
    sample[ShardFormat.HEADER + 20] ^= 1;
    Path file = write(folder.resolve("y.shard"), sample);
    try (Splits splits = Datasets.open(file.toString())) {
      ImageException e = assertThrows(ImageException.class, () -> splits.train().read(0));
      assertEquals(
          file + ": shapes/train #0: does not fit its check sum; the shard is damaged",
          e.getMessage());
      assertEquals(8, splits.train().read(1).width());
    }
  }

  /** With right check sums, so that the mutations reach what is behind them. */
  @Test
  void hostileShardsAreReadOrRefused() throws IOException {
    byte[] good = Files.readAllBytes(shard());
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] bytes = good.clone();
      int at = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        boolean head = random.nextInt(3) == 0;
        int place = head ? 8 + random.nextInt(20) : at + random.nextInt(bytes.length - at);
        bytes[place] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
      }
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(28, ShardFormat.sum(bytes, at, bytes.length - at));
      header.putInt(32, ShardFormat.sum(bytes, 0, ShardFormat.SUMMED));
      Path file = write(folder.resolve("m.shard"), bytes);
      try (Splits splits = Datasets.open(file.toString())) {
        splits.train().read(0);
      } catch (DataException e) {
        refused++;
      }
    }
    assertTrue(refused > 200 && refused < 500, "refused: " + refused);
  }
}
