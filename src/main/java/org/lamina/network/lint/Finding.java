package org.lamina.network.lint;

/**
 * What a rule found at a layer.
 *
 * @param layer the name of the layer, or of a network input, or {@code let.NAME} for a variable
 * @param rule the name of the rule, for example {@code dropped-pixels}
 * @param why what is so and why it matters, with the values; one sentence
 * @param remedy what to do about it
 */
public record Finding(String layer, String rule, String why, String remedy) {}
