package org.lamina.formats.states;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Parameter;
import org.lamina.layer.Relu;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.TensorFile;

/**
 * The names that torchvision gives the tensors of our networks, made as it makes them: by counting
 * the modules, not by the patterns that read them.
 */
final class ForeignNames {

  private ForeignNames() {}

  /** A file that exists as names and shapes alone; its values say which tensor they are of. */
  record Described(Map<String, Shape> shapes) implements TensorFile {

    static int number(String name) {
      return name.hashCode() & 0xFFFF;
    }

    @Override
    public String origin() {
      return "w.pth";
    }

    @Override
    public String format() {
      return "described";
    }

    @Override
    public Map<String, ElementType> types() {
      Map<String, ElementType> types = new LinkedHashMap<>();
      shapes.keySet().forEach(name -> types.put(name, ElementType.F32));
      return types;
    }

    @Override
    public Optional<Tensor> read(String name) {
      return Optional.of(new Tensor(Shape.of(1), new float[] {number(name)}));
    }

    @Override
    public void close() {}
  }

  static void put(Map<String, Shape> to, Node node, String name) {
    for (Parameter parameter : node.signature().parameters()) {
      to.put(name + "." + parameter.name(), parameter.shape());
    }
    if (node.layer() instanceof BatchNormalization) {
      to.put(name + ".num_batches_tracked", Shape.of());
    }
  }

  /** How torchvision's ResNet, written as it stands in its source, calls the tensors of ours. */
  static Map<String, String> resnet(Network network) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      String[] parts = node.name().split("\\.");
      String name =
          parts.length == 1
              ? node.name()
              : "layer%s.%d.%s"
                  .formatted(
                      parts[0].substring("stage".length()),
                      Integer.parseInt(parts[1]) - 1,
                      parts[2]
                          .replace("shortcut_bn", "downsample.1")
                          .replace("shortcut", "downsample.0"));
      names.put(node.name(), name);
    }
    return names;
  }

  /** Counts modules as {@code nn.Sequential} does: first the features, then the classifier. */
  private static Map<String, String> sequential(Network network) {
    Map<String, String> names = new LinkedHashMap<>();
    int features = 0;
    int classifier = 0;
    boolean begun = false;
    for (Node node : network.nodes()) {
      begun |= node.layer() instanceof FullyConnected || node.layer() instanceof Dropout;
      boolean counts =
          node.layer() instanceof Convolution
              || node.layer() instanceof BatchNormalization
              || node.layer() instanceof Relu
              || node.layer() instanceof MaxPooling
              || node.layer() instanceof FullyConnected
              || node.layer() instanceof Dropout;
      if (counts) {
        names.put(node.name(), begun ? "classifier." + classifier++ : "features." + features++);
      }
    }
    return names;
  }

  private static final List<String> FIRES_1_0 = List.of("3", "4", "5", "7", "8", "9", "10", "12");
  private static final List<String> FIRES_1_1 = List.of("3", "4", "6", "7", "9", "10", "11", "12");

  /** The numbers stand in torchvision's documentation of its modules. */
  private static Map<String, String> squeezenet(Network network) {
    List<String> fires = network.name().contains("1.0") ? FIRES_1_0 : FIRES_1_1;
    Map<String, String> names = new LinkedHashMap<>(Map.of("conv1", "features.0"));
    names.put("conv10", "classifier.1");
    for (int i = 0; i < fires.size(); i++) {
      String fire = "fire" + (i + 2) + "/";
      names.put(fire + "squeeze1x1", "features." + fires.get(i) + ".squeeze");
      names.put(fire + "expand1x1", "features." + fires.get(i) + ".expand1x1");
      names.put(fire + "expand3x3", "features." + fires.get(i) + ".expand3x3");
    }
    return names;
  }

  static Map<String, String> foreign(Network network) {
    String name = network.name();
    if (name.startsWith("resnet")) {
      return resnet(network);
    }
    if (name.startsWith("squeezenet")) {
      return squeezenet(network);
    }
    if (name.startsWith("googlenet")) {
      Map<String, String> same = new LinkedHashMap<>();
      network.nodes().forEach(node -> same.put(node.name(), node.name()));
      return same;
    }
    return sequential(network);
  }

  static Described described(Network network, UnaryOperator<String> change) {
    Map<String, String> names = foreign(network);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      if (!node.signature().parameters().isEmpty()) {
        put(shapes, node, change.apply(names.get(node.name())));
      }
    }
    return new Described(shuffled(shapes));
  }

  /** The order of a file must not matter. */
  static Map<String, Shape> shuffled(Map<String, Shape> shapes) {
    List<String> names = new ArrayList<>(shapes.keySet());
    Collections.shuffle(names, new Random(1));
    Map<String, Shape> shuffled = new LinkedHashMap<>();
    names.forEach(name -> shuffled.put(name, shapes.get(name)));
    return shuffled;
  }
}
