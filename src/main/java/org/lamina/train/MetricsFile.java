package org.lamina.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of a run, {@code metrics.csv}: a row every so many steps and for every evaluation.
 * Nothing in it depends on time or machine load, so that the same run writes the same bytes.
 */
public final class MetricsFile implements AutoCloseable {

  private static final String HEADER =
      "step,epoch,learning_rate,loss,accuracy,validation_loss,validation_accuracy,validation_top5\n";

  private final FileChannel channel;

  /**
   * A row; what was not measured is NaN, and empty in the file.
   *
   * @param step steps done
   * @param epoch the same in passes over the data
   * @param rate the learning rate of the last step
   * @param loss mean over the samples since the last row
   * @param accuracy share of them that were right
   * @param validationLoss mean over the validation set
   * @param validationAccuracy share of it that is right
   * @param validationTop5 share of it whose class is among the five most probable
   */
  public record Row(
      long step,
      double epoch,
      double rate,
      double loss,
      double accuracy,
      double validationLoss,
      double validationAccuracy,
      double validationTop5) {

    /** Returns whether the row holds an evaluation. */
    public boolean isEvaluation() {
      return !Double.isNaN(validationLoss);
    }

    private String line() {
      return step
          + ","
          + text(epoch)
          + ","
          + text(rate)
          + ","
          + text(loss)
          + ","
          + text(accuracy)
          + ","
          + text(validationLoss)
          + ","
          + text(validationAccuracy)
          + ","
          + text(validationTop5)
          + "\n";
    }

    private static String text(double value) {
      return Double.isNaN(value) ? "" : Float.toString((float) value);
    }

    private static Row parse(String line) {
      String[] cells = line.split(",", -1);
      double[] values = new double[cells.length];
      for (int i = 0; i < cells.length; i++) {
        values[i] = cells[i].isEmpty() ? Double.NaN : Double.parseDouble(cells[i]);
      }
      return new Row(
          (long) values[0],
          values[1],
          values[2],
          values[3],
          values[4],
          values[5],
          values[6],
          values[7]);
    }
  }

  /**
   * Opens the table and forgets what was written after a checkpoint.
   *
   * @param bytes its length at the checkpoint; 0 begins a new one
   * @throws IOException if it cannot be opened, or is shorter than that
   */
  MetricsFile(Path path, long bytes) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() < bytes) {
      channel.close();
      throw new IOException(
          "%s: has %d bytes, but had %d at the checkpoint; it has been changed"
              .formatted(path, Files.size(path), bytes));
    }
    channel.truncate(bytes).position(bytes);
    if (bytes == 0) {
      append(HEADER);
    }
  }

  /** Appends a row. */
  void add(Row row) throws IOException {
    append(row.line());
  }

  private void append(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Brings everything to the disk and returns the length of the table. */
  long flush() throws IOException {
    channel.force(true);
    return channel.position();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Reads a table.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static List<Row> read(Path path) throws IOException {
    List<String> lines = Files.readAllLines(path, StandardCharsets.US_ASCII);
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        rows.add(Row.parse(lines.get(i)));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(path + ":" + (i + 1) + ": is no row of metrics", e);
      }
    }
    return rows;
  }
}
