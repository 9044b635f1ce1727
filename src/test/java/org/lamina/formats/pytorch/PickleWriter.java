package org.lamina.formats.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2, opcode by opcode, as Python does. */
public final class PickleWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins a pickle. */
  public PickleWriter() {
    op(0x80).op(2);
  }

  /** Writes a byte. */
  public PickleWriter op(int code) {
    bytes.write(code);
    return this;
  }

  /** Pushes a text. */
  public PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').int4(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  /** Pushes a whole number. */
  public PickleWriter number(int value) {
    return op('J').int4(value);
  }

  /** Pushes a name out of a module. */
  public PickleWriter global(String module, String name) {
    op('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Pushes a tuple of numbers. */
  public PickleWriter tuple(int... values) {
    op('(');
    for (int value : values) {
      number(value);
    }
    return op('t');
  }

  /** Pushes a storage. */
  public PickleWriter storage(String kind, String key, int elements) {
    op('(').text("storage").global("torch", kind).text(key).text("cpu").number(elements);
    return op('t').op('Q');
  }

  /** Pushes a tensor of a storage. */
  public PickleWriter tensor(
      String kind, String key, int elements, int offset, int[] shape, int[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').storage(kind, key, elements);
    number(offset).tuple(shape).tuple(strides).op(0x89);
    global("collections", "OrderedDict").op(')').op('R');
    return op('t').op('R');
  }

  /** Returns the finished pickle. */
  public byte[] stop() {
    op('.');
    return bytes.toByteArray();
  }

  private PickleWriter int4(int value) {
    bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }
}
