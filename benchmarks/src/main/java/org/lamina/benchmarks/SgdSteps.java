package org.lamina.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.lamina.network.Network;
import org.lamina.weights.SeededWeights;
import org.lamina.yaml.NetworkFile;

/**
 * {@code benchmarks/run sgd}: trains a small AlexNet in PyTorch for twenty steps and compares the
 * losses with those on record, which a test of Lamina is held against; {@code benchmarks/run sgd
 * --write} records them.
 *
 * <p>Weights are those of {@code SeededWeights} with seed 1. From {@code java.util.Random(2026)}
 * come, for every step and its 16 images in order, the label ({@code nextInt(10)}) and the pixels
 * ({@code nextFloat() - 0.5f}); channel {@code label % 3} then gets {@code 0.3f * label} more. The
 * learning rate is 0.03, after ten steps a fifth of it; momentum 0.9, weight decay 5e-4; biases
 * have twice the rate and no decay.
 */
public final class SgdSteps {

  private static final Path FOLDER = Path.of("src", "test", "resources", "org", "lamina", "train");
  private static final int STEPS = 20;
  private static final int BATCH = 16;
  private static final int CLASSES = 10;
  private static final float MOMENTUM = 0.9f;
  private static final float DECAY = 5e-4f;

  private final Network network;
  private final Map<String, NDArray> velocities = new HashMap<>();

  private SgdSteps(Network network) {
    this.network = network;
  }

  /** Formulas of a step, as {@code org.lamina.train.Optimizer.Sgd} names them. */
  private enum Form {
    PAPER,
    PAPER_NESTEROV,
    PYTORCH,
    PYTORCH_NESTEROV
  }

  /** Compares or records. */
  public static void main(String[] args) throws IOException {
    Network network = NetworkFile.read(FOLDER.resolve("small-alexnet.yaml"));
    List<List<Float>> columns = new ArrayList<>();
    for (Form form : Form.values()) {
      columns.add(new SgdSteps(network).losses(form));
    }
    List<String> lines = new ArrayList<>();
    lines.add("# Losses in PyTorch 2.7.1 (CPU, through DJL); made by: benchmarks/run sgd --write");
    lines.add("step,paper,paper_nesterov,pytorch,pytorch_nesterov");
    for (int step = 0; step < STEPS; step++) {
      StringBuilder line = new StringBuilder().append(step + 1);
      for (List<Float> column : columns) {
        line.append(String.format(Locale.ROOT, ",%.7f", column.get(step)));
      }
      lines.add(line.toString());
    }
    lines.forEach(System.out::println);
    Path file = FOLDER.resolve("small-alexnet.csv");
    if (args.length > 0 && args[0].equals("--write")) {
      Files.writeString(file, String.join("\n", lines) + "\n");
      return;
    }
    double difference = difference(lines, Files.readAllLines(file));
    System.out.printf(Locale.ROOT, "largest difference from the record: %.1e%n", difference);
    System.exit(difference <= 1e-4 ? 0 : 1);
  }

  private static double difference(List<String> found, List<String> recorded) {
    double largest = found.size() == recorded.size() ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 2; i < Math.min(found.size(), recorded.size()); i++) {
      String[] mine = found.get(i).split(",");
      String[] others = recorded.get(i).split(",");
      for (int k = 1; k < mine.length; k++) {
        double distance = Math.abs(Double.parseDouble(mine[k]) - Double.parseDouble(others[k]));
        largest = Math.max(largest, distance);
      }
    }
    return largest;
  }

  private List<Float> losses(Form form) {
    List<Float> losses = new ArrayList<>();
    Random random = new Random(2026);
    try (TorchNetwork torch = new TorchNetwork(network, new SeededWeights(network, 1), 1)) {
      torch.parameters().values().forEach(parameter -> parameter.setRequiresGradient(true));
      for (int step = 0; step < STEPS; step++) {
        losses.add(step(torch, random));
        float rate = step < STEPS / 2 ? 0.03f : 0.006f;
        for (String name : torch.parameters().keySet()) {
          change(torch, name, form, rate);
        }
      }
    }
    return losses;
  }

  private float step(TorchNetwork torch, Random random) {
    int plane = 33 * 33;
    float[] pixels = new float[BATCH * 3 * plane];
    int[] labels = new int[BATCH];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / (3 * plane);
      if (i % (3 * plane) == 0) {
        labels[image] = random.nextInt(CLASSES);
      }
      pixels[i] = random.nextFloat() - 0.5f;
      if (i / plane % 3 == labels[image] % 3) {
        pixels[i] += 0.3f * labels[image];
      }
    }
    Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    try (NDManager scope = torch.manager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray images = torch.images(pixels);
      images.attach(scope);
      NDArray logits = torch.forward(images, scope, true);
      NDArray loss = crossEntropy.evaluate(new NDList(scope.create(labels)), new NDList(logits));
      loss.attach(scope);
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  /** Changes a parameter by its gradient and sets the gradient to zero. */
  private void change(TorchNetwork torch, String name, Form form, float base) {
    boolean bias = name.endsWith(".bias");
    float rate = bias ? 2 * base : base;
    float decay = bias ? 0 : DECAY;
    NDArray weight = torch.parameters().get(name);
    NDArray velocity = velocities.computeIfAbsent(name, key -> weight.zerosLike());
    try (NDManager scope = torch.manager().newSubManager();
        NDArray gradient = weight.getGradient()) {
      NDArray all = gradient.add(weight.mul(decay));
      all.attach(scope);
      boolean inside = form == Form.PAPER || form == Form.PAPER_NESTEROV;
      velocity.muli(MOMENTUM).addi(inside ? all.mul(-rate) : all);
      switch (form) {
        case PAPER -> weight.addi(velocity);
        case PAPER_NESTEROV -> weight.addi(velocity.mul(MOMENTUM).addi(all.mul(-rate)));
        case PYTORCH -> weight.subi(velocity.mul(rate));
        case PYTORCH_NESTEROV -> weight.subi(velocity.mul(MOMENTUM).addi(all).muli(rate));
      }
      gradient.muli(0);
    }
  }
}
