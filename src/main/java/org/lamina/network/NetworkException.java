package org.lamina.network;

/** Thrown when layers do not make a network; says which layer and which of its keys is at fault. */
public final class NetworkException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String layer;
  private final String parameter;

  /**
   * Says what is wrong where.
   *
   * @param layer the name of the layer at fault; empty if it is the network as a whole
   * @param parameter the YAML key of the parameter at fault; {@code from} for the layer's inputs,
   *     {@code name} for its name
   * @param problem what is wrong, with the offending values; no trailing full stop
   */
  public NetworkException(String layer, String parameter, String problem) {
    super(layer.isEmpty() ? problem : "layer '" + layer + "': " + problem);
    this.layer = layer;
    this.parameter = parameter;
  }

  /** Returns the name of the layer at fault; empty if it is the network as a whole. */
  public String layer() {
    return layer;
  }

  /** Returns the YAML key of the parameter at fault. */
  public String parameter() {
    return parameter;
  }
}
