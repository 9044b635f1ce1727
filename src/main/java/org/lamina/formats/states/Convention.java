package org.lamina.formats.states;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Convolution;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;

/** A way in which other software names the parameters of networks that Lamina has too. */
enum Convention {

  /** The names of the network itself: {@code conv1.weight}. */
  OWN("the network's own names", List.of(), (tensors, network) -> identity(tensors)),

  /**
   * {@code layer1.0.conv2.weight}: torchvision, timm, and what others derived from it ({@code
   * shortcut} for {@code downsample}, {@code linear} for {@code fc}).
   */
  RESNET(
      "torchvision's ResNet",
      List.of(
          "resnet-18",
          "resnet-34",
          "resnet-50",
          "resnet-101",
          "resnet-152",
          "resnet-20",
          "resnet-32",
          "resnet-44",
          "resnet-56"),
      (tensors, network) -> renamed(tensors, Convention::resnet)),

  /** {@code resnet.encoder.stages.0.layers.1.layer.0.convolution.weight}: transformers. */
  TRANSFORMERS_RESNET(
      "transformers' ResNet",
      List.of("resnet-18", "resnet-34", "resnet-50", "resnet-101", "resnet-152"),
      (tensors, network) -> renamed(tensors, Convention::transformers)),

  /** {@code features.10.weight}, {@code classifier.1.weight}: modules counted with all others. */
  SEQUENTIAL(
      "torchvision's AlexNet and VGG",
      List.of(
          "alexnet-owt",
          "vgg-11",
          "vgg-13",
          "vgg-16",
          "vgg-19",
          "vgg-11-bn",
          "vgg-13-bn",
          "vgg-16-bn",
          "vgg-19-bn"),
      Convention::sequential),

  /** {@code features.3.squeeze.weight}: fire modules counted with all others. */
  SQUEEZENET(
      "torchvision's SqueezeNet",
      List.of("squeezenet-1.0-torchvision", "squeezenet-1.1-torchvision"),
      (tensors, network) -> squeezenet(tensors)),

  /** {@code inception3a.branch1.conv.weight}: the names of that network of ours. */
  GOOGLENET(
      "torchvision's GoogLeNet",
      List.of("googlenet-torchvision"),
      (tensors, network) -> identity(tensors));

  private static final Pattern RESNET_BLOCK =
      Pattern.compile("layer(\\d{1,3})\\.(\\d{1,3})\\.(conv\\d|bn\\d)(\\..+)");
  private static final Pattern RESNET_SHORTCUT =
      Pattern.compile("layer(\\d{1,3})\\.(\\d{1,3})\\.(?:downsample|shortcut)\\.([01])(\\..+)");
  private static final Pattern TRANSFORMERS_BLOCK =
      Pattern.compile(
          "(?:resnet\\.)?encoder\\.stages\\.(\\d{1,3})\\.layers\\.(\\d{1,3})\\."
              + "(layer\\.(\\d)|shortcut)\\.(convolution|normalization)(\\..+)");
  private static final Pattern NUMBERED =
      Pattern.compile("(features|classifier)\\.(\\d{1,4})\\.(\\w+)");
  private static final Pattern TIMM_HEAD =
      Pattern.compile("(?:pre_logits\\.fc([12])|head\\.fc())\\.(\\w+)");
  private static final Pattern FIRE =
      Pattern.compile("features\\.(\\d{1,4})\\.(squeeze|expand1x1|expand3x3)(\\..+)");

  private final String title;
  private final List<String> networks;
  private final BiFunction<Map<String, Shape>, Network, Map<String, String>> names;

  Convention(
      String title,
      List<String> networks,
      BiFunction<Map<String, Shape>, Network, Map<String, String>> names) {
    this.title = title;
    this.networks = networks;
    this.names = names;
  }

  /** Returns whose names these are, for messages. */
  String title() {
    return title;
  }

  /** Returns the shipped networks that are trained under these names; empty: any. */
  List<String> networks() {
    return networks;
  }

  /** Returns what the network calls each tensor, by its name in the file; those it knows. */
  Map<String, String> names(Map<String, Shape> tensors, Network network) {
    return names.apply(tensors, network);
  }

  private static Map<String, String> identity(Map<String, Shape> tensors) {
    return renamed(tensors, name -> name);
  }

