package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.formats.FormatException;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.SolverParameter;

/** The text format: every way of writing that protobuf's own reader takes, and what is wrong. */
final class PrototxtTest {

  private static final Path FILE = Path.of("net.prototxt");

  private static NetParameter net(String text) {
    return Prototxt.parse(FILE, text, NetParameter.newBuilder()).message().build();
  }

  private static String problems(String text) {
    return assertThrows(FormatException.class, () -> net(text)).getMessage();
  }

  @Test
  void everyWayOfWritingIsRead() {
    NetParameter net =
        net(
            """
            # a comment
            name: 'two ' "pieces\\n\\x41"; input_dim: [1, 0x10, 010], force_backward: t
            layer < name: "a" bottom: ["x", 'y'] loss_weight: -.5 loss_weight: 1e-2 loss_weight: 2.f
              include: { phase: TEST } include { phase: 0, not_stage: "s" } >
            layer { pooling_param { pool: AVE kernel_size: 3 } };
            """);
    assertEquals("two pieces\nA", net.getName());
    assertEquals("[1, 16, 8]", net.getInputDimList().toString());
    assertTrue(net.getForceBackward());
    LayerParameter layer = net.getLayer(0);
    assertEquals("[x, y]", layer.getBottomList().toString());
    assertEquals("[-0.5, 0.01, 2.0]", layer.getLossWeightList().toString());
    assertEquals(2, layer.getIncludeCount());
    assertEquals("s", layer.getInclude(1).getNotStage(0));
    assertEquals("AVE", net.getLayer(1).getPoolingParam().getPool().name());
  }

  @Test
  void placesOfLayersAreKnown() {
    Prototxt.Parsed<NetParameter.Builder> parsed =
        Prototxt.parse(FILE, "layer {}\n\n  layer {}\n", NetParameter.newBuilder());
    assertEquals(1, parsed.line("layer", 0));
    assertEquals(3, parsed.line("layer", 1));
    assertEquals(0, parsed.line("layer", 2));
  }

  @Test
  void allMistakesAreReportedWithPlaceAndHint() {
    assertEquals(
        """
        net.prototxt:2:3: LayerParameter has no field 'tpye', did you mean 'type'?
        net.prototxt:2:19: LayerParameter has no field 'what'
        net.prototxt:3:32: kernel_size must be a whole number, but is '3.5'
        net.prototxt:3:42: pool knows no 'MIN'; there are MAX, AVE, STOCHASTIC
        net.prototxt:4:3: 'name' is there twice, but may be only once""",
        problems(
            """
            layer { name: "a"
              tpye: "Pooling" what { ever: [1, 2] }
              pooling_param { kernel_size: 3.5 pool: MIN }
              name: "b"
            }
            """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "layer { | 1:8: expected the name of a field, but found the end of the file",
        "layer }  | 1:7: expected '{', but found '}'",
        "name 'x' | 1:6: expected ':' after 'name', but found 'x'",
        "name: x  | 1:7: name must be text in quotes, but is 'x'",
        "name: 'x | 1:7: the text that begins here has no closing quote",
        "name: '\\q' | 1:7: name holds an escape that does not exist in '\\q'",
        "input_dim: 99999999999999999999 | 1:12: input_dim must be from -2^63 to 2^63 - 1, but is 99999999999999999999",
        "force_backward: 2 | 1:17: force_backward must be true or false, but is '2'",
        "layer { loss_weight: nan } | 1:22: loss_weight must be a finite number, but is nan",
        "layer { loss_weight: 1e99 } | 1:22: loss_weight must be a finite number, but is '1e99'",
        "layer { convolution_param { num_output: -1 } } | 1:41: num_output must be from 0 to 2^31 - 1, but is -1",
        "input_dim: [1, 2 | 1:17: expected ']', but found the end of the file",
        "layer { name: \"\u0007\" what: 1 } | 1:19: LayerParameter has no field 'what'",
        "% | 1:1: '%' has no meaning here",
      })
  void aMistakeIsExplained(String text, String problem) {
    assertEquals("net.prototxt:" + problem.strip(), problems(text));
  }

  @Test
  void whatOnlySaysHowToComputeIsPassedOver() {
    NetParameter net =
        net("default_forward_type: FLOAT16 layer { fuse_type: [{a: 1}, {b: -2}] name: 'x' }");
    assertEquals("x", net.getLayer(0).getName());
  }

  @Test
  void aTextThatCostsTooMuchMemoryIsRefused() {
    assertTrue(problems("layer{}".repeat(100_001)).contains("may have 100,000 messages"));
    String deep = "net_param { layer { convolution_param { ";
    assertThrows(
        FormatException.class,
        () -> Prototxt.parse(FILE, deep.repeat(20), SolverParameter.newBuilder()));
  }
}
