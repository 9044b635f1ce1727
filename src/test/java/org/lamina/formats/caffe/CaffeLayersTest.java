package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;

/** Layers of Caffe's, one by one: what they become, and what has no form. */
final class CaffeLayersTest {

  @TempDir private Path folder;

  private Imported text(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("net.prototxt"), text);
    return new CaffeImporter().read(List.of(file), ImportOptions.DEFAULTS);
  }

  @Test
  void everythingThatHasNoFormIsListed() {
    FormatException e =
        assertThrows(
            FormatException.class,
            () ->
                text(
                    """
                    input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
                    layer { name: "a" type: "Poling" bottom: "data" top: "a" }
                    layer { name: "b" type: "Softmax" bottom: "a" top: "b" softmax_param { axis: 2 } }
                    layer { name: "c" type: "Convolution" bottom: "data" top: "c"
                      convolution_param { num_output: 4 kernel_size: 9 } }
                    layer { name: "d" type: "Python" bottom: "c" top: "d" }
                    layer { name: "e" type: "Pooling" bottom: "data" top: "e"
                      pooling_param { kernel_size: 1 stride: 4 } }
                    """));
    assertEquals(
        folder.resolve("net.prototxt")
            + """
            : 5 of the nodes cannot be carried over (Caffe)
              a (Poling): is of a type that has no form here, did you mean 'Pooling'?, line 2
              b (Softmax): works along axis 2, not the channels, line 3
              c (Convolution): a window of height 9 does not fit the input of height 8, line 4
              d (Python): is code that the file does not hold, line 6
              e (Pooling): its last window begins at pixel 8 of 8; Caffe gives nonsense there, line 7""",
        e.getMessage());
    assertEquals(5, e.unsupported().size());
  }

  @Test
  void aTensorThatNobodyMakesIsNamed() {
    FormatException e =
        assertThrows(
            FormatException.class,
            () ->
                text(
                    """
                    input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
                    layer { name: "a" type: "ReLU" bottom: "dat" top: "a" }
                    """));
    assertEquals(
        folder.resolve("net.prototxt")
            + ": layer 'a', line 2 reads 'dat', which no layer before it makes, did you mean 'data'?",
        e.getMessage());
  }

  @Test
  void arithmeticBecomesLayersThatExist() throws IOException {
    try (Imported imported =
        text(
            """
            layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
            layer { name: "s" type: "Split" bottom: "data" top: "s1" top: "s2" }
            layer { name: "p" type: "Power" bottom: "s1" top: "p" power_param { power: 2 shift: 0.1 } }
            layer { name: "sum" type: "Eltwise" bottom: "p" bottom: "s2" top: "sum" eltwise_param { coeff: 1 coeff: -1 } }
            layer { name: "prod" type: "Eltwise" bottom: "sum" bottom: "p" top: "prod" eltwise_param { operation: PROD } }
            layer { name: "max" type: "Eltwise" bottom: "prod" bottom: "p" top: "max" eltwise_param { operation: MAX } }
            layer { name: "exp" type: "Exp" bottom: "max" top: "max" exp_param { base: 2 } }
            layer { name: "log" type: "Log" bottom: "max" top: "log" log_param { base: 10 shift: 1 } }
            layer { name: "scale" type: "Scale" bottom: "log" top: "scale" }
            layer { name: "bias" type: "Bias" bottom: "scale" top: "bias" }
            layer { name: "elu" type: "ELU" bottom: "bias" top: "bias" }
            layer { name: "prelu" type: "PReLU" bottom: "bias" top: "bias" prelu_param { channel_shared: true } }
            layer { name: "flat" type: "Reshape" bottom: "bias" top: "flat" reshape_param { shape { dim: 0 dim: -1 } } }
            layer { name: "same" type: "Reshape" bottom: "flat" top: "same" reshape_param { shape { dim: 0 dim: 0 dim: 1 dim: 1 } } }
            layer { name: "last" type: "TanH" bottom: "same" top: "last" }
            """)) {
      Network network = imported.network();
      assertEquals(
          "power power add mul max power exp power log power scale bias elu prelu flatten tanh",
          network.nodes().stream()
              .map(node -> node.layer().key())
              .collect(Collectors.joining(" ")));
      assertEquals(Map.of("data", new Chw(3, 8, 8)), network.inputs());
      assertEquals(List.of("last"), network.outputs());
    }
  }

  @Test
  void shapesBecomeLayersThatExist() throws IOException {
    try (Imported imported =
        text(
            """
            input: "data" input_shape { dim: 1 dim: 4 dim: 6 dim: 6 }
            layer { name: "up" type: "Deconvolution" bottom: "data" top: "up"
              convolution_param { num_output: 4 kernel_size: 4 stride: 2 pad: 1 group: 4 bias_term: false } }
            layer { name: "crop" type: "Crop" bottom: "up" bottom: "data" top: "crop" crop_param { axis: 2 offset: 3 } }
            layer { name: "cut" type: "Slice" bottom: "crop" top: "left" top: "right" slice_param { slice_point: 1 } }
            layer { name: "lines" type: "InnerProduct" bottom: "right" top: "lines"
              inner_product_param { num_output: 5 axis: 2 } }
            layer { name: "shape" type: "Reshape" bottom: "left" top: "shape" reshape_param { shape { dim: 0 dim: 4 dim: -1 dim: 3 } } }
            """)) {
      Network network = imported.network();
      assertEquals(
          "up conv_transpose 4×12×12, crop/height slice 4×6×12, crop/width slice 4×6×6, "
              + "left slice 1×6×6, right slice 3×6×6, lines/flat reshape 3×36×1, lines/in permute 36×3×1, "
              + "lines conv 5×3×1, lines/out permute 3×5×1, shape reshape 4×3×3",
          network.nodes().stream()
              .map(n -> n.name() + " " + n.layer().key() + " " + n.signature().output())
              .collect(Collectors.joining(", ")));
    }
  }
}
