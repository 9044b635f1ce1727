package org.lamina.layer;

import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

// Longer than 300 lines because every refusal of every layer is a row of one of two tables.
/** What layers refuse, and in which words; and the shapes they infer. */
final class LayerErrorsTest {

  private static final Padding NONE = Padding.NONE;
  private static final Extent ONE = Extent.of(1);
  private static final Chw IMAGE = new Chw(96, 5, 7);

  private static Arguments refused(String parameter, String problem, Executable action) {
    return Arguments.of(parameter, problem, action);
  }

  private static Convolution conv(
      int filters, int kernel, int stride, Padding pad, int dilation, int groups) {
    return new Convolution(
        filters,
        Extent.of(kernel),
        Extent.of(stride),
        pad,
        Extent.of(dilation),
        groups,
        true,
        new Initializer.Constant(0),
        new Initializer.Constant(0));
  }

  private static LocallyConnected local(int filters, Extent kernel, int groups) {
    Initializer zero = new Initializer.Constant(0);
    return new LocallyConnected(filters, kernel, ONE, NONE, groups, true, zero, zero);
  }

  private static TransposedConvolution transposed(int filters, Padding pad, int more, int groups) {
    Initializer zero = new Initializer.Constant(0);
    return new TransposedConvolution(
        filters, ONE, ONE, pad, Extent.of(more), ONE, groups, true, zero, zero);
  }

  private static LocalResponseNormalization lrn(int size, double alpha, double beta, double k) {
    return new LocalResponseNormalization(size, alpha, beta, k, false, Region.ACROSS_CHANNELS);
  }

  private static BatchNormalization batchNorm(double epsilon, double momentum) {
    Initializer zero = new Initializer.Constant(0);
    return new BatchNormalization(epsilon, momentum, true, zero, zero);
  }

  private static MaxPooling max(int kernel, int stride, Padding pad, Rounding round) {
    return new MaxPooling(Extent.of(kernel), Extent.of(stride), pad, round);
  }

