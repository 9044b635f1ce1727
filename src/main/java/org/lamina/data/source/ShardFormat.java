package org.lamina.data.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What reader and writer of shards share; docs/data.md describes the format. */
final class ShardFormat {

  static final String EXTENSION = ".shard";
  static final byte[] MAGIC = "LAMSHARD".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;

  /** Bytes of the header; samples begin behind it. */
  static final int HEADER = 64;

  /** Bytes of the header that its own check sum covers. */
  static final int SUMMED = 32;

  /** Bytes that a sample has in the index, besides its name. */
  static final int ENTRY = 22;

  /** What a sample of raw pixels begins with; width and height follow, then RGB. */
  static final byte[] RAW = "LRGB".getBytes(StandardCharsets.US_ASCII);

  /** Bytes before the pixels of a raw sample. */
  static final int RAW_HEADER = 12;

  private ShardFormat() {}

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static int sum(byte[] bytes, int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
