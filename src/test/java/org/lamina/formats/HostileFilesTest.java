package org.lamina.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.pytorch.PickleWriter;
import org.lamina.formats.pytorch.SampleFiles;
import org.lamina.weights.WeightsException;

/**
 * Whatever a file holds, its reader takes it or says what is wrong: no other exception, no more
 * memory than the file and 64 MB, no more than a second of processor time.
 *
 * <p>The long trial: {@code mvn test -Dtest=HostileFilesTest -Dgroups=long
 * -DexcludedGroups=planted}.
 */
class HostileFilesTest {

  private static final int IN_EVERY_BUILD = 6_000;
  private static final int IN_THE_LONG_TRIAL = 100_000;

  @TempDir private Path folder;

  private final HostileRead reading = HostileRead.counting();

  @Test
  void changedFilesAreReadOrRefused() throws IOException {
    mutate(IN_EVERY_BUILD, 1);
  }

  @Test
  @Tag("long")
  void aHundredThousandChangedFilesAreReadOrRefused() throws IOException {
    mutate(IN_THE_LONG_TRIAL, 2);
  }

  private void mutate(int files, long seed) throws IOException {
    List<HostileSamples> samples = HostileSamples.all(folder);
    for (HostileSamples sample : samples) {
      Path path = Files.write(folder.resolve(sample.file()), sample.bytes());
      sample.read().accept(path); // the file itself is good
      int each = files / samples.size() + 1;
      int refused = 0;
      Random random = new Random(seed);
      try (RandomAccessFile rewritten = new RandomAccessFile(path.toFile(), "rw")) {
        for (int i = 0; i < each; i++) {
          byte[] bytes = changed(sample.bytes(), random);
          // Never emptied: some file systems flush to the disk when an emptied file is closed.
          rewritten.seek(0);
          rewritten.write(bytes);
          rewritten.setLength(bytes.length);
          refused += reading.of(sample, path, "seed " + seed + ", file " + i) ? 0 : 1;
        }
      }
      assertTrue(
          refused > each / 10,
          sample.file() + ": only " + refused + " of " + each + " refused: the changes are tame");
    }
  }

