package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;

/** What models say of pictures in their metadata: ONNX's own properties for images. */
final class ImageMetadata {

  private static final String FORMAT = "Image.BitmapPixelFormat";
  private static final String RANGE = "Image.NominalPixelRange";

  private ImageMetadata() {}

  /** Returns how a picture becomes the input; nothing unless the order of channels is given. */
  static Preprocessing preprocessing(Map<String, String> properties, Chw input) {
    Channels.Order order =
        switch (properties.getOrDefault(FORMAT, "")) {
          case "Bgr8", "Bgra8" -> Channels.Order.BGR;
          case "Rgb8", "Rgba8" -> Channels.Order.RGB;
          case "Gray8" -> Channels.Order.GRAY;
          default -> null;
        };
    if (order == null || input.c() != (order == Channels.Order.GRAY ? 1 : 3)) {
      return Preprocessing.NONE;
    }
    List<Step> steps = new ArrayList<>();
    steps.add(new Resize(input.h(), input.w()));
    if (order != Channels.Order.RGB) {
      steps.add(new Channels(order));
    }
    if (properties.getOrDefault(RANGE, "").equals("Normalized_0_1")) {
      steps.add(new Scale(1.0 / 255));
    }
    return new Preprocessing(steps);
  }

  /** Returns the properties that say what a network does with pictures, as far as they can. */
  static Map<String, String> of(Preprocessing preprocessing) {
    String format = "";
    boolean unit = false;
    for (Step step : preprocessing.steps()) {
      if (step instanceof Channels channels) {
        format = channels.order().toString();
      } else if (step instanceof Scale scale) {
        unit = scale.factor() == 1.0 / 255;
      }
    }
    if (preprocessing.steps().isEmpty()) {
      return Map.of();
    }
    String bitmap =
        switch (format) {
          case "BGR" -> "Bgr8";
          case "GRAY" -> "Gray8";
          default -> "Rgb8";
        };
    return Map.of(FORMAT, bitmap, RANGE, unit ? "Normalized_0_1" : "NominalRange_0_255");
  }
}
