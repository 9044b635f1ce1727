package org.lamina.layer;

import java.util.List;
import org.lamina.layer.GradientProgram.Bindings;

/** One way to the gradient by a convolution's weights. */
interface WeightsGradient {

  /** Returns the name in tests and reports: lower case, words joined by underscores. */
  String name();

  /** Returns how x must lie. */
  Layout inputLayout();

  /** Returns the floats of working memory. */
  long scratch();

  /** Estimates the time as {@link ConvolutionAlgorithm#cost} does. */
  double cost();

  /** Returns the launches that write or add the gradient. */
  List<Launch> bind(Bindings bindings);
}
