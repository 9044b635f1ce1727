package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/** Files of tensors that are damaged or made to do damage. */
class HostileFilesTest {

  @TempDir Path folder;

  /** Each header stands before 16 bytes of data. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,17]}} | [0, 17) of the data, which has 16",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[8,4]}} | [8, 4) of the data",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[-1,15]}} | none negative",
        "{'a':{'dtype':'F32','shape':[-4],'data_offsets':[0,16]}} | none negative",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,16]}} | of F32 3 does not fill the 16",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | an axis of",
        "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}} | does not fill",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,9223372036854775807]}} | of the data",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,9223372036854775808]}} | not valid JSON",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16,16]}} | at most 2 numbers",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[16]}} | two data_offsets",
        "{'a':{'dtype':'F32','shape':[4.0],'data_offsets':[0,16]}} | expected a whole number",
        "{'a':{'dtype':'F32','shape':4,'data_offsets':[0,16]}} | expected a list of numbers",
        "{'a':{'dtype':32,'shape':[4],'data_offsets':[0,16]}} | expected a text",
        "{'a':{'dtype':'F33','shape':[4],'data_offsets':[0,16]}} | unknown dtype F33, did you mean 'F32'",
        "{'a':{'dtype':'F32','data_offsets':[0,16]}} | needs dtype, shape and two data_offsets",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[4],'data_offsets':[0,16]}} | Duplicate field 'dtype'",
        "{'a':{'type':'F32','shape':[4],'data_offsets':[0,16]}} | has no field 'type'",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | byte 70: the tensors end here",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}} | leaves a gap after",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[3],'data_offsets':[4,16]}} | tensor 'b' overlaps",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}} | Duplicate field 'a'",
        "{'__metadata__':{'x':1}} | expected a text",
        "{'a':null} | expected an object",
        "[] | must begin with '{'",
        "{} {} | something follows it",
        "{'a': | not valid JSON",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]} | not valid JSON",
        "{} | byte 10: the tensors end here, but the file has 26 bytes",
      })
  void refusesBadHeaders(String json, String problem) {
    byte[] bytes = SafetensorsTest.bytes(json.replace('\'', '"'), new byte[16]);
    assertRefused(bytes, problem);
  }

  @Test
  void refusesBadLengths() {
    assertRefused(new byte[0], "byte 0: a safetensors file begins with 8 bytes");
    assertRefused(new byte[5], "this one has 5 bytes; it is empty or cut short");
    assertRefused(new byte[100], "length is given as 0 bytes, but 92 follow");
    assertRefused(length(-1), "given as 18446744073709551615 bytes");
    assertRefused(length(Long.MIN_VALUE), "given as 9223372036854775808 bytes");
    assertRefused(length(93), "given as 93 bytes, but 92 follow");
    assertRefused("hello, this is a text file".getBytes(StandardCharsets.UTF_8), "cut short");
  }

  @Test
  void refusesAHeaderOverTheLimitWithoutReadingIt() throws IOException {
    Path file = Files.write(folder.resolve("long"), length(200_000_000));
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(300_000_000);
    }
    String message =
        assertThrows(WeightsException.class, () -> Safetensors.open(file)).getMessage();
    assertTrue(message.contains("the format allows 100,000,000"), message);
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[] bytes = SafetensorsTest.bytes("{\"a\": 1}", new byte[0]);
    bytes[10] = (byte) 0xFF;
    assertRefused(bytes, "not UTF-8");
    byte[] wide = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
    assertRefused(
        ByteBuffer.allocate(8 + wide.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(wide.length)
            .put(wide)
            .array(),
        "must begin with '{'");
  }

  @Test
  void refusesDeepNesting() {
    assertRefused(
        SafetensorsTest.bytes("{\"a\":" + "[".repeat(1_000_000), new byte[0]),
        "expected an object");
    assertRefused(
        SafetensorsTest.bytes("{\"a\":{\"shape\":[" + "0,".repeat(1_000_000) + "0]}}", new byte[0]),
        "at most 64 numbers");
  }

  @Test
  void showsNoControlCharactersOfTheFile() {
    assertRefused(
        SafetensorsTest.bytes("{\"\\u001b[2J\":{}}", new byte[0]), "tensor '\\u001b[2J' needs");
  }

  @Test
  void saysWhatIsWrongWithThePath() {
    Path missing = folder.resolve("missing");
    assertEquals(
        missing + ": there is no such file; check the path",
        assertThrows(WeightsException.class, () -> Safetensors.open(missing)).getMessage());
    assertEquals(
        folder + ": is a folder; name a file of tensors",
        assertThrows(WeightsException.class, () -> Npy.read(folder)).getMessage());
  }

  @Test
  void noticesAFileThatShrinksAfterItWasOpened() throws IOException {
    Path file = folder.resolve("shrinks");
    Safetensors.write(file, Map.of("x", Tensor.zeros(Shape.of(1000))));
    try (Safetensors read = Safetensors.open(file)) {
      Files.write(file, new byte[10]);
      String message = assertThrows(WeightsException.class, () -> read.read("x")).getMessage();
      assertTrue(message.contains("became shorter"), message);
    }
  }

  @Test
  void mutatedSafetensorsAreReadOrRefused() throws IOException {
    byte[] good =
        SafetensorsTest.bytes(
            "{\"__metadata__\":{\"k\":\"v\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[8,16]}}",
            new byte[16]);
    mutate(
        good,
        path -> {
          try (Safetensors read = Safetensors.open(path)) {
            read.shapes().keySet().forEach(read::read);
          }
        });
  }

  @Test
  void mutatedArraysAreReadOrRefused() throws IOException {
    Path file = folder.resolve("good.npy");
    Npy.write(file, new Tensor(Shape.of(2, 3), new float[6]));
    mutate(Files.readAllBytes(file), Npy::read);
  }

  /** 10,000 files with one to four bytes changed, cut or repeated: only our exceptions. */
  private void mutate(byte[] good, Consumer<Path> read) throws IOException {
    Path file = folder.resolve("mutated");
    Files.write(file, good);
    read.accept(file);
    Random random = new Random(1);
    int refused = 0;
    try (RandomAccessFile rewritten = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < 10_000; i++) {
        // Never emptied: some file systems flush to the disk when an emptied file is closed.
        byte[] bytes = mutated(good, random);
        rewritten.seek(0);
        rewritten.write(bytes);
        rewritten.setLength(bytes.length);
        try {
          read.accept(file);
        } catch (WeightsException e) {
          refused++;
        }
      }
    }
    assertTrue(refused > 5_000, "only " + refused + " were refused: the mutations are too tame");
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) ('0' + random.nextInt(10));
        case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static byte[] length(long value) {
    return ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private void assertRefused(byte[] bytes, String problem) {
    Path file = folder.resolve("bad.safetensors");
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    WeightsException e = assertThrows(WeightsException.class, () -> Safetensors.open(file));
    assertTrue(e.getMessage().startsWith(file + ": byte "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
