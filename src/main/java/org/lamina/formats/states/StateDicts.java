package org.lamina.formats.states;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamina.formats.FormatException;
import org.lamina.formats.RenamedTensors;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;

/** Finds which network a file of parameters is for, and which tensor is which parameter. */
public final class StateDicts {

  private StateDicts() {}

  /**
   * Returns a file's tensors under the names of a network, as far as it can be told which is which:
   * {@link Weights#check} then says what is missing.
   *
   * @throws FormatException if the names can be understood in two ways
   */
  public static TensorFile fit(Network network, TensorFile file) {
    if (file.shapes().keySet().equals(Weights.parameters(network).keySet())) {
      return file;
    }
    int half = Weights.parameters(network).size() / 2;
    return match(network, file)
        .filter(match -> match.complete() || match.names().size() > half)
        .map(match -> match.complete() ? renamed(match, file) : partly(match, file))
        .orElse(file);
  }

  /** Returns the way of understanding the names that finds most parameters, if any finds one. */
  static Optional<Match> match(Network network, TensorFile file) {
    List<Match> matches =
        Arrays.stream(Convention.values())
            .map(convention -> Match.of(convention, file, network))
            .filter(match -> !match.names().isEmpty())
            .toList();
    List<Match> complete = matches.stream().filter(Match::complete).toList();
    if (complete.stream().map(Match::names).distinct().count() > 1) {
      throw new FormatException(
          "%s: the names of the tensors fit network '%s' in several ways: %s"
              .formatted(
                  file.origin(),
                  network.name(),
                  complete.stream()
                      .map(m -> m.convention().title())
                      .collect(Collectors.joining(", "))));
    }
    return matches.stream().max(Comparator.comparingInt(match -> match.names().size()));
  }

  /**
   * Returns the shipped network that has exactly these parameters.
   *
   * @throws FormatException if there is none, or more than one
   */
  static Match recognise(TensorFile file) {
    List<Match> matches = new ArrayList<>();
    Map<String, Network> read = new LinkedHashMap<>();
    Function<String, Network> network = name -> read.computeIfAbsent(name, NetworkFile::find);
    for (Convention convention : Convention.values()) {
      List<String> names =
          convention.networks().isEmpty() ? NetworkFile.shipped() : convention.networks();
      for (String name : names) {
        Match match = Match.of(convention, file, network.apply(name));
        if (match.complete() && matches.stream().noneMatch(m -> m.network().name().equals(name))) {
          matches.add(match);
        }
      }
    }
    List<Match> foreign =
        matches.stream().filter(match -> match.convention() != Convention.OWN).toList();
    List<Match> likeliest = foreign.isEmpty() ? matches : foreign;
    if (likeliest.size() == 1) {
      return likeliest.get(0);
    }
    throw new FormatException(
        likeliest.isEmpty()
            ? "%s: no shipped network has exactly these %d tensors; name the network they are for: --network"
                .formatted(file.origin(), file.shapes().size())
            : "%s: the tensors are those of several networks: %s; name the one they are for: --network"
                .formatted(
                    file.origin(),
                    likeliest.stream()
                        .map(match -> match.network().name())
                        .collect(Collectors.joining(", "))));
  }

  /** Returns the tensors of a match under the network's names. */
  static TensorFile renamed(Match match, TensorFile file) {
    Map<String, Parameter> parameters = Weights.parameters(match.network());
    Map<String, Shape> shapes = new LinkedHashMap<>();
    match.names().keySet().forEach(name -> shapes.put(name, parameters.get(name).shape()));
    return new RenamedTensors(file, match.names(), shapes);
  }

  /** Returns what was found under the network's names, and the rest under its own. */
  static TensorFile partly(Match match, TensorFile file) {
    Map<String, String> names = new LinkedHashMap<>(match.names());
    Map<String, Shape> shapes = new LinkedHashMap<>(renamed(match, file).shapes());
    match
        .unused()
        .forEach(
            name -> {
              names.put(name, name);
              shapes.put(name, file.shapes().get(name));
            });
    return new RenamedTensors(file, names, shapes);
  }
}
