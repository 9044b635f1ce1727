package org.lamina.data;

import java.util.Locale;
import org.lamina.network.Augmentation.RandomCrop;
import org.lamina.network.Augmentation.ResizedCrop;

/** Parts of pictures at random places. */
final class Crops {

  private static final int TRIES = 10;

  private Crops() {}

  /** Returns a part of a given extent at any place of the picture and its border. */
  static Stage random(RandomCrop crop, Stage picture, int height, int width, Numbers numbers) {
    Stage padded =
        crop.pad() == 0 ? picture : picture.pad(crop.pad(), (int) Math.rint(crop.fill()));
    if (padded.height() < height || padded.width() < width) {
      throw new ImageException(
          String.format(
              Locale.ROOT,
              "random_crop of %d×%d pixels does not fit the picture, which has %d×%d there; resize"
                  + " first",
              width,
              height,
              padded.width(),
              padded.height()));
    }
    int top = numbers.below(padded.height() - height + 1);
    int left = numbers.below(padded.width() - width + 1);
    return padded.crop(top, left, height, width);
  }

  /** Returns a part of random extent, scaled to a given one. */
  static Stage resized(ResizedCrop crop, Stage picture, int height, int width, Numbers numbers) {
    double area = (double) picture.height() * picture.width();
    double least = StrictMath.log(crop.ratio().get(0));
    double most = StrictMath.log(crop.ratio().get(1));
    for (int i = 0; i < TRIES; i++) {
      double part = area * numbers.uniform(crop.scale().get(0), crop.scale().get(1));
      double ratio = StrictMath.exp(numbers.uniform(least, most));
      long w = Math.round(Math.sqrt(part * ratio));
      long h = Math.round(Math.sqrt(part / ratio));
      double down = numbers.uniform();
      double right = numbers.uniform();
      if (w >= 1 && h >= 1 && w <= picture.width() && h <= picture.height()) {
        int top = (int) (down * (picture.height() - h + 1));
        int left = (int) (right * (picture.width() - w + 1));
        return picture.crop(top, left, (int) h, (int) w).resize(height, width);
      }
    }
    return middle(crop, picture).resize(height, width);
  }

  /** Returns the largest part in the middle whose proportions are allowed. */
  private static Stage middle(ResizedCrop crop, Stage picture) {
    int w = picture.width();
    int h = picture.height();
    double ratio = (double) w / h;
    if (ratio < crop.ratio().get(0)) {
      h = Math.max(1, Math.min(h, (int) Math.rint(w / crop.ratio().get(0))));
    } else if (ratio > crop.ratio().get(1)) {
      w = Math.max(1, Math.min(w, (int) Math.rint(h * crop.ratio().get(1))));
    }
    return picture.crop((picture.height() - h) / 2, (picture.width() - w) / 2, h, w);
  }
}
