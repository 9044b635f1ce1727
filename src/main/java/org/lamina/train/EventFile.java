package org.lamina.train;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events for TensorBoard: one value of every curve at every step that is told.
 *
 * <p>A file is a sequence of records: the length (8 bytes), its checksum, the event, its checksum;
 * little-endian. A checksum is the CRC-32C of what stands before it, rotated right by 15 bits, plus
 * 0xA282EAD8. An event is a protobuf message: {@code 1} wall time (double), {@code 2} step, {@code
 * 3} version of the format, {@code 5} summary with values ({@code 1}) of a tag ({@code 1}) and a
 * float ({@code 2}), {@code 7} session log with a status ({@code 1}).
 *
 * <p>Source: TensorFlow, event.proto, summary.proto and record_writer.h.
 */
final class EventFile implements AutoCloseable {

  private static final int MASK_DELTA = 0xA282EAD8;
  private static final int SESSION_START = 1;

  private final FileChannel channel;

  /** What one event consists of, beside its time. */
  @FunctionalInterface
  private interface Content {
    void write(CodedOutputStream out) throws IOException;
  }

  /**
   * Begins a new file in a folder, which is made if it is missing.
   *
   * @param step steps done; of curves that are there already, what comes after is to be forgotten
   * @throws IOException if it cannot be written
   */
  EventFile(Path folder, long step) throws IOException {
    Files.createDirectories(folder);
    long seconds = System.currentTimeMillis() / 1000;
    Path path;
    int copy = 0;
    do {
      path =
          folder.resolve(
              String.format(Locale.ROOT, "events.out.tfevents.%010d.lamina.%03d", seconds, copy++));
    } while (Files.exists(path));
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    event(0, out -> out.writeString(3, "brain.Event:2"));
    if (step > 0) {
      event(step, out -> out.writeByteArray(7, message(log -> log.writeEnum(1, SESSION_START))));
    }
  }

  /** Adds the columns of a row of metrics that hold something. */
  void add(MetricsFile.Row row) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss/training", row.loss());
    values.put("loss/validation", row.validationLoss());
    values.put("accuracy/training", row.accuracy());
    values.put("accuracy/validation", row.validationAccuracy());
    values.put("accuracy/validation_top5", row.validationTop5());
    values.put("learning_rate", row.rate());
    values.put("epoch", row.epoch());
    values.values().removeIf(value -> Double.isNaN(value));
    byte[] summary =
        message(
            out -> {
              for (Map.Entry<String, Double> value : values.entrySet()) {
                out.writeByteArray(1, value(value.getKey(), value.getValue().floatValue()));
              }
            });
    event(row.step(), out -> out.writeByteArray(5, summary));
  }

  private static byte[] value(String tag, float number) throws IOException {
    return message(
        out -> {
          out.writeString(1, tag);
          out.writeFloat(2, number);
        });
  }

  private void event(long step, Content content) throws IOException {
    record(
        message(
            out -> {
              out.writeDouble(1, System.currentTimeMillis() / 1000.0);
              out.writeInt64(2, step);
              content.write(out);
            }));
  }

  private void record(byte[] event) throws IOException {
    ByteBuffer length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(event.length);
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + event.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(length.array())
            .putInt(masked(length.array()))
            .put(event)
            .putInt(masked(event))
            .flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  private static byte[] message(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    content.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static int masked(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
