/**
 * Caffe's files: networks (.prototxt), weights (.caffemodel), means (.binaryproto), the state of a
 * solver (.solverstate).
 *
 * <p>The text format becomes messages of {@code src/main/proto/caffe.proto} with the places where
 * they stand ({@code Prototxt}); older layers become new ones ({@code Upgrade}); each becomes
 * layers of a network ({@code Translation}, {@code LayerTypes}). Tensors never become messages:
 * {@code CaffeModel} finds where they lie in the file, and reads one when it is asked for.
 */
package org.lamina.formats.caffe;
