package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.TestData;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

class NpyTest {

  private static final float[] SIX = {1, 2, 3, 4, 5, 6};

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() {
    for (Shape shape : new Shape[] {Shape.of(2, 3), Shape.of(6), Shape.of(1, 2, 3, 1)}) {
      Path file = folder.resolve("a.npy");
      Npy.write(file, new Tensor(shape, SIX));
      assertEquals(shape, Npy.read(file).shape());
      assertArrayEquals(SIX, Npy.read(file).values());
    }
    Path scalar = folder.resolve("scalar.npy");
    Npy.write(scalar, new Tensor(Shape.of(), new float[] {7}));
    assertEquals(0, Npy.read(scalar).shape().rank());
  }

  /** What numpy.save(f, numpy.zeros((2, 3), '<f4')) writes before the elements, byte by byte. */
  @Test
  void writesTheHeaderThatNumpyWrites() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new Tensor(Shape.of(2, 3), SIX));
    byte[] expected =
        ("\u0093NUMPY\u0001\u0000\u0076\u0000"
                + "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
                + " ".repeat(58)
                + "\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 24, bytes.length);
    assertArrayEquals(expected, Arrays.copyOf(bytes, 128));
  }

  @Test
  void readsEveryVersionTypeAndOrder() throws IOException {
    for (int version = 1; version <= 3; version++) {
      assertArrayEquals(SIX, read(version, "<f4", false).values());
      assertArrayEquals(SIX, read(version, ">f4", false).values());
      assertArrayEquals(SIX, read(version, "<f8", false).values());
      assertArrayEquals(SIX, read(version, ">f8", false).values());
    }
  }

  /** In Fortran order the elements 1 to 6 of a 2×3 array stand column by column. */
  @Test
  void turnsFortranOrderAround() throws IOException {
    assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, read(1, "<f4", true).values());
  }

  @Test
  void readsWhatNumpyWrote() {
    Tensor input = Npy.read(TestData.file("layers/caffe/input.npy"));
    assertEquals(4, input.shape().rank());
    assertTrue(input.shape().volume() > 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '\0',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), } # F32 7 does not fill the 24",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), } # at most 2147483647",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)} # does not fill",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-6,), } # each once, of a plain type",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (6,), } # elements of type '<i4' are not read; store",
        "{'descr': '|O', 'fortran_order': False, 'shape': (6,), } # are not read",
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (6,), } # of a plain type",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (6,), } # each once",
        "{'descr': '<f4', 'shape': (6,), } # has only",
        "{'descr': '<f4', 'descr': '<f4', 'shape': (6,), } # each once",
        "{'descr': '<f4', 'fortran_order': '<f4', 'shape': (6,), } # must be True or False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': '6', } # shape must be a tuple",
        "{'descr': True, 'fortran_order': False, 'shape': (6,), } # elements of type ''",
        "__import__('os') # must be a dictionary",
      })
  void refusesBadHeaders(String header, String problem) throws IOException {
    assertRefused(npy(1, header, 24), problem);
  }

  @Test
  void refusesOtherFiles() throws IOException {
    assertRefused(new byte[0], "begins with \\x93NUMPY");
    assertRefused("PK\u0003\u0004 some archive".getBytes(StandardCharsets.US_ASCII), ".npz");
    byte[] good = npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", 24);
    good[6] = 9;
    assertRefused(good, "version is 9.0");
    good[6] = 2;
    assertRefused(good, "header's length is given as");
  }

  private void assertRefused(byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("bad.npy"), bytes);
    WeightsException e = assertThrows(WeightsException.class, () -> Npy.read(file));
    assertTrue(e.getMessage().startsWith(file + ": byte "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  private Tensor read(int version, String type, boolean fortran) throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (2, 3), }\n"
            .formatted(type, fortran ? "True" : "False");
    byte[] bytes = npy(version, header, type.endsWith("4") ? 24 : 48);
    ByteBuffer data =
        ByteBuffer.wrap(bytes)
            .order(type.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    data.position(bytes.length - (type.endsWith("4") ? 24 : 48));
    for (float value : SIX) {
      if (type.endsWith("4")) {
        data.putFloat(value);
      } else {
        data.putDouble(value);
      }
    }
    return Npy.read(Files.write(folder.resolve("read.npy"), bytes));
  }

  private static byte[] npy(int version, String header, int dataBytes) {
    ByteBuffer bytes =
        ByteBuffer.allocate((version == 1 ? 10 : 12) + header.length() + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(NpyHeader.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) header.length());
    } else {
      bytes.putInt(header.length());
    }
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    return bytes.array();
  }
}
