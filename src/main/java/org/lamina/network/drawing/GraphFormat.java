package org.lamina.network.drawing;

import java.util.function.Function;
import org.lamina.network.Network;

/** How a network is drawn. The same network gives the same text, byte for byte. */
public enum GraphFormat {
  /**
   * A picture that needs no other program: layers from top to bottom, branches side by side, cheap
   * layers stacked onto the one they follow; for light and dark backgrounds.
   */
  SVG(Svg::of),
  /** The language of Graphviz. */
  DOT(Texts::dot),
  /** The language of Mermaid, which GitHub shows as a picture. */
  MERMAID(Texts::mermaid);

  private final Function<Network, String> drawing;

  GraphFormat(Function<Network, String> drawing) {
    this.drawing = drawing;
  }

  /** Draws a network. */
  public String draw(Network network) {
    return drawing.apply(network);
  }
}
