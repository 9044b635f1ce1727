package org.lamina.network.drawing;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.ChannelScale;
import org.lamina.layer.Clip;
import org.lamina.layer.Dropout;
import org.lamina.layer.Elu;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Gelu;
import org.lamina.layer.HardSigmoid;
import org.lamina.layer.HardSwish;
import org.lamina.layer.InstanceNormalization;
import org.lamina.layer.Join;
import org.lamina.layer.Layer;
import org.lamina.layer.LeakyRelu;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Mish;
import org.lamina.layer.ParametricRelu;
import org.lamina.layer.Relu;
import org.lamina.layer.Selu;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.Swish;
import org.lamina.layer.Tanh;
import org.lamina.network.Node;
import org.lamina.network.Window;

/** What layers have in common, shown as a colour. */
enum Kind {
  INPUT("#64748b"),
  CONVOLUTION("#2f6fde"),
  DENSE("#8b5cf6"),
  POOLING("#12996b"),
  NORMALIZATION("#d58512"),
  ACTIVATION("#e0486b"),
  JOIN("#0e9fb5"),
  OUTPUT("#c2410c"),
  OTHER("#8792a2");

  private static final Set<Class<? extends Layer>> ACTIVATIONS =
      Set.of(
          Clip.class,
          Elu.class,
          Gelu.class,
          HardSigmoid.class,
          HardSwish.class,
          LeakyRelu.class,
          Mish.class,
          ParametricRelu.class,
          Relu.class,
          Selu.class,
          Sigmoid.class,
          Softplus.class,
          Swish.class,
          Tanh.class);

  private final String colour;

  Kind(String colour) {
    this.colour = colour;
  }

  String colour() {
    return colour;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Kind of(Node node) {
    Layer layer = node.layer();
    if (layer instanceof FullyConnected) {
      return DENSE;
    }
    if (layer instanceof Join) {
      return JOIN;
    }
    if (layer instanceof Softmax || layer instanceof LogSoftmax) {
      return OUTPUT;
    }
    if (layer instanceof BatchNormalization
        || layer instanceof ChannelScale
        || layer instanceof InstanceNormalization
        || layer instanceof LocalResponseNormalization) {
      return NORMALIZATION;
    }
    if (ACTIVATIONS.contains(layer.getClass())) {
      return ACTIVATION;
    }
    Optional<Window> window = Window.of(layer);
    if (window.isPresent() && node.signature().learned() > 0) {
      return CONVOLUTION;
    }
    return window.isPresent() || layer.key().endsWith("_pool") ? POOLING : OTHER;
  }

  /** Returns whether a layer is drawn onto the one it follows. */
  static boolean stacks(Node node) {
    Kind kind = of(node);
    return kind == NORMALIZATION
        || kind == ACTIVATION
        || kind == OUTPUT
        || node.layer() instanceof Dropout;
  }
}
