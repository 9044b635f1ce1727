package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.formats.TensorOrigin;
import org.lamina.formats.caffe.BlobTensors.Entry;
import org.lamina.formats.caffe.ParameterSource.Change;
import org.lamina.layer.Parameter;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.weights.Printable;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;

/** Finds the parameters of a network among the tensors of a .caffemodel, by layer names. */
final class Binding {

  private static final int MOST_PROBLEMS = 50;

  private final CaffeModel model;
  private final Map<String, List<Blob>> layers = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, TensorOrigin> origins = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private Binding(CaffeModel model) {
    this.model = model;
    for (CaffeLayer layer : CaffeLayer.all(model)) {
      if (!layer.blobs().isEmpty()) {
        layers.putIfAbsent(layer.name(), layer.blobs());
      }
    }
  }

  /**
   * Binds every parameter.
   *
   * @param sources where each comes from, by its name in the network
   * @throws WeightsException that lists all that are missing or of another shape
   */
  static Binding of(CaffeModel model, Network network, Map<String, ParameterSource> sources) {
    Binding binding = new Binding(model);
    Map<String, Parameter> wanted = new HashMap<>(Weights.parameters(network));
    Set<String> used = new HashSet<>();
    Weights.parameters(network)
        .forEach(
            (name, parameter) -> {
              ParameterSource source = sources.get(name);
              used.add(source.layer());
              binding.bind(name, wanted.get(name).shape(), source);
            });
    if (!binding.problems.isEmpty()) {
      throw new WeightsException(binding.message(network));
    }
    List<String> unused =
        binding.layers.keySet().stream().filter(layer -> !used.contains(layer)).toList();
    if (!unused.isEmpty()) {
      binding.remarks.add(
          "%s: the weights of %s are not part of the network"
              .formatted(model.path(), Printable.text(String.join(", ", unused))));
    }
    return binding;
  }

  private String message(Network network) {
    int more = problems.size() - MOST_PROBLEMS;
    return "%s: the tensors do not fit network '%s'%n  "
            .formatted(model.path(), network.name())
            .replace("\r", "")
        + String.join("\n  ", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())))
        + (more > 0 ? "\n  … and " + more + " more" : "");
  }

  private void bind(String name, Shape shape, ParameterSource source) {
    String from = source.layer() + " blob " + source.blob();
    if (source.change() == Change.ZEROS) {
      entries.put(name, new Entry(shape, Optional.empty(), Change.ZEROS, Optional.empty()));
      origins.put(name, new TensorOrigin("", Shape.of(), Change.ZEROS.text()));
      return;
    }
    List<Blob> blobs = layers.get(source.layer());
    if (blobs == null || blobs.size() <= source.blob()) {
      String layer = Printable.text(source.layer());
      problems.add(
          "missing: %s %s%s"
              .formatted(
                  Printable.text(from),
                  shape,
                  blobs == null ? Names.suggest(layer, layers.keySet()) : ""));
      return;
    }
    Blob blob = blobs.get(source.blob());
    List<Integer> wanted = new ArrayList<>(shape.extents());
    if (source.change() == Change.TRANSPOSED) {
      Collections.reverse(wanted);
    }
    if (!withoutOnes(blob.shape().extents()).equals(withoutOnes(wanted))) {
      problems.add(
          "shape:   %s is %s, but the network needs %s"
              .formatted(Printable.text(from), blob.shape(), shape));
      return;
    }
    Optional<Blob> divisor =
        source.change() == Change.AVERAGED && blobs.size() > 2 && blobs.get(2).elements() > 0
            ? Optional.of(blobs.get(2))
            : Optional.empty();
    entries.put(name, new Entry(shape, Optional.of(blob), source.change(), divisor));
    origins.put(name, new TensorOrigin(from, blob.shape(), source.change().text()));
  }

  /** Older files write a vector as [1, 1, 1, n]; an extent of 1 changes no order. */
  private static List<Integer> withoutOnes(List<Integer> extents) {
    return extents.stream().filter(extent -> extent != 1).toList();
  }

  /** Returns the parameters under the network's names. */
  BlobTensors tensors() {
    return new BlobTensors("Caffe model", model.file(), entries);
  }

  Map<String, TensorOrigin> origins() {
    return origins;
  }

  List<String> remarks() {
    return remarks;
  }
}
