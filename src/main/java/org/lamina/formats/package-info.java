/**
 * Networks and weights in the formats that other software uses: how they come in and go out.
 *
 * <p>Each format has a package of its own below this one, with an {@link
 * org.lamina.formats.Importer}, perhaps an {@link org.lamina.formats.Exporter} and a {@link
 * org.lamina.weights.TensorFile} for its weights alone; {@link org.lamina.formats.Formats} lists
 * them. An importer gives an {@link org.lamina.formats.Imported}: a {@link
 * org.lamina.network.Network} that {@code yaml.NetworkWriter} prints as a person would have written
 * it (preprocessing and training are part of it), and the weights as a {@link
 * org.lamina.weights.TensorFile} under the network's own names, still in their files.
 *
 * <p>Files are opened through {@link org.lamina.weights.InputFile}, which never has more of them in
 * memory than is asked for, and written through {@link org.lamina.weights.AtomicFile}. Text that
 * came out of a file goes into messages through {@link org.lamina.weights.Printable}.
 *
 * <p>Nothing here executes what a file says, follows a path out of the folder that the file lies
 * in, or allocates what a file merely claims to hold.
 */
package org.lamina.formats;
