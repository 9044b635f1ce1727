package org.lamina.data.source;

import java.util.List;
import org.lamina.data.Picture;

/**
 * Pictures of one extent in memory.
 *
 * @param name what messages call the set
 * @param classes names by label
 * @param labels by sample
 * @param width columns
 * @param height rows
 * @param pixels grey values, [samples, height, width]
 */
record Memory(String name, List<String> classes, int[] labels, int width, int height, byte[] pixels)
    implements Dataset {

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String sample(int index) {
    return name + " #" + index;
  }

  @Override
  public boolean isCheap() {
    return true;
  }

  @Override
  public Picture read(int index) {
    int area = width * height;
    byte[] rgb = new byte[3 * area];
    for (int i = 0; i < area; i++) {
      byte value = pixels[index * area + i];
      rgb[3 * i] = value;
      rgb[3 * i + 1] = value;
      rgb[3 * i + 2] = value;
    }
    return new Picture(width, height, rgb);
  }
}
