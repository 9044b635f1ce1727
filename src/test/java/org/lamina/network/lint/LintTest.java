package org.lamina.network.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Convolution;
import org.lamina.yaml.NetworkFile;

/** What every rule finds, and what it does not. */
final class LintTest {

  /** What the rules find in shipped networks, all of it as their sources have it. */
  private static final Map<String, List<String>> KNOWN =
      Map.of(
          // The paper normalises before it pools, and so did its authors.
          "alexnet",
          List.of("norm1 norm-before-pool", "norm2 norm-before-pool"),
          "alexnet-split-conv3",
          List.of("norm1 norm-before-pool", "norm2 norm-before-pool"),
          "alexnet-32",
          List.of("norm1 norm-before-pool", "norm2 norm-before-pool"),
          "alexnet-2012",
          List.of("rnorm1a norm-before-pool", "rnorm1b norm-before-pool"),
          // The paper's 224 pixels without padding: 55 columns do not come out, that is its point.
          "alexnet-224",
          List.of(
              "conv1 dropped-pixels",
              "norm1 norm-before-pool",
              "pool1 dropped-pixels",
              "norm2 norm-before-pool",
              "pool2 dropped-pixels",
              "pool5 dropped-pixels"),
          // Its authors' conv1 reads 224 pixels without padding, like the paper's.
          "nin",
          List.of("conv1 dropped-pixels"),
          // Caffe's GoogLeNet normalises before its second pooling, as figure 3 of the paper does.
          "googlenet",
          List.of("conv2/norm2 norm-before-pool"),
          "googlenet-training",
          List.of("conv2/norm2 norm-before-pool"),
          // Caffe's example has no activation between its two last layers.
          "cifar10-quick",
          List.of("ip2 linear-pair"),
          // The authors' conv10 pads its 1×1 windows; SqueezeNet 1.1 does not any more.
          "squeezenet-1.0",
          List.of("conv10 empty-window"));

  private static String lint(String layers) {
    return lint("input: {shape: [4, 10, 9]}", layers);
  }

  private static String lint(String input, String layers) {
    String text = "network: n\n" + input + "\nlayers: [" + layers + "]\n";
    List<String> lines =
        Lint.check(NetworkFile.parse("n.yaml", text)).stream()
            .map(f -> f.layer() + " " + f.rule() + ": " + f.why() + " → " + f.remedy())
            .toList();
    return String.join("\n", lines);
  }

  @Test
  void shippedNetworksHaveNoFindingsButTheKnownOnes() {
    Map<String, List<String>> found = new TreeMap<>();
    for (String name : NetworkFile.shipped()) {
      List<String> findings =
          Lint.check(NetworkFile.find(name)).stream().map(f -> f.layer() + " " + f.rule()).toList();
      if (!findings.isEmpty()) {
        found.put(name, findings);
      }
    }
    Map<String, List<String>> known = new TreeMap<>(KNOWN);
    known.put("quickstart", known.get("alexnet-32"));
    // torchvision's: SqueezeNet reads 224 pixels without padding, VGG keeps the biases that batch
    // normalisation takes away again.
    known.put("squeezenet-1.0-torchvision", List.of("conv1 dropped-pixels"));
    known.put("squeezenet-1.1-torchvision", List.of("conv1 dropped-pixels"));
    for (String name : List.of("vgg-11-bn", "vgg-13-bn", "vgg-16-bn", "vgg-19-bn")) {
      known.put(
          name,
          NetworkFile.find(name).nodes().stream()
              .filter(node -> node.layer() instanceof Convolution)
              .map(node -> node.name() + " bias-before-batch-norm")
              .toList());
    }
    known.keySet().retainAll(NetworkFile.shipped());
    assertEquals(known, found);
  }

  @Test
  void everyRuleIsDocumented() throws IOException {
    String text = Files.readString(Path.of("docs", "commands.md"));
    Set<String> documented = new TreeSet<>();
    text.lines()
        .filter(line -> line.matches("\\| `[a-z]+(-[a-z]+)+` \\|.*"))
        .forEach(line -> documented.add(line.split("`")[1]));
    assertEquals(new TreeSet<>(Lint.rules()), documented);
  }