  private static Stream<Arguments> parameters() {
    return Stream.of(
        refused("filters", "filters must be at least 1, but is 0", () -> conv(0, 3, 1, NONE, 1, 1)),
        refused("kernel", "kernel must be at least 1, but is 0×0", () -> conv(4, 0, 1, NONE, 1, 1)),
        refused(
            "stride", "stride must be at least 1, but is -1×-1", () -> conv(4, 3, -1, NONE, 1, 1)),
        refused(
            "pad",
            "pad must be at least 0 on every side, but is [0, -1, 0, 0]",
            () -> conv(4, 3, 1, new Padding(0, -1, 0, 0), 1, 1)),
        refused(
            "dilation", "dilation must be at least 1, but is 0×0", () -> conv(4, 3, 1, NONE, 0, 1)),
        refused("groups", "groups must be at least 1, but is 0", () -> conv(4, 3, 1, NONE, 1, 0)),
        refused(
            "groups",
            "'groups' must divide the filters, but 256 filters are not divisible by 3",
            () -> conv(256, 3, 1, NONE, 1, 3)),
        refused(
            "kernel", "kernel must be at least 1, but is 3×0", () -> local(4, new Extent(3, 0), 1)),
        refused(
            "groups",
            "'groups' must divide the filters, but 4 filters are not divisible by 3",
            () -> local(4, ONE, 3)),
        refused("before", "before must be at least 0, but is -1", () -> new PadChannels(-1, 0)),
        refused("after", "after must be at least 0, but is -2", () -> new PadChannels(0, -2)),
        refused(
            "units",
            "units must be at least 1, but is 0",
            () ->
                new FullyConnected(
                    0, true, new Initializer.Constant(0), new Initializer.Constant(0))),
        refused(
            "pad",
            "pad must be smaller than the window, but a pad of [0, 0, 2, 0] leaves some of the 2×2"
                + " windows empty",
            () -> max(2, 1, new Padding(0, 0, 2, 0), Rounding.FLOOR)),
        refused(
            "kernel",
            "kernel must be at least 1, but is 0×0",
            () -> new AveragePooling(Extent.of(0), ONE, NONE, Rounding.FLOOR, true)),
        refused(
            "size",
            "size must be odd, so that a value stands in the middle of its neighbours, but is 4",
            () -> lrn(4, 1, 1, 1)),
        refused("size", "size must be at least 1, but is -1", () -> lrn(-1, 1, 1, 1)),
        refused("alpha", "alpha must be at least 0, but is -0.1", () -> lrn(5, -0.1, 1, 1)),
        refused("beta", "beta must be a finite number, but is NaN", () -> lrn(5, 1, Double.NaN, 1)),
        refused("k", "k must be greater than 0, but is 0.0", () -> lrn(5, 1, 1, 0)),
        refused("epsilon", "epsilon must be greater than 0, but is 0.0", () -> batchNorm(0, 0.1)),
        refused(
            "momentum", "momentum must be between 0 and 1, but is 1.5", () -> batchNorm(1e-5, 1.5)),
        refused("p", "p must be at least 0 and less than 1, but is 1.0", () -> new Dropout(1)),
        refused("step", "step must not be 0", () -> new Slice(Slice.Axis.WIDTH, 0, 1, 0)),
        refused(
            "height", "height must be at least 1, or -1, but is 0", () -> new Reshape(1, 0, -1)),
        refused(
            "width",
            "only one extent can be -1, what the others leave",
            () -> new Reshape(-1, 2, -1)),
        refused("block", "block must be at least 1, but is 0", () -> new SpaceToDepth(0)),
        refused("scale", "scale must be at least 1, but is 0×0", () -> new Upsample(Extent.of(0))),
        refused(
            "value",
            "value must be a finite number, but is NaN",
            () -> new Pad(NONE, Pad.Mode.CONSTANT, NaN)),
        refused(
            "output_padding",
            "output_padding must be at least 0, but is -1×-1",
            () -> transposed(4, NONE, -1, 1)),
        refused(
            "groups",
            "'groups' must divide the filters, but 4 filters are not divisible by 3",
            () -> transposed(4, NONE, 0, 3)),
        refused(
            "min", "min must be at most max, but is 2.0 where max is 1.0", () -> new Clip(2, 1)),
        refused("beta", "beta must be a finite number, but is NaN", () -> new HardSigmoid(1, NaN)),
        refused("gamma", "gamma must be a finite number, but is NaN", () -> new Selu(1, NaN)),
        refused(
            "exponent", "exponent must be a finite number, but is NaN", () -> new Power(NaN, 1, 0)),
        refused(
            "slope",
            "slope must be a finite number, but is Infinity",
            () -> new LeakyRelu(Double.POSITIVE_INFINITY)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("parameters")
  void parametersOutOfRangeAreRefused(String parameter, String problem, Executable action) {
    assertRefused(parameter, problem, action);
  }

  private static Stream<Arguments> inputs() {
    Chw other = new Chw(96, 5, 8);
    return Stream.of(
        refused(
            "groups",
            "'groups' must divide the input channels, but 96 channels are not divisible by 5",
            () -> conv(10, 3, 1, NONE, 1, 5).infer(List.of(IMAGE))),
        refused(
            "groups",
            "'groups' must divide the input channels, but 96 channels are not divisible by 5",
            () -> local(10, ONE, 5).infer(List.of(IMAGE))),
        refused(
            "kernel",
            "a window of width 8 does not fit the input of width 7",
            () -> local(10, new Extent(1, 8), 1).infer(List.of(IMAGE))),
        refused(
            "after",
            "the layer is limited to 2147483647 channels, but would have 2147483743",
            () -> new PadChannels(0, Integer.MAX_VALUE).infer(List.of(IMAGE))),
        refused(
            "kernel",
            "a window of height 6 does not fit the input of height 5",
            () -> conv(4, 6, 1, NONE, 1, 1).infer(List.of(IMAGE))),
        refused(
            "kernel",
            "a window of height 11 does not fit the input of height 5 padded to 9",
            () -> conv(4, 11, 4, Padding.of(2), 1, 1).infer(List.of(IMAGE))),
        refused(
            "kernel",
            "a window of height 3 with dilation 3 (7 pixels) does not fit the input of height 5",
            () -> conv(4, 3, 1, NONE, 3, 1).infer(List.of(IMAGE))),
        refused(
            "kernel",
            "a window of width 8 does not fit the input of width 7",
            () -> new MaxPooling(new Extent(1, 8), ONE, NONE, Rounding.CEIL).infer(List.of(IMAGE))),
        refused(
            "from",
            "the layer takes exactly 1 input, but has 2",
            () -> new Relu().infer(List.of(IMAGE, IMAGE))),
        refused(
            "from",
            "the layer takes 2 or more inputs, but has 1",
            () -> new Add().infer(List.of(IMAGE))),
        refused(
            "from",
            "all inputs must have the same shape, but input 1 is 96×5×7 and input 3 is 96×5×8",
            () -> new Add().infer(List.of(IMAGE, IMAGE, other))),
        refused(
            "from",
            "the layer takes exactly 2 inputs, but has 3",
            () -> new Subtract().infer(List.of(IMAGE, IMAGE, IMAGE))),
        refused(
            "from",
            "the layer takes 2 or more inputs, but has 1",
            () -> new Multiply().infer(List.of(IMAGE))),
        refused(
            "from",
            "every extent of an input must be 1 or that of the largest, 96×5×8, but input 1 is 96×5×7",
            () -> new Multiply().infer(List.of(IMAGE, other))),
        refused(
            "pad",
            "a pad of 6 rows or columns takes all of the height 5 away",
            () -> transposed(4, Padding.of(3), 0, 1).infer(List.of(IMAGE))),
        refused(
            "groups",
            "'groups' must divide the input channels, but 96 channels are not divisible by 5",
            () -> transposed(10, NONE, 0, 5).infer(List.of(IMAGE))),
        refused(
            "end",
            "from -2 to before -5 in steps of 1 there is nothing in an axis of 96",
            () -> Slice.channels(-2, -5).infer(List.of(IMAGE))),
        refused(
            "pad",
            "a pad of 5 is more than an image of 5×7 has to mirror",
            () -> new Pad(Padding.of(5), Pad.Mode.REFLECT, 0).infer(List.of(IMAGE))),
        refused(
            "channels",
            "an image of 96×5×7 has 3360 elements, which do not fit 3×-1×13",
            () -> new Reshape(3, -1, 13).infer(List.of(IMAGE))),
        refused(
            "block",
            "'block' must divide height and width, but an image of 5×7 is not divisible by 2",
            () -> new SpaceToDepth(2).infer(List.of(IMAGE))),
        refused(
            "block",
            "the square of 'block' must divide the channels, but 96 channels are not divisible by 25",
            () -> new DepthToSpace(5, DepthToSpace.Order.DEPTH_FIRST).infer(List.of(IMAGE))),
        refused(
            "groups",
            "'groups' must divide the input channels, but 96 channels are not divisible by 5",
            () -> new ShuffleChannels(5).infer(List.of(IMAGE))),
        refused(
            "from",
            "the layer takes 1 or more inputs, but has none",
            () -> new Concat().infer(List.of())),
        refused(
            "from",
            "all inputs must have the same height and width, but input 1 is 96×5×7 and input 2 is"
                + " 96×5×8",
            () -> new Concat().infer(List.of(IMAGE, other))),
        refused(
            "from",
            "the layer is limited to 2147483647 channels, but would have 4000000000",
            () ->
                new Concat()
                    .infer(List.of(new Chw(2_000_000_000, 1, 1), new Chw(2_000_000_000, 1, 1)))),
        refused(
            "from",
            "the layer is limited to 2147483647 elements, but would have 10000000000",
            () -> new Flatten().infer(List.of(new Chw(100, 10_000, 10_000)))));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("inputs")
  void inputsThatDoNotFitAreRefused(String parameter, String problem, Executable action) {
    assertRefused(parameter, problem, action);
  }

  private static void assertRefused(String parameter, String problem, Executable action) {
    InvalidParameterException thrown = assertThrows(InvalidParameterException.class, action);
    assertEquals(problem, thrown.getMessage());
    assertEquals(parameter, thrown.parameter());
  }

  /** A row each: input side, kernel, stride, pad before and after, windows by floor and by ceil. */
  private static Stream<Arguments> windows() {
    return Stream.of(
        Arguments.of(55, 3, 2, 0, 0, 27, 27), // AlexNet's pool1
        Arguments.of(54, 3, 2, 0, 0, 26, 27), // half a window over the border counts with ceil
        Arguments.of(7, 3, 2, 0, 0, 3, 3),
        Arguments.of(8, 2, 3, 1, 1, 3, 3), // a fourth would start at 8
        Arguments.of(9, 2, 3, 1, 1, 4, 4), // windows at -1, 2, 5, 8
        Arguments.of(7, 1, 3, 0, 0, 3, 3),
        Arguments.of(3, 2, 2, 1, 1, 2, 2), // the third would start at 3, beyond the image: dropped
        Arguments.of(2, 3, 4, 2, 2, 1, 1), // a second would start at 2
        Arguments.of(5, 1, 3, 0, 0, 2, 2), // a third would start at 6
        Arguments.of(4, 4, 5, 0, 3, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windowsAreCounted(
      int in, int kernel, int stride, int before, int after, int floor, int ceil) {
    Padding pad = new Padding(before, before, after, after);
    Chw x = new Chw(2, in, in);
    assertEquals(
        new Chw(2, floor, floor),
        max(kernel, stride, pad, Rounding.FLOOR).infer(List.of(x)).output());
    assertEquals(
        new Chw(2, ceil, ceil), max(kernel, stride, pad, Rounding.CEIL).infer(List.of(x)).output());
  }

  @Test
  void aGroupedConvolutionCountsItsOwnChannelsOnly() {
    Signature signature = conv(256, 5, 1, Padding.of(2), 1, 2).infer(List.of(new Chw(96, 27, 27)));
    assertEquals(new Chw(256, 27, 27), signature.output());
    assertEquals(Shape.of(256, 48, 5, 5), signature.parameters().get(0).shape());
    assertEquals(48 * 25, signature.parameters().get(0).fanIn());
    assertEquals(128 * 25, signature.parameters().get(0).fanOut());
    assertEquals(307_456, signature.learned());
    assertEquals(27L * 27 * 256 * 48 * 25, signature.macs());
  }

  @Test
  void aLocallyConnectedLayerHasWeightsAndBiasesForEveryPosition() {
    Signature signature = local(32, Extent.of(3), 2).infer(List.of(IMAGE));
    assertEquals(new Chw(32, 3, 5), signature.output());
    assertEquals(Shape.of(32, 3, 5, 48, 3, 3), signature.parameters().get(0).shape());
    assertEquals(Shape.of(32, 3, 5), signature.parameters().get(1).shape());
    assertEquals(48 * 9, signature.parameters().get(0).fanIn());
    assertEquals(16 * 9, signature.parameters().get(0).fanOut());
    assertEquals(32 * 15 * (48 * 9 + 1), signature.learned());
    assertEquals(32 * 15 * 48 * 9, signature.macs());
  }

  @Test
  void runningStatisticsAreNotLearned() {
    Signature signature = batchNorm(1e-5, 0.1).infer(List.of(IMAGE));
    assertEquals(
        List.of("weight", "bias", "running_mean", "running_var"),
        signature.parameters().stream().map(Parameter::name).toList());
    assertEquals(192, signature.learned());
  }
}
