/**
 * ONNX models: how they become networks ({@link org.lamina.formats.onnx.OnnxImporter}) and how
 * networks become models (OnnxExporter).
 *
 * <p>ONNX tensors have any number of axes, Lamina's are [N, C, H, W]. An import follows every
 * tensor of a model with its extents, known from the first to the last. The first axis is the
 * batch, as long as no operator mixes what lies along it; if one does, the whole tensor is one
 * image and the batch is 1. What remains are elements in row-major order, and an operator looks at
 * them through whatever channels, height and width suit it: a softmax along an axis of five, for
 * example, sees what comes before that axis as one extent and what comes after it as another. Where
 * two operators look differently, a {@code reshape} stands between them, or a {@code permute} where
 * axes change places.
 *
 * <p>What depends on constants alone (weights, shapes, what exporters compute from shapes) is
 * worked out by {@code Folding}, weights only when they are read.
 */
package org.lamina.formats.onnx;
