/**
 * Networks that are written as .cfg files of sections and keys: the layer files of cuda-convnet,
 * with which AlexNet was made, and those of Darknet with their weights.
 */
package org.lamina.formats.cfg;
