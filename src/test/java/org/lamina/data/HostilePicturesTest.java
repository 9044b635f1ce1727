package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.TestData;

/** Pictures that are damaged, or made to do damage. */
class HostilePicturesTest {

  @TempDir Path folder;

  @Test
  void saysWhatIsWrongWithThePath() throws IOException {
    Path missing = folder.resolve("missing.jpg");
    assertMessage(missing, missing + ": there is no such file; check the path");
    assertMessage(folder, folder + ": is a folder; name a picture");
    Path empty = Files.createFile(folder.resolve("empty.png"));
    assertMessage(empty, empty + ": the file is empty");
  }

  @ParameterizedTest
  @CsvSource({
    "'hello, world\n', text",
    "RIFFxxxxWEBPVP8, a WebP picture",
    "%PDF-1.7, a PDF document",
    "xxxxftypheic, 'a HEIC or AVIF picture, or a film'",
    "'\u0001\u0002\u0003', no picture of a known kind",
    "'<svg xmlns=', an SVG drawing",
  })
  void namesWhatIsNoPicture(String content, String kind) throws IOException {
    Path file = folder.resolve("photo.jpg");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    assertMessage(
        file, file + ": this is " + kind + "; JPEG, PNG, GIF and BMP are read: convert it first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp"})
  void everyShortenedFileIsRefused(String format) {
    byte[] whole = sample(format);
    for (int length = 0; length < whole.length - 1; length += 1 + length / 50) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(ImageException.class, () -> Images.decode(Path.of("cut"), cut), "of " + length);
    }
  }

  @Test
  void aTruncatedPhotoIsNotHalfGrey() throws IOException {
    byte[] whole = Files.readAllBytes(TestData.file("images/espresso.jpg"));
    for (int length = 1000; length < whole.length; length += 5000) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(ImageException.class, () -> Images.decode(Path.of("cut"), cut));
    }
    byte[] zeroed = whole.clone();
    Arrays.fill(zeroed, whole.length / 2, whole.length, (byte) 0);
    assertThrows(ImageException.class, () -> Images.decode(Path.of("zeroed"), zeroed));
  }

  @Test
  void aHugePngHeaderIsRefusedAtOnce() {
    byte[] png = png(100_000, 100_000, new byte[100]);
    assertEquals(
        "huge: the header gives 100000×100000 pixels; at most 100,000,000 are read: scale the"
            + " picture down first",
        refused(png));
    assertTrue(refused(png(-1, -1, new byte[1])).contains("4294967295×4294967295 pixels"));
    assertTrue(refused(png(0, 5, new byte[1])).contains("0×5 pixels; the file is damaged"));
    assertTrue(refused(png(9_000, 9_000, new byte[100])).contains("cannot hold so many"));
  }

  @Test
  void hugeHeadersOfOtherFormatsAreRefused() {
    byte[] jpeg = sample("jpeg");
    int frame = 2;
    while ((jpeg[frame + 1] & 0xFF) != 0xC0) {
      frame += 2 + ((jpeg[frame + 2] & 0xFF) << 8 | jpeg[frame + 3] & 0xFF);
    }
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xFF);
    assertTrue(refused(jpeg).contains("65535×65535 pixels; at most"));
    jpeg[frame + 5] = 0x20;
    jpeg[frame + 7] = 0x20;
    assertTrue(refused(jpeg).contains("cannot hold so many"));
    byte[] bmp = sample("bmp");
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 10_000).putInt(22, -10);
    assertTrue(refused(bmp).contains("10000×10 pixels, but"));
    bmp[30] = 4;
    assertTrue(refused(bmp).contains("compression 4"));
    byte[] gif = sample("gif");
    int image = 13 + (3 << (gif[10] & 7) + 1);
    while (gif[image] != 0x2C) {
      image++;
    }
    Arrays.fill(gif, image + 5, image + 9, (byte) 0xFF);
    assertTrue(refused(gif).contains("65535×65535 pixels"));
  }

  /** The pixels of a frame in well-formed blocks, but only the first half of them. */
  @Test
  void aGifWhosePixelsEndIsNotHalfBlank() {
    byte[] gif = sample("gif");
    int image = 13 + 6;
    while (gif[image] != 0x2C) {
      image++;
    }
    int block = image + 11;
    gif[block] = (byte) (gif[block] / 2);
    gif[block + 1 + gif[block]] = 0;
    assertTrue(refused(gif).contains("the GIF's pixels end, or make no sense, after "));
  }

  /** Likewise a PNG with half of its compressed data, in chunks with right sums. */
  @Test
  void aPngWhosePixelsEndIsNotHalfBlank() {
    byte[] whole = sample("png");
    int length = ByteBuffer.wrap(whole).getInt(33);
    byte[] half = Arrays.copyOfRange(whole, 41, 41 + length / 2);
    assertTrue(refused(png(40, 30, half)).startsWith("huge: the picture is damaged: "));
    byte[] all = Arrays.copyOfRange(whole, 41, 41 + length);
    assertEquals(40, Images.decode(Path.of("whole"), png(40, 30, all)).width());
    assertTrue(refused(png(40, 31, all)).startsWith("huge: the picture is damaged: "));
  }

  @Test
  void aWrongCheckSumIsDamage() {
    byte[] png = sample("png");
    png[png.length / 2] ^= 1;
    assertTrue(refused(png).contains("does not fit its check sum"));
  }

  @Test
  void endlessScansAreRefused() throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(sample("jpeg"));
    for (int i = 0; i < 1000; i++) {
      many.write(new byte[] {(byte) 0xFF, (byte) 0xDA});
    }
    assertTrue(refused(many.toByteArray()).contains("the JPEG has 1001 scans"));
  }

  /**
   * 2,500 files of each kind with a few bytes changed: a picture or our exception, and no delay.
   */
  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp"})
  void mutatedFilesAreDecodedOrRefused(String format) {
    byte[] good = sample(format);
    Random random = new Random(3);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    int refused = 0;
    long slowest = 0;
    for (int i = 0; i < 2_500; i++) {
      byte[] bytes = mutated(good, random, format);
      long start = threads.getCurrentThreadCpuTime();
      try {
        Images.decode(Path.of("mutated"), bytes);
      } catch (ImageException e) {
        refused++;
      }
      slowest = Math.max(slowest, threads.getCurrentThreadCpuTime() - start);
    }
    assertTrue(refused > 50, "only " + refused + " were refused: the mutations are too tame");
    assertTrue(slowest < 1_000_000_000L, "one took " + slowest / 1_000_000 + " ms");
  }

  private static byte[] mutated(byte[] good, Random random, String format) {
    byte[] bytes = good.clone();
    // Mostly in the first bytes, where the structure is.
    int range = random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, 1000);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = 2 + random.nextInt(range - 2);
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
    }
    if (format.equals("png")) {
      repairSums(bytes);
    }
    return bytes;
  }

  /** Lets mutations pass the first gate, so that they reach the decoder. */
  private static void repairSums(byte[] png) {
    ByteBuffer chunks = ByteBuffer.wrap(png);
    for (int at = 8; at + 12 <= png.length; ) {
      long length = chunks.getInt(at) & 0xFFFFFFFFL;
      if (length > png.length - at - 12) {
        return;
      }
      CRC32 sum = new CRC32();
      sum.update(png, at + 4, (int) length + 4);
      chunks.putInt(at + 8 + (int) length, (int) sum.getValue());
      at += (int) length + 12;
    }
  }

  private static byte[] sample(String format) {
    int type = format.equals("gif") ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_3BYTE_BGR;
    return SamplePictures.encode(SamplePictures.noisy(40, 30, type), format);
  }

  private static byte[] png(int width, int height, byte[] data) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    png.writeBytes(
        chunk(
            "IHDR",
            ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array()));
    png.writeBytes(chunk("IDAT", data));
    png.writeBytes(chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(data.length + 12).putInt(data.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, data.length + 4);
    return chunk.putInt((int) sum.getValue()).array();
  }

  private static String refused(byte[] bytes) {
    return assertThrows(ImageException.class, () -> Images.decode(Path.of("huge"), bytes))
        .getMessage();
  }

  private static void assertMessage(Path file, String message) {
    assertEquals(message, assertThrows(ImageException.class, () -> Images.read(file)).getMessage());
  }
}
