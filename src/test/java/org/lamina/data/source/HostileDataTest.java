package org.lamina.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.source.DataFiles.gzip;
import static org.lamina.data.source.DataFiles.idx;
import static org.lamina.data.source.DataFiles.png;
import static org.lamina.data.source.DataFiles.write;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.data.DataException;
import org.lamina.data.source.DataFiles.TarFile;

/** Wrong, cut and hostile files are refused with what is wrong, and cost no memory. */
final class HostileDataTest {

  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir private Path folder;

  private String name;

  @BeforeEach
  void begin() {
    name = folder.toString();
  }

  private String refused(String place) {
    return assertThrows(DataException.class, () -> Datasets.open(place).close())
        .getMessage()
        .replace(folder.toString(), "…");
  }

  private void pair(byte[] images, byte[] labels) {
    write(folder.resolve(IMAGES), images);
    write(folder.resolve(LABELS), labels);
  }

  @Test
  void idxFiles() {
    byte[] labels = idx(new byte[2], 2);
    pair(idx(new byte[17], 2, 3, 3), labels);
    assertEquals(
        "…/" + IMAGES + ": the header promises 18 bytes, but there are 17; it is cut short",
        refused(name));
    pair(idx(new byte[19], 2, 3, 3), labels);
    assertEquals("…/" + IMAGES + ": there is more than the 18 bytes of its header", refused(name));
    pair(gzip(idx(new byte[17], 2, 3, 3)), labels);
    assertEquals(
        "…/" + IMAGES + ": the header promises 18 bytes, but there are 17; it is cut short",
        refused(name));
    pair(Arrays.copyOf(gzip(idx(new byte[18], 2, 3, 3)), 30), labels);
    assertEquals("…/" + IMAGES + ": the file ends too early; it is cut short", refused(name));
    pair(idx(new byte[18], 2, 3, 3), idx(new byte[3], 3));
    assertEquals(
        "…/" + IMAGES + ": has 2 pictures, but " + LABELS + " has 3 labels", refused(name));
    pair(idx(new byte[18], 2, 3, 3), "label".getBytes());
    assertEquals(
        "…/" + LABELS + ": does not begin as an idx file of unsigned bytes with 1 dimension",
        refused(name));
  }

