package org.lamina.train.report;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.Pipeline;
import org.lamina.data.SampleKey;
import org.lamina.data.source.Dataset;
import org.lamina.layer.Convolution;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.train.Scoreboard;

/** The pictures of a report, as PNG; none has text in it. */
final class Pictures {

  private static final int SIDE = 720;
  private static final int MOST_FILTERS = 96;
  private static final int INPUTS = 40;
  private static final int COLUMNS = 10;

  private Pictures() {}

  /**
   * Returns the filters of the first convolution, if it looks at grey or colour pictures: the
   * paper's figure 3. Grey stands for 0; every filter has the contrast of its largest weight.
   *
   * @param weights gives a parameter by its name
   */
  static Optional<byte[]> filters(Network network, Function<String, Tensor> weights)
      throws IOException {
    Optional<Node> first =
        network.nodes().stream().filter(node -> node.layer() instanceof Convolution).findFirst();
    if (first.isEmpty() || !network.inputs().containsKey(first.get().from().get(0))) {
      return Optional.empty();
    }
    Tensor tensor = weights.apply(first.get().name() + ".weight");
    int channels = tensor.shape().extent(1);
    if (channels != 1 && channels != 3) {
      return Optional.empty();
    }
    int count = Math.min(MOST_FILTERS, tensor.shape().extent(0));
    int height = tensor.shape().extent(2);
    int width = tensor.shape().extent(3);
    int columns = Math.min(count, (int) Math.ceil(Math.sqrt(2.0 * count)));
    Grid grid = new Grid(count, columns, width, height, Math.max(1, SIDE / columns / width));
    float[] values = tensor.values();
    boolean reversed = isReversed(network);
    for (int f = 0; f < count; f++) {
      int volume = channels * height * width;
      int start = f * volume;
      double largest = 1e-30;
      for (int i = start; i < start + volume; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      double scale = 0.5 / largest;
      grid.put(
          f,
          (x, y) ->
              color(
                  channels,
                  reversed,
                  c -> 0.5 + scale * values[start + (c * height + y) * width + x]));
    }
    return Optional.of(grid.png());
  }

  /**
   * Returns what the network is shown of some samples: varied and prepared, with the contrast of
   * each stretched to be seen. They are spread over the data, which often has its classes one after
   * the other.
   */
  static byte[] inputs(Network network, Dataset data, Pipeline pipeline, long seed)
      throws IOException {
    Chw shape = pipeline.shape();
    int count = Math.min(INPUTS, data.size());
    Grid grid = new Grid(count, COLUMNS, shape.w(), shape.h(), zoom(shape.w(), COLUMNS));
    boolean reversed = isReversed(network);
    float[] values = new float[Math.toIntExact(shape.volume() * pipeline.views())];
    for (int i = 0; i < count; i++) {
      int sample = (int) ((2L * i + 1) * data.size() / (2L * count));
      try {
        pipeline.apply(data.read(sample), new SampleKey(seed, 0, sample), values, 0);
      } catch (ImageException e) {
        continue; // the run has told of it
      }
      double least = Double.MAX_VALUE;
      double most = -Double.MAX_VALUE;
      for (float value : values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      double low = least;
      double span = Math.max(1e-12, most - least);
      grid.put(
          i,
          (x, y) ->
              color(
                  shape.c(),
                  reversed,
                  c -> (values[(c * shape.h() + y) * shape.w() + x] - low) / span));
    }
    return grid.png();
  }

  /** Returns a small version of a picture. */
  static byte[] thumbnail(Picture picture, int side) throws IOException {
    int largest = Math.max(picture.width(), picture.height());
    int width = Math.max(1, picture.width() * side / largest);
    int height = Math.max(1, picture.height() * side / largest);
    Grid grid = new Grid(1, 1, width, height, 1);
    byte[] rgb = picture.rgb();
    grid.put(
        0,
        (x, y) -> {
          int column = x * picture.width() / width;
          int row = y * picture.height() / height;
          int at = (row * picture.width() + column) * 3;
          return (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | rgb[at + 2] & 0xFF;
        });
    return grid.png();
  }

  /** Returns the confusion matrix: rows are classes, columns what they are taken for. */
  static byte[] confusion(Scoreboard scores) throws IOException {
    int n = scores.classes();
    Grid grid = new Grid(1, 1, n, n, Math.max(1, SIDE / n));
    grid.put(
        0,
        (said, label) -> {
          double share =
              (double) scores.confusion(label, said) / Math.max(1, scores.samplesOf(label));
          double dark = Math.sqrt(share);
          return said == label
              ? Grid.rgb(1 - 0.85 * dark, 1 - 0.6 * dark, 1)
              : Grid.rgb(1, 1 - 0.7 * dark, 1 - 0.95 * dark);
        });
    return grid.png();
  }

  private static int zoom(int width, int columns) {
    return Math.max(1, SIDE / columns / width);
  }

  /** The value of a channel, 0 to 1. */
  private interface Channel {
    double of(int channel);
  }

  private static int color(int channels, boolean reversed, Channel channel) {
    if (channels < 3) {
      double grey = channel.of(0);
      return Grid.rgb(grey, grey, grey);
    }
    return Grid.rgb(channel.of(reversed ? 2 : 0), channel.of(1), channel.of(reversed ? 0 : 2));
  }

  private static boolean isReversed(Network network) {
    List<Channels> orders =
        network.preprocessing().steps().stream()
            .filter(Channels.class::isInstance)
            .map(Channels.class::cast)
            .toList();
    return orders.stream().anyMatch(channels -> channels.order() == Order.BGR);
  }
}
