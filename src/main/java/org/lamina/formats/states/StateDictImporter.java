package org.lamina.formats.states;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Importer;
import org.lamina.formats.TensorFiles;
import org.lamina.formats.TensorOrigin;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;

/**
 * Imports files that hold parameters alone: PyTorch's state dicts, safetensors, NumPy archives. The
 * network is named by who imports, or recognised among those that come with Lamina by the names and
 * shapes of all tensors.
 */
public final class StateDictImporter implements Importer {

  /** Makes an importer. */
  public StateDictImporter() {}

  @Override
  public String format() {
    return "parameters alone (PyTorch, safetensors, NumPy)";
  }

  @Override
  public String files() {
    return "W.pth, W.pt, W.safetensors or W.npz, with --network unless it is one that is shipped";
  }

  @Override
  public boolean accepts(List<Path> files) {
    return files.size() == 1 && TensorFiles.holdsParametersAlone(files.get(0));
  }

  @Override
  public Imported read(List<Path> files, ImportOptions options) {
    TensorFile file = TensorFiles.open(files.get(0));
    try {
      Match match =
          options.network().isPresent()
              ? named(options.network().get(), file)
              : StateDicts.recognise(file);
      return imported(match, file, options);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Match named(Network network, TensorFile file) {
    Match match =
        StateDicts.match(network, file)
            .orElseThrow(
                () ->
                    new WeightsException(
                        "%s: no tensor is one of network '%s'; it has, for example, %s"
                            .formatted(file.origin(), network.name(), example(file))));
    if (!match.complete()) {
      // Says which tensors are missing or too many, those that are known under our names.
      Weights.check(network, StateDicts.partly(match, file));
    }
    return match;
  }

  private static String example(TensorFile file) {
    return file.shapes().entrySet().stream()
        .findFirst()
        .map(tensor -> Printable.text(tensor.getKey()) + " " + tensor.getValue())
        .orElse("none at all");
  }

  private static Imported imported(Match match, TensorFile file, ImportOptions options) {
    Network network = match.network();
    TensorFile weights = StateDicts.renamed(match, file);
    Map<String, TensorOrigin> origins = new LinkedHashMap<>();
    match
        .names()
        .forEach(
            (to, from) -> {
              Shape there = file.shapes().get(from);
              Shape here = weights.shapes().get(to);
              String change = there.equals(here) ? "" : there + " as " + here;
              origins.put(to, new TensorOrigin(from, there, change));
            });
    return new Imported(
        file.format(),
        options.name().map(network::called).orElse(network),
        Optional.of(weights),
        origins,
        remarks(match, options));
  }

  private static List<String> remarks(Match match, ImportOptions options) {
    List<String> remarks = new ArrayList<>();
    List<String> intended = match.convention().networks();
    String name = match.network().name();
    if (options.network().isEmpty()) {
      remarks.add("recognised as " + name + " by the names and shapes of all tensors");
    } else if (!intended.isEmpty()
        && NetworkFile.shipped().contains(name)
        && !intended.contains(name)) {
      remarks.add(
          "the names are those of %s, trained as %s; see whether %s prepares pictures alike"
              .formatted(match.convention().title(), String.join(", ", intended), name));
    }
    if (match.convention() != Convention.OWN) {
      remarks.add("names of " + match.convention().title());
    }
    if (!match.counters().isEmpty()) {
      remarks.add(
          "%d tensors are left out that inference has no use for: %s"
              .formatted(
                  match.counters().size(), Printable.text(String.join(", ", match.counters()))));
    }
    return remarks;
  }
}
