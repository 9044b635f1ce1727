package org.lamina.formats.caffe;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamina.formats.Exported;
import org.lamina.formats.FormatException;
import org.lamina.formats.caffe.OutgoingLayer.Stored;
import org.lamina.formats.caffe.schema.BlobProto;
import org.lamina.formats.caffe.schema.BlobShape;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.weights.AtomicFile;
import org.lamina.weights.ElementType;
import org.lamina.weights.WeightSource;

/** Writes a .caffemodel, one tensor at a time. */
final class ModelWriter {

  private static final int BYTES = 2; // how protobuf stores a message

  private final String name;
  private final List<LayerParameter> inputs;
  private final List<OutgoingLayer> layers;
  private final WeightSource weights;

  ModelWriter(
      String name, List<LayerParameter> inputs, List<OutgoingLayer> layers, WeightSource weights) {
    this.name = name;
    this.inputs = inputs;
    this.layers = layers;
    this.weights = weights;
  }

  /** Writes the file; returns what each tensor became. */
  List<Exported> write(Path path) {
    long size = layers.stream().mapToLong(ModelWriter::size).sum();
    if (size > Integer.MAX_VALUE) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "%s: would have %,d bytes, but a file of Caffe has at most %,d",
              path,
              size,
              Integer.MAX_VALUE));
    }
    AtomicFile.write(path, this::write);
    List<Exported> exported = new ArrayList<>();
    for (OutgoingLayer layer : layers) {
      for (int i = 0; i < layer.tensors().size(); i++) {
        Stored tensor = layer.tensors().get(i);
        if (!tensor.from().isEmpty()) {
          String to = layer.definition().getName() + " blob " + i;
          exported.add(new Exported(tensor.from(), to, tensor.shape(), ""));
        }
      }
    }
    return exported;
  }

  private void write(FileChannel channel) throws IOException {
    NetParameter.Builder head = NetParameter.newBuilder().setName(name);
    inputs.forEach(head::addLayer);
    AtomicFile.drain(ByteBuffer.wrap(head.build().toByteArray()), channel);
    for (OutgoingLayer layer : layers) {
      AtomicFile.drain(open(NetParameter.LAYER_FIELD_NUMBER, size(layer)), channel);
      AtomicFile.drain(ByteBuffer.wrap(layer.definition().toByteArray()), channel);
      for (Stored tensor : layer.tensors()) {
        AtomicFile.drain(open(LayerParameter.BLOBS_FIELD_NUMBER, size(tensor)), channel);
        AtomicFile.drain(ByteBuffer.wrap(shape(tensor)), channel);
        AtomicFile.drain(open(BlobProto.DATA_FIELD_NUMBER, data(tensor)), channel);
        float[] values =
            tensor.from().isEmpty()
                ? new float[] {1}
                : weights.read(tensor.from()).orElseThrow().values();
        AtomicFile.drain(values, ElementType.F32, channel);
      }
    }
  }

  /** Returns the tag and the length that a field begins with. */
  private static ByteBuffer open(int field, long length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(field, BYTES);
    out.writeUInt64NoTag(length);
    out.flush();
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static long opened(int field, long length) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt64SizeNoTag(length)
        + length;
  }

  private static long size(OutgoingLayer layer) {
    long size = layer.definition().getSerializedSize();
    for (Stored tensor : layer.tensors()) {
      size += opened(LayerParameter.BLOBS_FIELD_NUMBER, size(tensor));
    }
    return size;
  }

  private static long size(Stored tensor) {
    return shape(tensor).length + opened(BlobProto.DATA_FIELD_NUMBER, data(tensor));
  }

  private static byte[] shape(Stored tensor) {
    BlobShape.Builder shape = BlobShape.newBuilder();
    tensor.shape().extents().forEach(shape::addDim);
    return BlobProto.newBuilder().setShape(shape).build().toByteArray();
  }

  private static long data(Stored tensor) {
    return tensor.shape().volume() * Float.BYTES;
  }
}
