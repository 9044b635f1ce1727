package org.lamina.formats.caffe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.ParameterSource.Change;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.weights.Weights;

/** Where the parameters of a network that is known lie in a .caffemodel with the same names. */
final class KnownNetwork {

  private KnownNetwork() {}

  /** Returns where each parameter comes from. */
  static Map<String, ParameterSource> sources(Network network, CaffeModel model) {
    Map<String, CaffeLayer> layers = new LinkedHashMap<>();
    List<CaffeLayer> all = CaffeLayer.all(model);
    all.forEach(layer -> layers.putIfAbsent(layer.name(), layer));
    Map<String, ParameterSource> sources = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      Optional<CaffeLayer> layer = Optional.ofNullable(layers.get(node.name()));
      for (Parameter parameter : node.signature().parameters()) {
        sources.put(
            Weights.name(node, parameter), source(node.name(), layer, parameter.name(), all));
      }
    }
    return sources;
  }

  private static ParameterSource source(
      String node, Optional<CaffeLayer> layer, String parameter, List<CaffeLayer> all) {
    if (layer.isPresent() && layer.get().type().equals("BatchNorm")) {
      int blob = ModelNames.of("BatchNorm").indexOf(parameter);
      return blob >= 0
          ? new ParameterSource(node, blob, Change.AVERAGED)
          : learned(layer.get(), parameter, all);
    }
    return ParameterSource.of(node, parameter.equals("bias") && !isBias(layer) ? 1 : 0);
  }

  private static boolean isBias(Optional<CaffeLayer> layer) {
    return layer.isPresent() && layer.get().type().equals("Bias");
  }

  /** Returns the factor or summand of a batch normalisation: those of the Scale that reads it. */
  private static ParameterSource learned(CaffeLayer norm, String parameter, List<CaffeLayer> all) {
    int blob = parameter.equals("bias") ? 1 : 0;
    return all.subList(all.indexOf(norm), all.size()).stream()
        .filter(layer -> layer.type().equals("Scale"))
        .filter(layer -> layer.definition().getBottomList().equals(norm.definition().getTopList()))
        .findFirst()
        .map(
            scale ->
                blob == 1 && scale.blobs().size() == 1
                    ? new ParameterSource(scale.name(), 1, Change.ZEROS)
                    : ParameterSource.of(scale.name(), blob))
        .orElse(ParameterSource.of(norm.name() + " scale", blob));
  }
}
