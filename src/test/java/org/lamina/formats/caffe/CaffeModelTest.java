package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.caffe.schema.BlobProto;
import org.lamina.formats.caffe.schema.BlobShape;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.V1LayerParameter;
import org.lamina.formats.caffe.schema.V1LayerParameter.LayerType;
import org.lamina.tensor.Shape;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;

/** Tensors in Caffe's files, in every way in which they may be written. */
final class CaffeModelTest {

  @TempDir private Path folder;

  private static BlobProto blob(List<Long> shape, float... values) {
    BlobProto.Builder blob =
        BlobProto.newBuilder().setShape(BlobShape.newBuilder().addAllDim(shape));
    for (float value : values) {
      blob.addData(value);
    }
    return blob.build();
  }

  private static LayerParameter.Builder layer(String name, String type, BlobProto... blobs) {
    return LayerParameter.newBuilder().setName(name).setType(type).addAllBlobs(List.of(blobs));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path model(LayerParameter.Builder... layers) throws IOException {
    NetParameter.Builder net = NetParameter.newBuilder().setName("net");
    for (LayerParameter.Builder layer : layers) {
      net.addLayer(layer);
    }
    return write("w.caffemodel", net.build().toByteArray());
  }

  private Path prototxt(String text) throws IOException {
    return Files.writeString(folder.resolve("net.prototxt"), text);
  }

  @Test
  void namesSayWhatTheTensorsAre() throws IOException {
    Path file =
        model(
            layer("conv", "Convolution", blob(List.of(2L, 1L), 1, 2), blob(List.of(2L), 3, 4)),
            layer(
                "bn",
                "BatchNorm",
                blob(List.of(1L), 6),
                blob(List.of(1L), 8),
                blob(List.of(1L), 2)),
            layer("other", "Strange", blob(List.of(), 5)));
    try (TensorFile tensors = CaffeTensors.model(file)) {
      assertEquals(
          Map.of(
              "conv.weight", Shape.of(2, 1),
              "conv.bias", Shape.of(2),
              "bn.running_mean", Shape.of(1),
              "bn.running_var", Shape.of(1),
              "other.0", Shape.of()),
          tensors.shapes());
      assertArrayEquals(new float[] {3, 4}, tensors.read("conv.bias").orElseThrow().values());
      assertArrayEquals(new float[] {3}, tensors.read("bn.running_mean").orElseThrow().values());
      assertArrayEquals(new float[] {4}, tensors.read("bn.running_var").orElseThrow().values());
      assertTrue(tensors.read("bn.weighted_by").isEmpty());
    }
  }

  @Test
  void oldLayersExtentsAndDoublesAreRead() throws IOException {
    BlobProto old =
        BlobProto.newBuilder()
            .setNum(1)
            .setChannels(1)
            .setHeight(2)
            .setWidth(3)
            .addAllDoubleData(List.of(0.1, 2.0, 3.0, 4.0, 5.0, 6.0))
            .build();
    NetParameter net =
        NetParameter.newBuilder()
            .addLayers(
                V1LayerParameter.newBuilder()
                    .setName("ip")
                    .setType(LayerType.INNER_PRODUCT)
                    .addBlobs(old))
            .build();
    try (TensorFile tensors = CaffeTensors.model(write("w.caffemodel", net.toByteArray()))) {
      assertEquals(Map.of("ip.weight", Shape.of(1, 1, 2, 3)), tensors.shapes());
      assertArrayEquals(
          new float[] {0.1f, 2, 3, 4, 5, 6}, tensors.read("ip.weight").orElseThrow().values());
    }
  }

  @Test
  void valuesThatAreNotPackedAreRead() throws IOException {
    UnknownFieldSet.Field.Builder singles = UnknownFieldSet.Field.newBuilder();
    for (float value : new float[] {7, 8, 9}) {
      singles.addFixed32(Float.floatToRawIntBits(value));
    }
    // Two packed values before, three single ones after, and a gradient that is passed over.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(BlobProto.newBuilder().addData(5).addData(6).addDiff(1).build().toByteArray());
    bytes.writeBytes(
        UnknownFieldSet.newBuilder().addField(5, singles.build()).build().toByteArray());
    bytes.writeBytes(
        BlobProto.newBuilder().setShape(BlobShape.newBuilder().addDim(5)).build().toByteArray());
    try (TensorFile tensors = CaffeTensors.mean(write("m.binaryproto", bytes.toByteArray()))) {
      assertEquals(Shape.of(5), tensors.shapes().get("mean"));
      assertArrayEquals(new float[] {5, 6, 7, 8, 9}, tensors.read("mean").orElseThrow().values());
    }
  }

  @Test
  void aNormalisationWithItsScaleIsOneLayer() throws IOException {
    Path net =
        prototxt(
            """
            input: "data" input_shape { dim: 1 dim: 2 dim: 3 dim: 3 }
            layer { name: "bn" type: "BatchNorm" bottom: "data" top: "data2" batch_norm_param { eps: 0.001 } }
            layer { name: "sc" type: "Scale" bottom: "data2" top: "data2" scale_param { bias_term: true } }
            layer { name: "relu" type: "ReLU" bottom: "data2" top: "data2" }
            """);
    Path weights =
        model(
            layer(
                "bn",
                "BatchNorm",
                blob(List.of(2L), 2, 4),
                blob(List.of(2L), 6, 8),
                blob(List.of(1L), 2)),
            layer("sc", "Scale", blob(List.of(2L), 9, 10), blob(List.of(2L), 11, 12)));
    try (Imported imported =
        new CaffeImporter().read(List.of(net, weights), ImportOptions.DEFAULTS)) {
      assertEquals(2, imported.network().nodes().size());
      TensorFile tensors = imported.weights().orElseThrow();
      Weights.check(imported.network(), tensors);
      assertArrayEquals(new float[] {1, 2}, tensors.read("bn.running_mean").orElseThrow().values());
      assertArrayEquals(new float[] {3, 4}, tensors.read("bn.running_var").orElseThrow().values());
      assertArrayEquals(new float[] {9, 10}, tensors.read("bn.weight").orElseThrow().values());
      assertArrayEquals(new float[] {11, 12}, tensors.read("bn.bias").orElseThrow().values());
      assertEquals("sc blob 1", imported.origins().get("bn.bias").name());
      assertEquals("divided by blob 2", imported.origins().get("bn.running_mean").change());
    }
  }

  @Test
  void aMatrixThatLiesColumnByColumnIsTurned() throws IOException {
    Path net =
        prototxt(
            """
            input: "data" input_shape { dim: 1 dim: 3 }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
              inner_product_param { num_output: 2 transpose: true bias_term: false } }
            """);
    Path weights = model(layer("ip", "InnerProduct", blob(List.of(3L, 2L), 1, 4, 2, 5, 3, 6)));
    try (Imported imported =
        new CaffeImporter().read(List.of(weights, net), ImportOptions.DEFAULTS)) {
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6},
          imported.weights().orElseThrow().read("ip.weight").orElseThrow().values());
    }
  }

  @Test
  void whatDoesNotFitIsListed() throws IOException {
    Path net =
        prototxt(
            """
            input: "data" input_shape { dim: 1 dim: 3 }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 } }
            layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2" inner_product_param { num_output: 2 } }
            """);
    Path weights = model(layer("ip", "InnerProduct", blob(List.of(4L, 2L), new float[8])));
    String message =
        assertThrows(
                WeightsException.class,
                () -> new CaffeImporter().read(List.of(net, weights), ImportOptions.DEFAULTS))
            .getMessage();
    assertEquals(
        weights
            + """
            : the tensors do not fit network 'net'
              shape:   ip blob 0 is 4×2, but the network needs 2×3
              missing: ip blob 1 2
              missing: ip2 blob 0 2×2, did you mean 'ip'?
              missing: ip2 blob 1 2, did you mean 'ip'?""",
        message);
  }

  @Test
  void aFileThatEndsTooEarlySaysWhere() throws IOException {
    byte[] whole =
        NetParameter.newBuilder()
            .addLayer(layer("conv", "Convolution", blob(List.of(2L), 1, 2)))
            .build()
            .toByteArray();
    for (int length = 1; length < whole.length; length++) {
      Path file = write("cut.caffemodel", java.util.Arrays.copyOf(whole, length));
      String message =
          assertThrows(WeightsException.class, () -> CaffeTensors.model(file)).getMessage();
      assertTrue(message.startsWith(file + ": byte "), message);
    }
  }

  @Test
  void aShapeThatTheFileDoesNotHoldIsRefused() throws IOException {
    Path file = model(layer("conv", "Convolution", blob(List.of(1L << 31, 1L << 31, 1L << 31), 1)));
    assertTrue(
        assertThrows(WeightsException.class, () -> CaffeTensors.model(file))
            .getMessage()
            .endsWith("a tensor has an extent of 2147483648"));
    Path more = model(layer("conv", "Convolution", blob(List.of(1L << 30, 1L << 30), 1)));
    assertTrue(
        assertThrows(WeightsException.class, () -> CaffeTensors.model(more))
            .getMessage()
            .contains("has 1 values in the file, not 1152921504606846976"));
  }

  @Test
  void aDescriptionThatCostsTooMuchMemoryIsRefused() throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(many);
    ByteString rules = ByteString.copyFrom(rules(200_000));
    out.writeBytes(NetParameter.LAYER_FIELD_NUMBER, rules);
    out.flush();
    Path file = write("many.caffemodel", many.toByteArray());
    assertTrue(
        assertThrows(WeightsException.class, () -> CaffeTensors.model(file))
            .getMessage()
            .endsWith("a network may have 150,000 fields; this has more"));
  }

  /** An empty message costs two bytes in the file and some fifty in memory. */
  private static byte[] rules(int count) {
    byte[] bytes = new byte[2 * count];
    for (int i = 0; i < count; i++) {
      bytes[2 * i] = LayerParameter.INCLUDE_FIELD_NUMBER << 3 | 2;
    }
    return bytes;
  }
}