  @Test
  void unreadInput() {
    assertEquals(
        "b unread-input: no layer reads this input, but every run must bring it"
            + " → remove it, or name it in the 'from' of a layer",
        lint("inputs: {a: {shape: [1, 2, 2]}, b: {shape: [1, 2, 2]}}", "relu: {from: a}"));
  }

  @Test
  void deadLayer() {
    String dead =
        "fc: {name: a, units: 3}, softmax: {name: prob},"
            + " tanh: {name: t, from: a}, fc: {name: b, units: 2}";
    assertEquals(
        "b dead-layer: nobody reads its result, and it is no softmax like the output 'prob';"
            + " 1 more layer works for it alone → remove it, or name it in the 'from' of a layer",
        lint(dead));
    assertEquals("", lint("fc: {name: a, units: 3}, tanh: {from: a}, sigmoid: {from: a}"));
    assertEquals("", lint("fc: {name: a, units: 3}, softmax: {from: a}, log_softmax: {from: a}"));
  }

  @Test
  void idleLayer() {
    assertEquals(
        """
        p idle-layer: a pooling of 1×1 windows in steps of 1 returns its input \
        → remove it, or give it a larger kernel or stride
        c idle-layer: a concatenation of one layer returns it → remove it, or give it more
        f idle-layer: its input of 4×1×1 is flat as it is → remove it""",
        lint(
            "max_pool: {name: p, kernel: 1}, concat: {name: c, from: [p]},"
                + " global_avg_pool: , flatten: {name: f}"));
    assertEquals("", lint("max_pool: {kernel: 1, stride: 2}, flatten: "));
  }

  @Test
  void idleMoves() {
    String finding = " idle-layer: with these values it moves nothing → remove it, or change them";
    assertEquals(
        "a" + finding + "\nb" + finding + "\nc" + finding + "\nd" + finding,
        lint(
            "slice: {name: a, end: 9}, pad: {name: b, pad: 0}, permute: {name: c, order: chw},"
                + " shuffle_channels: {name: d, groups: 4}"));
    assertEquals("", lint("slice: {step: -1, start: -1, end: -9}, shuffle_channels: {groups: 2}"));
    assertEquals("", lint("conv_transpose: {filters: 2, kernel: 2, stride: 3}"));
  }

  @Test
  void droppedPixels() {
    assertEquals(
        "a dropped-pixels: the last 1 row of its input is never read: 4 windows of 3 in steps of 2"
            + " cover 9 of 10 → pad 1 more at the end, make the input 9 or 11 pixels,"
            + " or keep it if that is meant",
        lint("conv: {name: a, filters: 1, kernel: 3, stride: 2}"));
    assertEquals(
        "a dropped-pixels: the last 2 rows and 1 column of its input are never read: 2 windows of 4"
            + " in steps of 4 cover 8 of 10; 2 windows of 4 in steps of 4 cover 8 of 9"
            + " → pad 2 more at the end, make the input 8 or 12 pixels, 'round: ceil',"
            + " or keep it if that is meant",
        lint("max_pool: {name: a, kernel: 4, stride: 4}"));
    assertEquals("", lint("max_pool: {kernel: 4, stride: 4, round: ceil}"));
    assertEquals("", lint("conv: {filters: 1, kernel: 1, stride: 2}"), "subsampling is meant");
    assertEquals(
        "", lint("conv: {filters: 1, kernel: 3, stride: 2, pad: 1}"), "only padding is left over");
  }

  @Test
  void skippedPixels() {
    assertEquals(
        "a skipped-pixels: a stride of 3×3 is larger than the window of 2×2, so pixels between"
            + " windows are never read → make the stride at most as large as the kernel",
        lint("input: {shape: [4, 8, 8]}", "conv: {name: a, filters: 1, kernel: 2, stride: 3}"));
    assertEquals(
        "",
        lint("input: {shape: [4, 2, 2]}", "conv: {filters: 1, kernel: 2, stride: 3}"),
        "one window leaves nothing between");
  }

