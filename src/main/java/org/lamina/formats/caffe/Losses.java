package org.lamina.formats.caffe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.layer.Softmax;
import org.lamina.network.Network.Entry;
import org.lamina.weights.Printable;

/** The losses of a network of Caffe's. */
final class Losses {

  private final Map<String, Double> weights = new LinkedHashMap<>();
  private String loss = "";

  /** Takes a loss for what it is; its softmax becomes a layer. */
  void translate(LayerParameter layer, Translation to) {
    to.makeLabels(layer);
    double weight = layer.getLossWeightCount() > 0 ? Fillers.decimal(layer.getLossWeight(0)) : 1;
    Unfit.unless(layer.getBottomCount() > 0, "reads nothing");
    Value value = to.value(layer.getBottom(0));
    if (value.node().isEmpty()) {
      return;
    }
    String node = value.node();
    switch (layer.getType()) {
      case "SoftmaxWithLoss" -> {
        LayerTypes.requireChannels(layer.getSoftmaxParam().getAxis(), value.axes());
        node = softmaxOf(node, to).orElseGet(() -> addSoftmax(layer, value, to));
        set("softmax_cross_entropy", node, weight, to);
      }
      case "MultinomialLogisticLoss" -> set("softmax_cross_entropy", node, weight, to);
      case "EuclideanLoss" -> set("mean_squared_error", node, weight, to);
      default ->
          to.remark(
              "the loss of '%s' (%s) has no form here; the network is without one"
                  .formatted(Printable.text(Translation.title(layer)), layer.getType()));
    }
  }

  /** Returns the softmax that a file which is also for inference has beside its loss. */
  private Optional<String> softmaxOf(String node, Translation to) {
    return to.entries().stream()
        .filter(e -> e.layer() instanceof Softmax && e.from().equals(List.of(node)))
        .map(Entry::name)
        .findFirst();
  }

  /** Adds what a loss contains: {@code loss1/prob} for {@code loss1/loss}, otherwise prob. */
  private String addSoftmax(LayerParameter layer, Value value, Translation to) {
    String title = Translation.title(layer);
    String wanted = title.substring(0, title.lastIndexOf('/') + 1) + "prob";
    return to.add(to.isTaken(wanted) ? title : wanted, new Softmax(), List.of(value)).node();
  }

  private void set(String name, String node, double weight, Translation to) {
    if (!loss.isEmpty() && !loss.equals(name)) {
      to.remark("'%s' has another loss than the first, %s; it is left out".formatted(node, loss));
      return;
    }
    loss = name;
    weights.put(node, weight);
  }

  /** Returns the layers whose results the loss is taken of, and what each counts. */
  Map<String, Double> weights() {
    return weights;
  }

  /** Returns the name of the loss, if there is one. */
  Optional<String> name() {
    return loss.isEmpty() ? Optional.empty() : Optional.of(loss);
  }
}
