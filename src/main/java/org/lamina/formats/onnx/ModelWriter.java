package org.lamina.formats.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.FormatException;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.formats.onnx.Sheet.Stored;
import org.lamina.formats.onnx.schema.GraphProto;
import org.lamina.formats.onnx.schema.ModelProto;
import org.lamina.formats.onnx.schema.OperatorSetIdProto;
import org.lamina.formats.onnx.schema.StringStringEntryProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.formats.onnx.schema.TensorShapeProto;
import org.lamina.formats.onnx.schema.TensorShapeProto.Dimension;
import org.lamina.formats.onnx.schema.TypeProto;
import org.lamina.formats.onnx.schema.ValueInfoProto;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.weights.AtomicFile;

/** Writes the file of a model, one tensor at a time. */
final class ModelWriter {

  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final long MOST_BYTES = Integer.MAX_VALUE;
  private static final int FLOATS_AT_A_TIME = 1 << 14;

  private ModelWriter() {}

  /**
   * Writes a model.
   *
   * @throws FormatException if it would be larger than a model file can be
   * @throws org.lamina.weights.WeightsException if the file cannot be written
   */
  static void write(Path path, Network network, Sheet sheet, List<Result> results) {
    GraphProto graph = graph(network, sheet, results);
    List<TensorProto> headers = new ArrayList<>();
    long size = graph.getSerializedSize();
    for (Stored tensor : sheet.tensors()) {
      TensorProto header = header(tensor);
      headers.add(header);
      long length = length(header, tensor);
      size += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER);
      size += CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    }
    ModelProto model = model(network);
    if (size + model.getSerializedSize() > MOST_BYTES) {
      throw new FormatException(
          "%s: the model would have %d bytes, but a model file can have %d"
              .formatted(path, size, MOST_BYTES));
    }
    long total = size;
    AtomicFile.write(
        path,
        channel -> {
          BufferedOutputStream buffered =
              new BufferedOutputStream(Channels.newOutputStream(channel));
          CodedOutputStream out = CodedOutputStream.newInstance(buffered);
          model.writeTo(out);
          out.writeTag(ModelProto.GRAPH_FIELD_NUMBER, 2);
          out.writeUInt64NoTag(total);
          graph.writeTo(out);
          for (int i = 0; i < headers.size(); i++) {
            write(sheet.tensors().get(i), headers.get(i), out);
          }
          out.flush();
          buffered.flush();
        });
  }

  private static void write(Stored tensor, TensorProto header, CodedOutputStream out)
      throws IOException {
    out.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, 2);
    out.writeUInt64NoTag(length(header, tensor));
    header.writeTo(out);
    out.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, 2);
    out.writeUInt64NoTag(bytes(tensor));
    if (tensor.integers()) {
      for (long value : (long[]) tensor.values().get()) {
        out.writeFixed64NoTag(value);
      }
      return;
    }
    float[] values = (float[]) tensor.values().get();
    if (values.length != Dims.count(tensor.dims())) {
      throw new IllegalStateException("%s has %d values".formatted(tensor, values.length));
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(FLOATS_AT_A_TIME * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; done += FLOATS_AT_A_TIME) {
      int now = Math.min(FLOATS_AT_A_TIME, values.length - done);
      buffer.clear().asFloatBuffer().put(values, done, now);
      out.write(buffer.array(), 0, now * Float.BYTES);
    }
  }

  private static long bytes(Stored tensor) {
    return (long) Dims.count(tensor.dims()) * (tensor.integers() ? Long.BYTES : Float.BYTES);
  }

  private static long length(TensorProto header, Stored tensor) {
    long bytes = bytes(tensor);
    return header.getSerializedSize()
        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt64SizeNoTag(bytes)
        + bytes;
  }

  private static TensorProto header(Stored tensor) {
    TensorProto.Builder header =
        TensorProto.newBuilder()
            .setName(tensor.name())
            .setDataType(tensor.integers() ? INT64 : FLOAT);
    tensor.dims().forEach(header::addDims);
    return header.build();
  }

  private static ModelProto model(Network network) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("Lamina")
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxExporter.OPSET));
    ImageMetadata.of(network.preprocessing())
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private static GraphProto graph(Network network, Sheet sheet, List<Result> results) {
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName(network.name()).addAllNode(sheet.nodes());
    network.inputs().forEach((name, shape) -> graph.addInput(info(name, false, shape)));
    results.forEach(r -> graph.addOutput(info(r.tensor(), r.flat(), r.shape())));
    return graph.build();
  }

  private static ValueInfoProto info(String name, boolean flat, Chw shape) {
    TensorShapeProto.Builder dims =
        TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimParam("N"));
    List<Integer> extents = flat ? List.of(shape.c()) : List.of(shape.c(), shape.h(), shape.w());
    extents.forEach(extent -> dims.addDim(Dimension.newBuilder().setDimValue(extent)));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(dims)))
        .build();
  }
}
