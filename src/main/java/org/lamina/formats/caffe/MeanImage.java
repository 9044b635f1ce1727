package org.lamina.formats.caffe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

/**
 * The mean of all pictures of a data set, from a .binaryproto.
 *
 * @param shape how large the pictures are
 * @param channels the mean of each channel over all its pixels, to four decimals
 */
record MeanImage(Chw shape, List<Double> channels) {

  /**
   * Reads a file.
   *
   * @throws WeightsException if it holds no picture
   */
  static MeanImage read(Path path) {
    try (TensorFile file = BlobTensors.mean(path)) {
      Map.Entry<String, Shape> tensor = file.shapes().entrySet().iterator().next();
      List<Integer> extents = new ArrayList<>(tensor.getValue().extents());
      while (extents.size() > 3 && extents.get(0) == 1) {
        extents.remove(0);
      }
      if (extents.size() != 3) {
        throw new WeightsException(
            path
                + ": is "
                + tensor.getValue()
                + ", which is no picture of channels × rows × columns");
      }
      Chw shape = new Chw(extents.get(0), extents.get(1), extents.get(2));
      double[] sums = new double[shape.c()];
      long plane = (long) shape.h() * shape.w();
      long[] at = {0};
      file.stream(
          tensor.getKey(),
          (values, offset, count) -> {
            for (int i = offset; i < offset + count; i++) {
              sums[(int) (at[0]++ / plane)] += values[i];
            }
          });
      List<Double> channels = new ArrayList<>();
      for (double sum : sums) {
        double mean = sum / plane;
        if (!Double.isFinite(mean)) {
          throw new WeightsException(path + ": the mean of a channel is " + mean);
        }
        channels.add(Math.round(mean * 1e4) / 1e4);
      }
      return new MeanImage(shape, channels);
    }
  }
}
