package org.lamina.data.source;

import java.util.List;
import java.util.Optional;
import org.lamina.data.Picture;

/**
 * Some samples of a data set; closing it closes nothing.
 *
 * @param whole the data set
 * @param name what messages call the part
 * @param indices which samples, in order
 */
record Subset(Dataset whole, String name, int[] indices) implements Dataset {

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return whole.label(indices[index]);
  }

  @Override
  public String sample(int index) {
    return whole.sample(indices[index]);
  }

  @Override
  public boolean isCheap() {
    return whole.isCheap();
  }

  @Override
  public Picture read(int index) {
    return whole.read(indices[index]);
  }

  @Override
  public Optional<byte[]> encoded(int index) {
    return whole.encoded(indices[index]);
  }
}
