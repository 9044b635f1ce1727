package org.lamina.formats.pytorch;

import org.lamina.weights.ElementType;

/**
 * Elements that tensors are views of; they lie elsewhere in the file.
 *
 * @param key how the file calls the storage
 * @param type of its elements
 * @param elements how many it has, as the pickle says
 * @param offset which element of the storage {@code key} is its first: 0, but for views of old
 */
record Storage(String key, ElementType type, long elements, long offset) {}