  private static byte[] changed(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      bytes = changedOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] changedOnce(byte[] bytes, Random random) {
    if (bytes.length < 16) {
      return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] = (byte) ('0' + random.nextInt(10));
      case 3 -> {
        return Arrays.copyOf(bytes, at + 1);
      }
      case 4 -> {
        return without(bytes, at, 1 + random.nextInt(Math.min(32, bytes.length - at)));
      }
      case 5 -> {
        int from = random.nextInt(bytes.length - 8);
        return with(bytes, at, Arrays.copyOfRange(bytes, from, from + 1 + random.nextInt(8)));
      }
      case 6 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) -1);
      case 7 -> number(bytes, random);
      default -> {
        int from = random.nextInt(bytes.length - 8);
        int count = Math.min(1 + random.nextInt(64), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, count);
      }
    }
    return bytes;
  }

  private void assertRefused(String file, byte[] bytes, String problem) throws IOException {
    HostileSamples bomb = new HostileSamples(file, bytes, HostileSamples::readTensors);
    Path path = Files.write(folder.resolve(file), bytes);
    assertFalse(reading.of(bomb, path, "made by hand"), file + " was taken");
    String message =
        assertThrows(WeightsException.class, () -> HostileSamples.readTensors(path)).getMessage();
    assertTrue(message.contains(problem), message);
  }

  private static byte[] repeated(int code, int times) {
    PickleWriter pickle = new PickleWriter();
    for (int i = 0; i < times; i++) {
      pickle.op(code);
    }
    return pickle.stop();
  }

  @Test
  void picklesThatGrowAreRefused() throws IOException {
    for (int code : new int[] {'(', ']', '}', ')', 'N', 0x88}) {
      byte[] many = repeated(code, 1 << 20);
      assertRefused("many.pt", SampleFiles.zip(many, Map.of()), "more than 524288 values");
    }
    // A tuple in a tuple in a tuple, as deep as the limit allows: nothing may descend into it.
    PickleWriter deep = new PickleWriter().op('}').text("x").op(')');
    for (int i = 0; i < 500_000; i++) {
      deep.op(0x85);
    }
    byte[] nested = deep.op('s').stop();
    assertRefused("deep.pt", SampleFiles.zip(nested, Map.of()), "no dictionary of tensors");
    // Each list holds the one before it twice: a thousand million million at the end.
    PickleWriter laughs = new PickleWriter().op('}').text("x").op(']');
    for (int i = 0; i < 50; i++) {
      laughs.op('2').op(0x86);
    }
    byte[] doubled = laughs.op('s').stop();
    assertRefused("laughs.pt", SampleFiles.zip(doubled, Map.of()), "no dictionary of tensors");
    // As a key: its hash would take as long.
    byte[] key = new PickleWriter().op('}').op(']').op('2').op(0x86).op('N').op('s').stop();
    assertRefused("key.pt", SampleFiles.zip(key, Map.of()), "no dictionary of tensors");
  }

  @Test
  void lengthsThatAreClaimedAreNotBelieved() throws IOException {
    PickleWriter text = new PickleWriter().op('X').op(0xFF).op(0xFF).op(0xFF).op(0x7F);
    assertRefused("text.pt", SampleFiles.zip(text.stop(), Map.of()), "a text or number of");
    PickleWriter wide = new PickleWriter().op(0x8d);
    for (int i = 0; i < 8; i++) {
      wide.op(0xFF);
    }
    assertRefused("wide.pt", SampleFiles.zip(wide.stop(), Map.of()), "a text or number of");
    byte[] storage =
        new PickleWriter()
            .op('}')
            .text("x")
            .tensor("FloatStorage", "0", Integer.MAX_VALUE, 0, new int[] {1}, new int[] {1})
            .op('s')
            .stop();
    assertRefused(
        "storage.pth",
        SampleFiles.legacy(storage, List.of("0"), List.of(SampleFiles.counting(1)), 4),
        "said to have 2147483647 elements");
    PickleWriter strides = new PickleWriter().op('}').text("x");
    strides.tensor("FloatStorage", "0", 1, 0, new int[] {9, 9}, new int[] {1 << 30, 1 << 30});
    assertRefused(
        "strides.pt",
        SampleFiles.zip(strides.op('s').stop(), Map.of("0", SampleFiles.counting(1))),
        "but its storage '0' has 1");
  }

  /** Thousands of tensors that each reach over the whole of a storage. */
  @Test
  void viewsThatRepeatTheFileAreRefused() throws IOException {
    int elements = 1 << 20;
    PickleWriter views = new PickleWriter().op('}').op('(');
    for (int i = 0; i < 1000; i++) {
      views.text("x" + i);
      views.tensor("FloatStorage", "0", elements, 0, new int[] {2}, new int[] {elements - 1});
    }
    assertRefused(
        "views.pt",
        SampleFiles.zip(views.op('u').stop(), Map.of("0", new byte[4 * elements])),
        "repeats what is stored");
  }

  @Test
  void archivesThatLieAreRefused() throws IOException {
    byte[] good = SampleFiles.stored(Map.of("x.npy", new byte[200]));
    ByteBuffer end = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
    end.putShort(good.length - 12, (short) 60_000);
    assertRefused("count.npz", end.array(), "bytes for 60000 entries");
    ByteBuffer far = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
    far.putInt(good.length - 6, Integer.MAX_VALUE);
    assertRefused("far.npz", far.array(), "said to begin here");
    Map<String, byte[]> program = new LinkedHashMap<>();
    program.put("archive/data.pkl", new PickleWriter().op('}').stop());
    program.put("archive/constants.pkl", new PickleWriter().op(')').stop());
    assertRefused("program.pt", SampleFiles.stored(program), "TorchScript program");
    Map<String, byte[]> wandering = Map.of("archive/../../etc/data.pkl", new byte[3]);
    assertRefused("wandering.pt", SampleFiles.stored(wandering), "which leads elsewhere");
  }

  /** Puts a number where a length could be. */
  private static void number(byte[] bytes, Random random) {
    long[] numbers = {
      0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, 1L << 40, bytes.length, 65536
    };
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(random.nextInt(bytes.length - 8), numbers[random.nextInt(numbers.length)]);
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - count);
    System.arraycopy(bytes, at + count, shorter, at, bytes.length - at - count);
    return shorter;
  }

  private static byte[] with(byte[] bytes, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
    return longer;
  }
}