  @Test
  void hugeIdxHeadersAllocateNothing() {
    for (int[] extents :
        new int[][] {
          {-1, -1, -1}, {1 << 30, 1, 1}, {1 << 16, 1 << 16, 1 << 16}, {0, 1, 1}, {1, 30_000, 60_000}
        }) {
      pair(gzip(idx(new byte[9], extents)), idx(new byte[1], 1));
      long before = allocated();
      assertTrue(refused(name).startsWith("…/" + IMAGES + ": the header "));
      assertTrue(allocated() - before < 2_000_000, Arrays.toString(extents));
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void missingLabels() {
    write(folder.resolve(IMAGES), idx(new byte[1], 1, 1, 1));
    assertEquals("…/" + IMAGES + ": its labels, " + LABELS + ", are not there", refused(name));
  }

  @Test
  void cifarFiles() {
    write(folder.resolve("train.bin"), new byte[3072]);
    assertEquals(
        "…/train.bin: has 3,072 bytes, which is no multiple of 3073 (CIFAR-10) or 3074"
            + " (CIFAR-100); it is cut short or something else",
        refused(name));
    byte[] wrong = new byte[3 * 3073];
    wrong[3073] = 10;
    write(folder.resolve("train.bin"), wrong);
    assertEquals(
        "…/train.bin: the label of sample 1, at byte 3073, is 10; labels are from 0 to 9",
        refused(name));
    write(folder.resolve("train.bin"), new byte[3073]);
    write(folder.resolve("classes.txt"), "one\ntwo\n");
    assertEquals("…: there are 2 class names, but a label is 9", refused(name));
  }

  private String tar(byte[] bytes) {
    return refused(write(folder.resolve("a.tar"), bytes).toString());
  }

  @Test
  void tarFiles() {
    byte[] good = new TarFile().add("a/1.png", png(1)).add("a/2.png", png(2)).end();
    assertEquals(
        "…/a.tar: the entry at byte 1024 has 77 bytes, but the file ends 76 bytes after its header;"
            + " it is cut short",
        tar(Arrays.copyOf(good, 1024 + 512 + png(2).length - 1))
            .replaceAll("has \\d+ bytes", "has 77 bytes")
            .replaceAll("ends \\d+ bytes", "ends 76 bytes"));
    byte[] damaged = good.clone();
    damaged[1030] ^= 1;
    assertEquals(
        "…/a.tar: the header at byte 1024 does not fit its check sum; this is no tar file, or it is"
            + " damaged",
        tar(damaged));
    assertEquals(
        "…/a.tar: ends within a header at byte 1024; it is cut short",
        tar(Arrays.copyOf(good, 1100)));
    assertEquals("…/a.tar: there are no pictures in the tar file", tar(new byte[1024]));
    assertEquals("…/a.tar: there are no pictures in the tar file", tar(new byte[0]));
    assertEquals(
        "…/a.tar: …/a.tar: 1.png: has no label: there is no .cls file beside it, nor is it in a"
            + " folder of a class",
        "…/a.tar: " + tar(new TarFile().add("1.png", png(1)).end()));
  }

  @Test
  void hugeSizesInTarsAllocateNothing() {
    byte[] header = TarFile.header("a/1.png", '0', 0);
    Arrays.fill(header, 124, 136, (byte) 0xFF);
    String message = tar(new TarFile().raw(TarFile.summed(header)).end());
    assertTrue(message.contains("it is cut short"), message);
    byte[] pax = TarFile.header("pax", 'x', 1 << 20);
    message = tar(new TarFile().raw(pax).raw(new byte[1 << 20]).end());
    assertTrue(message.contains("an extended header of 1048576 bytes"), message);
    String size = "28 size=9223372036854775807\n";
    message = tar(new TarFile().add("pax", 'x', size.getBytes()).add("a/1.png", png(1)).end());
    assertTrue(message.contains("has 9223372036854775807 bytes"), message);
    message = tar(new TarFile().add("pax", 'x', "99999999999 a=b\n".getBytes()).end());
    assertTrue(message.contains("is damaged"), message);
  }

  @Test
  void labelsInTars() {
    byte[] both =
        new TarFile().add("1.png", png(1)).add("1.cls", "1".getBytes()).add("2.png", png(2)).end();
    assertEquals("…/a.tar: 2.png: has no .cls file beside it, but others have", tar(both));
    byte[] word = new TarFile().add("1.png", png(1)).add("1.cls", "\u001bcat".getBytes()).end();
    assertEquals(
        "…/a.tar: 1.cls: the label must be a number from 0 to 999999, but is '\ufffdcat'",
        tar(word));
    byte[] large = new TarFile().add("1.png", png(1)).add("1.cls", new byte[200]).end();
    assertEquals("…/a.tar: 1.cls: a label of 200 bytes; a number is wanted", tar(large));
  }

  @Test
  void compressedTars() {
    byte[] good = gzip(new TarFile().add("a/1.png", png(1)).end());
    Path file = write(folder.resolve("a.tgz"), Arrays.copyOf(good, good.length / 2));
    assertTrue(
        refused(file.toString())
            .startsWith("…/a.tgz: the compressed data is damaged or cut short"));
    write(folder.resolve("a.tgz"), "no gzip".getBytes());
    assertTrue(refused(file.toString()).contains("damaged or cut short"));
    write(folder.resolve("b/c.tar.xz"), new byte[10]);
    assertEquals(
        "…/b/c.tar.xz: only gzip is known of the ways to compress a tar file; decompress it first",
        refused(folder.resolve("b").toString()));
  }

  /** 300 files of each kind with a few bytes changed: pictures or our exception, and no delay. */
  @ParameterizedTest
  @ValueSource(strings = {"idx", "tar", "tgz", "bin"})
  void mutatedFilesAreReadOrRefused(String kind) {
    byte[] good =
        switch (kind) {
          case "idx" -> idx(new byte[18], 2, 3, 3);
          case "bin" -> new byte[2 * 3073];
          default -> {
            byte[] tar =
                new TarFile()
                    .add("p", 'x', "18 path=train/a/b\n".getBytes())
                    .add("a/1.png", png(1))
                    .add("L", 'L', "train/b/c.png".getBytes())
                    .add("b/2.png", png(2))
                    .end();
            yield kind.equals("tgz") ? gzip(tar) : tar;
          }
        };
    write(folder.resolve(LABELS), idx(new byte[2], 2));
    String file = kind.equals("idx") ? IMAGES : "a." + kind;
    Random random = new Random(5);
    int refused = 0;
    long before = allocated();
    for (int i = 0; i < 300; i++) {
      Path path = write(folder.resolve(file), mutated(good, random, kind.equals("tar")));
      try (Splits splits = Datasets.open(path.toString())) {
        for (int sample = 0; sample < Math.min(3, splits.train().size()); sample++) {
          splits.train().read(sample);
        }
      } catch (DataException e) {
        refused++;
      }
    }
    assertTrue(refused > 20, "only " + refused + " were refused: the mutations are too tame");
    assertTrue(allocated() - before < 300L * 1_000_000, "too much memory");
  }

  private static byte[] mutated(byte[] good, Random random, boolean repair) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
    }
    if (repair) {
      for (int at = 0; at + 512 <= bytes.length; at += 512) {
        byte[] block = Arrays.copyOfRange(bytes, at, at + 512);
        if (new String(block, 257, 5).equals("ustar")) {
          System.arraycopy(TarFile.summed(block), 0, bytes, at, 512);
        }
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
