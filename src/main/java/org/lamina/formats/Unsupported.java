package org.lamina.formats;

/**
 * Something in a network that the other side has no form for.
 *
 * @param node the name of the layer or node, as its file calls it
 * @param operator its operator or layer type, as its file calls it
 * @param reason what of it has no form, with the value, and what to do if there is something
 */
public record Unsupported(String node, String operator, String reason) {}
