/**
 * Reads and writes networks as YAML; the only package that knows YAML.
 *
 * <p>A file passes through four stages, each in its own classes: {@link org.lamina.yaml.YamlText}
 * turns text into {@link org.lamina.yaml.Value}s that know their place; {@link
 * org.lamina.yaml.DescriptionReader} turns those into a {@link org.lamina.yaml.Description}, whose
 * layers are still {@link org.lamina.yaml.Item}s, and follows {@code extends} and {@code edit};
 * {@link org.lamina.yaml.Expander} evaluates expressions and makes the layer records; {@link
 * org.lamina.yaml.Assembler} joins them to a network. All stages collect their {@link
 * org.lamina.yaml.Problems}, so that a reader sees every mistake at once.
 */
package org.lamina.yaml;
