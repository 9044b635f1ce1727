package org.lamina.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lamina.data.ImageException;
import org.lamina.formats.TensorFiles;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;

/**
 * A network that says what photos show.
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.open("squeezenet-1.0", Path.of("squeezenet.safetensors"))) {
 *   for (Prediction prediction : classifier.classify(Path.of("espresso.jpg"), 5)) {
 *     System.out.println(prediction);
 *   }
 * }
 * }</pre>
 *
 * <p>A network that does not end in a softmax gives scores; their softmax is taken here, in double
 * precision. A classifier is used by one thread at a time.
 */
public final class Classifier implements AutoCloseable {

  private final Model model;
  private final Scores scores;
  private final List<String> labels;

  private Classifier(Model model, List<String> labels) {
    this.model = model;
    this.labels = labels;
    Network network = model.network();
    scores = Scores.of(network.node(network.outputs().get(0)).layer());
  }

  /**
   * Opens a network on the best device, one photo at a time.
   *
   * @param network the name of a shipped network or the path of a network file
   * @param weights a file of any known format, see {@link TensorFiles}
   * @throws org.lamina.network.NetworkException if the network has several outputs
   * @throws org.lamina.yaml.NetworkFileException if there is no such network, or its file is wrong
   * @throws org.lamina.weights.WeightsException if the weights cannot be read, or are not those of
   *     the network
   * @throws org.lamina.data.DataException if a file of labels does not fit
   * @throws org.lamina.engine.InsufficientMemoryException if the device has too little memory
   * @throws org.lamina.opencl.ClException if there is no device, or it fails
   */
  public static Classifier open(String network, Path weights) {
    return open(network, weights, ModelOptions.defaults());
  }

  /**
   * Opens a network with the weights that belong to it, on the best device, one photo at a time;
   * throws as {@link #open(String, Path)}.
   *
   * @param network the name of a shipped network that has weights, such as {@code lenet}, or the
   *     path of a network file that has weights beside it, see {@link WeightFile#belongingTo}
   * @throws WeightsException if it has none
   */
  public static Classifier open(String network) {
    WeightFile weights =
        WeightFile.belongingTo(network)
            .orElseThrow(
                () ->
                    new WeightsException(
                        network + ": the network has no weights of its own; name a file of them"));
    return open(NetworkFile.find(network), weights, ModelOptions.defaults());
  }

  /**
   * Opens a network; throws as {@link #open(String, Path)}.
   *
   * @param network the name of a shipped network or the path of a network file
   * @param weights a file of any known format, see {@link TensorFiles}
   */
  public static Classifier open(String network, Path weights, ModelOptions options) {
    return open(NetworkFile.find(network), weights, options);
  }

  /**
   * Opens a network that was read already; throws as {@link #open(String, Path)}.
   *
   * @param weights a file of any known format, see {@link TensorFiles}
   */
  public static Classifier open(Network network, Path weights, ModelOptions options) {
    return open(network, WeightFile.of(weights), options);
  }

  /** Opens a network that was read already; throws as {@link #open(String, Path)}. */
  public static Classifier open(Network network, WeightFile weights, ModelOptions options) {
    int classes = classes(network);
    List<String> labels = weights.labels(options.labels(), classes);
    try (TensorFile file = weights.open(network)) {
      return new Classifier(Model.open(network, file, options), labels);
    }
  }

  private static int classes(Network network) {
    if (network.outputs().size() != 1) {
      throw new NetworkException(
          "",
          "layers",
          "network '%s' has the outputs %s; only one that has a single output can classify photos"
              .formatted(network.name(), network.outputs()));
    }
    return Math.toIntExact(network.shape(network.outputs().get(0)).volume());
  }

  /** Returns the network with its weights, for running tensors through it. */
  public Model model() {
    return model;
  }

  /**
   * Returns the names of the classes, or nothing if there are none. They come from the file that
   * the options name, else from {@code <weights>.labels.txt} beside the file {@code
   * <weights>.safetensors} (or of another ending), else from {@code labels.txt} in the same folder
   * if it has a line for each class.
   */
  public List<String> labels() {
    return labels;
  }

  /**
   * Returns the most probable classes of a photo, falling.
   *
   * @param top how many, at least 1; less if the network has less
   * @throws ImageException if the file is no picture that can be read
   * @throws NetworkException if the network does not say how pictures are prepared
   */
  public List<Prediction> classify(Path image, int top) {
    List<Prediction> predictions = new ArrayList<>();
    try (Photos photos = Photos.of(model.network(), List.of(image))) {
      classify(
          photos,
          top,
          result -> {
            result.problem().ifPresent(Classifier::refuse);
            predictions.addAll(result.predictions());
          });
    }
    return predictions;
  }

  private static void refuse(String problem) {
    throw new ImageException(problem);
  }

  /**
   * Classifies photos in batches and hands over each result, in the order of the photos. One that
   * cannot be read gives a result with a problem, and the others go on.
   *
   * @param top how many classes of each, at least 1
   */
  public void classify(Photos photos, int top, Consumer<Classification> results) {
    List<Photos.Photo> batch = new ArrayList<>();
    int usable = 0;
    while (photos.hasNext()) {
      Photos.Photo photo = photos.next();
      batch.add(photo);
      usable += photo.problem().isEmpty() ? 1 : 0;
      if (usable == model.schedule().batch() || !photos.hasNext()) {
        classified(batch, top).forEach(results);
        batch.clear();
        usable = 0;
      }
    }
  }

  private List<Classification> classified(List<Photos.Photo> batch, int top) {
    List<float[]> pixels =
        batch.stream().filter(p -> p.problem().isEmpty()).map(Photos.Photo::pixels).toList();
    List<List<Prediction>> predictions =
        pixels.isEmpty() ? List.of() : classify(tensor(pixels), top);
    List<Classification> results = new ArrayList<>();
    int next = 0;
    for (Photos.Photo photo : batch) {
      boolean usable = photo.problem().isEmpty();
      results.add(
          new Classification(
              photo.file(), usable ? predictions.get(next++) : List.of(), photo.problem()));
    }
    return results;
  }

  private Tensor tensor(List<float[]> images) {
    Chw shape = model.network().shape(input());
    int volume = (int) shape.volume();
    float[] all = new float[Math.multiplyExact(images.size(), volume)];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, all, i * volume, volume);
    }
    return new Tensor(shape.batch(images.size()), all);
  }

  private String input() {
    return model.network().inputs().keySet().iterator().next();
  }

  /**
   * Returns the most probable classes of images that are prepared already.
   *
   * @param images [N, C, H, W] of the network's input, or [C, H, W] for one image
   * @param top how many classes of each, at least 1
   * @throws InputException if the tensor does not fit the network's input
   */
  public List<List<Prediction>> classify(Tensor images, int top) {
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1, but is " + top);
    }
    String output = model.network().outputs().get(0);
    Tensor result = model.run(Map.of(input(), images)).get(output);
    int count = result.shape().extent(0);
    int classes = (int) (result.shape().volume() / count);
    List<List<Prediction>> predictions = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      double[] p = scores.probabilities(result.values(), n * classes, classes);
      predictions.add(
          Scores.largest(p, top).stream().map(i -> new Prediction(i, label(i), p[i])).toList());
    }
    return predictions;
  }

  private String label(int index) {
    return labels.isEmpty() ? "class " + index : labels.get(index);
  }

  /** Releases the device; does nothing the second time. */
  @Override
  public void close() {
    model.close();
  }
}
