/**
 * Parameters of networks in files and from seeds: safetensors read and written, NumPy arrays, and
 * the initialisers. A parameter goes by the name {@code <layer>.<parameter>}.
 *
 * <p>Every reader bounds what it allocates by the size of the file, and says of a bad file what was
 * expected and what was found at which byte.
 */
package org.lamina.weights;
