/**
 * PyTorch's files, read without ever executing what is in them: a machine for pickles that knows
 * tensors, dictionaries and plain values, and refuses the rest by its name.
 */
package org.lamina.formats.pytorch;