  /** Renames one by one; an empty name means that the tensor is not known. */
  private static Map<String, String> renamed(
      Map<String, Shape> tensors, UnaryOperator<String> rename) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String from : tensors.keySet()) {
      String to = rename.apply(from);
      if (!to.isEmpty()) {
        names.put(from, to);
      }
    }
    return names;
  }

  private static String resnet(String name) {
    Matcher block = RESNET_BLOCK.matcher(name);
    if (block.matches()) {
      return "stage%s.%s.%s%s"
          .formatted(block.group(1), next(block.group(2)), block.group(3), block.group(4));
    }
    Matcher shortcut = RESNET_SHORTCUT.matcher(name);
    if (shortcut.matches()) {
      String layer = shortcut.group(3).equals("0") ? "shortcut" : "shortcut_bn";
      return "stage%s.%s.%s%s"
          .formatted(shortcut.group(1), next(shortcut.group(2)), layer, shortcut.group(4));
    }
    return name.startsWith("linear.") ? "fc." + name.substring("linear.".length()) : name;
  }

  private static String transformers(String name) {
    Matcher block = TRANSFORMERS_BLOCK.matcher(name);
    if (block.matches()) {
      boolean shortcut = block.group(4) == null;
      boolean convolution = block.group(5).equals("convolution");
      String layer =
          shortcut
              ? (convolution ? "shortcut" : "shortcut_bn")
              : (convolution ? "conv" : "bn") + next(block.group(4));
      return "stage%s.%s.%s%s"
          .formatted(next(block.group(1)), next(block.group(2)), layer, block.group(6));
    }
    return name.replaceFirst("^(?:resnet\\.)?embedder\\.embedder\\.convolution\\.", "conv1.")
        .replaceFirst("^(?:resnet\\.)?embedder\\.embedder\\.normalization\\.", "bn1.")
        .replaceFirst("^classifier\\.1\\.", "fc.");
  }

  private static int next(String number) {
    return Integer.parseInt(number) + 1;
  }

  /** The modules of each kind, in the order of their numbers, are the layers of that kind. */
  private static Map<String, String> sequential(Map<String, Shape> tensors, Network network) {
    Map<Integer, Map<String, String>> features = new TreeMap<>();
    Map<Integer, Map<String, String>> classifier = new TreeMap<>();
    for (String name : tensors.keySet()) {
      Matcher numbered = NUMBERED.matcher(name);
      Matcher head = TIMM_HEAD.matcher(name);
      if (numbered.matches()) {
        (numbered.group(1).equals("features") ? features : classifier)
            .computeIfAbsent(Integer.parseInt(numbered.group(2)), n -> new LinkedHashMap<>())
            .put(name, numbered.group(3));
      } else if (head.matches()) {
        int number = head.group(1) == null ? 3 : Integer.parseInt(head.group(1));
        classifier.computeIfAbsent(number, n -> new LinkedHashMap<>()).put(name, head.group(3));
      }
    }
    List<Map<String, String>> normalizations =
        features.values().stream().filter(m -> m.containsValue("running_mean")).toList();
    List<Map<String, String>> convolutions =
        features.values().stream().filter(m -> !m.containsValue("running_mean")).toList();
    Map<String, String> names = new LinkedHashMap<>();
    inOrder(names, convolutions, network, Convolution.class);
    inOrder(names, normalizations, network, BatchNormalization.class);
    inOrder(names, List.copyOf(classifier.values()), network, FullyConnected.class);
    return names;
  }

  private static void inOrder(
      Map<String, String> names,
      List<Map<String, String>> modules,
      Network network,
      Class<? extends Layer> type) {
    List<String> layers = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (type.isInstance(node.layer())) {
        layers.add(node.name());
      }
    }
    if (layers.size() == modules.size()) {
      IntStream.range(0, layers.size())
          .forEach(
              i ->
                  modules
                      .get(i)
                      .forEach(
                          (from, parameter) -> names.put(from, layers.get(i) + "." + parameter)));
    }
  }

  private static Map<String, String> squeezenet(Map<String, Shape> tensors) {
    TreeSet<Integer> numbers = new TreeSet<>();
    fires(tensors).forEach(fire -> numbers.add(Integer.parseInt(fire.group(1))));
    // The first fire module is called fire2.
    Map<Integer, Integer> fires = new LinkedHashMap<>();
    numbers.forEach(number -> fires.put(number, fires.size() + 2));
    return renamed(
        tensors,
        name -> {
          Matcher fire = FIRE.matcher(name);
          if (fire.matches()) {
            String layer = fire.group(2).equals("squeeze") ? "squeeze1x1" : fire.group(2);
            int number = fires.get(Integer.parseInt(fire.group(1)));
            return "fire%d/%s%s".formatted(number, layer, fire.group(3));
          }
          return name.replaceFirst("^features\\.0\\.", "conv1.")
              .replaceFirst("^classifier\\.1\\.", "conv10.");
        });
  }

  private static Stream<Matcher> fires(Map<String, Shape> tensors) {
    return tensors.keySet().stream().map(FIRE::matcher).filter(Matcher::matches);
  }
}
