package org.lamina.data.load;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.Pipeline;
import org.lamina.data.SampleKey;
import org.lamina.data.source.Dataset;
import org.lamina.tensor.Chw;

/** A data set and a pipeline that say what the loader did. */
final class LoaderCases {

  /** One pixel whose red is the index; some samples are damaged. */
  record Numbered(int size, Set<Integer> damaged) implements Dataset {
    @Override
    public String name() {
      return "numbered";
    }

    @Override
    public List<String> classes() {
      return List.of("even", "odd");
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public String sample(int index) {
      return "numbered #" + index;
    }

    @Override
    public Picture read(int index) {
      if (damaged.contains(index)) {
        throw new ImageException(sample(index) + ": is damaged");
      }
      return new Picture(1, 1, new byte[] {(byte) index, (byte) (index >> 8), 0});
    }
  }

  /** Gives index, epoch and sample of the key. */
  record Telling(int views) implements Pipeline {
    @Override
    public Chw shape() {
      return new Chw(3, 1, 1);
    }

    @Override
    public void apply(Picture picture, SampleKey key, float[] to, int at) {
      for (int view = 0; view < views; view++) {
        to[at + 3 * view] = (picture.rgb()[0] & 0xFF) + 256 * (picture.rgb()[1] & 0xFF);
        to[at + 3 * view + 1] = key.epoch();
        to[at + 3 * view + 2] = key.sample() + 0.5f * view;
      }
    }
  }

  static final Pipeline ONE = new Telling(1);

  private LoaderCases() {}

  static LoaderOptions options(int batch, int threads) {
    return LoaderOptions.of(batch).withThreads(threads);
  }

  /** Everything that comes out, sample after sample: pixels, then label and index. */
  static List<float[]> take(Loader loader, int samples) {
    List<float[]> taken = new ArrayList<>();
    while (taken.size() < samples) {
      Optional<Batch> next = loader.next();
      if (next.isEmpty()) {
        break;
      }
      try (Batch batch = next.get()) {
        FloatBuffer images = batch.images();
        for (int i = 0; i < batch.count(); i++) {
          float[] row = new float[5];
          images.get(row, 0, 3);
          row[3] = batch.labels()[i];
          row[4] = batch.samples()[i];
          taken.add(row);
        }
      }
    }
    return taken.subList(0, Math.min(samples, taken.size()));
  }
}
