package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.formats.caffe.schema.ImageDataParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.TransformationParameter;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;
import org.lamina.weights.Printable;

/** How pictures become the input, from what a data layer says: crop, minus mean, times scale. */
final class Pictures {

  /** What the pictures of Caffe's ImageNet databases are scaled to; its files do not say so. */
  private static final int DATABASE_SIDE = 256;

  private final LayerParameter data;
  private final Chw input;
  private final Optional<MeanImage> mean;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> remarks;

  private Pictures(LayerParameter data, Chw input, Optional<MeanImage> mean, List<String> remarks) {
    this.data = data;
    this.input = input;
    this.mean = mean;
    this.remarks = remarks;
  }

  /**
   * Returns the steps.
   *
   * @param data the layer that brings pictures in
   * @param input the shape of one image
   * @param mean the mean that the user gave
   * @param remarks takes what had to be assumed
   */
  static Preprocessing of(
      LayerParameter data, Chw input, Optional<MeanImage> mean, List<String> remarks) {
    boolean says = data.hasTransformParam() || mean.isPresent() || data.hasImageDataParam();
    if (!says || (input.c() != 1 && input.c() != 3)) {
      return Preprocessing.NONE;
    }
    return new Pictures(data, input, mean, remarks).steps();
  }

  private Preprocessing steps() {
    extents();
    channels();
    mean();
    TransformationParameter transform = data.getTransformParam();
    if (transform.getScale() != 1 && Float.isFinite(transform.getScale())) {
      steps.add(new Scale(Fillers.decimal(transform.getScale())));
    }
    return new Preprocessing(steps);
  }

  private void extents() {
    ImageDataParameter images = data.getImageDataParam();
    int height = input.h();
    int width = input.w();
    if (images.getNewHeight() > 0 && images.getNewWidth() > 0) {
      height = images.getNewHeight();
      width = images.getNewWidth();
    } else if (mean.isPresent() && covers(mean.get().shape())) {
      height = mean.get().shape().h();
      width = mean.get().shape().w();
    } else if (data.getTransformParam().getCropSize() > 0) {
      height = Math.max(height, DATABASE_SIDE);
      width = Math.max(width, DATABASE_SIDE);
      remarks.add(
          String.format(
              Locale.ROOT,
              "the file does not say how large pictures are before they are cropped; %d×%d is assumed, as Caffe's ImageNet scripts do",
              height,
              width));
    }
    steps.add(new Resize(height, width));
    if (height > input.h() || width > input.w()) {
      steps.add(new CenterCrop(input.h(), input.w()));
    }
  }

  private boolean covers(Chw other) {
    return other.c() == input.c() && other.h() >= input.h() && other.w() >= input.w();
  }

  /** Caffe decodes pictures with OpenCV; its CIFAR-10 database keeps the order of CIFAR-10. */
  private void channels() {
    if (input.c() == 1) {
      steps.add(new Channels(Order.GRAY));
    } else if (data.getDataParam().getSource().toLowerCase(Locale.ROOT).contains("cifar")) {
      remarks.add(
          "channels are taken to be red, green, blue, as Caffe's CIFAR-10 database has them");
    } else {
      steps.add(new Channels(Order.BGR));
      remarks.add(
          "channels are taken to be blue, green, red, as Caffe's tools store them; its files do not say");
    }
  }

  private void mean() {
    TransformationParameter transform = data.getTransformParam();
    List<Double> values = new ArrayList<>();
    transform.getMeanValueList().forEach(value -> values.add(Fillers.decimal(value)));
    if (values.isEmpty() && mean.isPresent() && mean.get().shape().c() == input.c()) {
      values.addAll(mean.get().channels());
      remarks.add("the mean of every pixel became the mean of each channel");
    } else if (values.isEmpty() && transform.hasMeanFile()) {
      remarks.add(
          "the mean is in another file, '%s'; name it too, or write the step yourself"
              .formatted(Printable.text(transform.getMeanFile())));
    }
    if (values.size() == 1 || values.size() == input.c()) {
      steps.add(new Mean(values));
    }
  }
}
