package org.lamina.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files of Caffe, ONNX and others that would become large, deep or slow. */
class ForeignBombsTest {

  @TempDir private Path folder;

  /** A message with a field that holds these bytes. */
  private static byte[] field(int number, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeBytes(number, ByteString.copyFrom(content));
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] repeated(byte[] bytes, int times) {
    byte[] all = new byte[bytes.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
    }
    return all;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertRefused(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    assertFalse(
        HostileRead.inAll().of(new HostileSamples(name, bytes, HostileSamples::readNetwork), file),
        name + " was taken");
    if (!name.endsWith(".prototxt") && !name.endsWith(".cfg")) {
      HostileRead.inAll().of(new HostileSamples(name, bytes, HostileSamples::readTensors), file);
    }
  }

  private static final int MANY = 2_000_000;

  @Test
  void onnxWithMillionsOfNodes() throws IOException {
    byte[] node = field(1, new byte[0]);
    assertRefused("nodes.onnx", field(7, repeated(node, MANY)));
  }

  @Test
  void onnxWithMillionsOfTensors() throws IOException {
    assertRefused("tensors.onnx", field(7, repeated(field(5, new byte[0]), MANY)));
  }

  @Test
  void onnxWithMillionsOfInputs() throws IOException {
    assertRefused("inputs.onnx", field(7, repeated(field(11, new byte[0]), MANY)));
  }

  @Test
  void onnxWithMillionsOfNames() throws IOException {
    assertRefused("names.onnx", field(7, field(1, repeated(field(1, new byte[0]), MANY))));
  }

  @Test
  void onnxWithMillionsOfAttributes() throws IOException {
    assertRefused("attributes.onnx", field(7, field(1, repeated(field(5, new byte[0]), MANY))));
  }

  @Test
  void onnxWithMillionsOfMetadata() throws IOException {
    assertRefused("metadata.onnx", repeated(field(14, new byte[0]), MANY));
  }

  @Test
  void onnxWithDeepGraphs() throws IOException {
    byte[] graph = new byte[0];
    for (int i = 0; i < 2000; i++) {
      // graph { node { attribute { g: graph } } }
      graph = field(1, field(5, field(6, graph)));
    }
    assertRefused("deep.onnx", field(7, graph));
  }

  @Test
  void caffeWithMillionsOfLayers() throws IOException {
    assertRefused("layers.caffemodel", repeated(field(100, new byte[0]), MANY));
    assertRefused("old.caffemodel", repeated(field(2, new byte[0]), MANY));
  }

  @Test
  void caffeWithMillionsOfBlobs() throws IOException {
    assertRefused("blobs.caffemodel", field(100, repeated(field(7, new byte[0]), MANY)));
  }

  @Test
  void caffeWithMillionsOfInputs() throws IOException {
    assertRefused("inputs.caffemodel", repeated(field(3, new byte[0]), MANY));
  }

  @Test
  void prototxtWithMillionsOfLayers() throws IOException {
    assertRefused("layers.prototxt", text("layer{}".repeat(MANY / 4)));
    assertRefused("inputs.prototxt", text("layer{}" + "input:\"\"".repeat(MANY / 4)));
  }

  @Test
  void prototxtThatIsDeep() throws IOException {
    assertRefused("deep.prototxt", text("layer{" + "a{".repeat(MANY)));
    assertRefused("param.prototxt", text("layer{" + "convolution_param{".repeat(100_000)));
    assertRefused("list.prototxt", text("layer{ top: " + "[".repeat(MANY)));
  }

  @Test
  void prototxtWithLongWords() throws IOException {
    assertRefused("word.prototxt", text("layer{ name: \"" + "x".repeat(MANY * 4)));
    assertRefused("number.prototxt", text("layer{ dim: " + "9".repeat(MANY * 4)));
    assertRefused("spaces.prototxt", text("layer{" + " ".repeat(MANY * 4)));
    assertRefused("comment.prototxt", text("layer{" + "#\n".repeat(MANY * 2)));
  }

  @Test
  void sectionsByTheMillion() throws IOException {
    assertRefused("sections.cfg", text("[net]\n" + "[a]\n".repeat(MANY / 4)));
    assertRefused("fields.cfg", text("[net]\n" + "a=1\n".repeat(MANY / 4)));
    assertRefused("route.cfg", text("[net]\n[route]\nlayers=" + "-1,".repeat(MANY / 4)));
    assertRefused("layers.cfg", text("[a]\ntype=conv\n" + "[b]\ntype=fc\n".repeat(MANY / 20)));
  }

  @Test
  void pythonTensorsThatAreNone() throws IOException {
    assertRefused("empty.pth", new byte[0]);
    assertRefused("text.safetensors", text("hello"));
    assertRefused("zeros.npz", new byte[1000]);
  }
}