  @Test
  void emptyWindow() {
    assertEquals(
        "a empty-window: with a pad of 1 whole windows of 1×1 lie outside of the image, and their"
            + " result is the bias alone → make the pad smaller than the kernel",
        lint("conv: {name: a, filters: 1, kernel: 1, pad: 1}"));
    assertEquals("", lint("conv: {filters: 1, kernel: 2, pad: 2, dilation: 2}"));
  }

  @Test
  void thinGroups() {
    assertEquals(
        "a thin-groups: 4 groups leave one channel to each, and its 2 filters see nothing else"
            + " → use 4 filters for a depthwise convolution, or fewer groups",
        lint("conv: {name: a, filters: 8, kernel: 1, groups: 4}"));
    assertEquals("", lint("conv: {filters: 4, kernel: 1, groups: 4}"));
    assertEquals("", lint("conv: {filters: 8, kernel: 1, groups: 2}"));
  }

  @Test
  void normBeforePool() {
    assertEquals(
        "a norm-before-pool: it normalises 4 times the values that 'b' keeps → pool first, as"
            + " Caffe's reference network does; the 2012 paper normalises first, and results differ"
            + " a little",
        lint("lrn: {name: a}, max_pool: {name: b, kernel: 3, stride: 2, round: ceil}"));
    assertEquals("", lint("lrn: , max_pool: {kernel: 3, pad: 1}"), "nothing gets smaller");
    assertEquals(
        "", lint("lrn: {region: within_channel}, max_pool: {kernel: 2, stride: 2, round: ceil}"));
  }

  @Test
  void biasBeforeBatchNorm() {
    assertEquals(
        "a bias-before-batch-norm: 'b' subtracts the mean of every channel, and with it whatever"
            + " its 8 biases are → set 'bias: false'",
        lint("conv: {name: a, filters: 8, kernel: 1}, batch_norm: {name: b}"));
    assertEquals("", lint("conv: {filters: 8, kernel: 1, bias: false}, batch_norm: "));
    assertEquals(
        "",
        lint("conv: {name: a, filters: 8, kernel: 1}, batch_norm: {name: b}, add: {from: [a, b]}"),
        "another layer reads the bias");
  }

  @Test
  void idleDropout() {
    assertEquals(
        """
        a idle-dropout: with p = 0 it drops nothing → remove it, or set p
        b idle-dropout: it follows the dropout 'a' and drops what that kept \
        → remove one, or put what both do into one p
        c idle-dropout: nothing that learns comes after it: in training it only blanks parts of \
        the output → move it before the last layer that has weights""",
        lint("dropout: {name: a, p: 0}, dropout: {name: b}, fc: {units: 2}, dropout: {name: c}"));
    assertEquals("", lint("dropout: , fc: {units: 2}"));
  }

  @Test
  void idleRelu() {
    assertEquals(
        "b idle-relu: its input 'p' is never negative, so it changes nothing"
            + " → remove it, or put it after a layer with weights",
        lint("relu: , max_pool: {name: p, kernel: 3, pad: 1}, leaky_relu: {name: b}"));
    assertEquals("", lint("tanh: , max_pool: {kernel: 3, pad: 1}, relu: "));
    assertEquals(
        "", lint("relu: {name: a}, tanh: {name: b}, concat: {from: [a, b]}, relu: "), "one may be");
  }

  @Test
  void linearPair() {
    assertEquals(
        "b linear-pair: nothing but linear layers lies between 'a' and it: together they can do no"
            + " more than one → put a relu after 'a'",
        lint("fc: {name: a, units: 3}, dropout: , fc: {name: b, units: 2}"));
    assertEquals("", lint("fc: {units: 3}, relu: , fc: {units: 2}"));
  }

  @Test
  void softmaxInside() {
    assertEquals(
        "a softmax-inside: 'b' reads it: a softmax in the middle leaves little gradient where one"
            + " channel wins → move it to the end, or use a relu or sigmoid",
        lint("softmax: {name: a}, fc: {name: b, units: 2}"));
  }

  @Test
  void reluOnScores() {
    assertEquals(
        "p relu-on-scores: 'r' cuts all scores below zero off, and a class it cut off learns"
            + " nothing more → remove 'r'",
        lint("fc: {units: 2}, relu: {name: r}, softmax: {name: p}"));
    assertTrue(lint("fc: {units: 2}, softmax: ").isEmpty());
  }
}
