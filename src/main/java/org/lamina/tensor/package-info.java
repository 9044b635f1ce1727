/** Shapes, data types and tensors in host memory; knows no device and no other package. */
package org.lamina.tensor;
