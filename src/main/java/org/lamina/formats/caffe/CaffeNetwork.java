package org.lamina.formats.caffe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamina.formats.FormatException;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Unsupported;
import org.lamina.formats.caffe.Prototxt.Parsed;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.SolverParameter;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Setting;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;

/** Puts a network together from what Caffe's files say of it; used once. */
final class CaffeNetwork {

  private static final int MOST_INPUTS = 1000;

  private static final int MOST_LAYERS = 10_000;

  /**
   * A description of a network.
   *
   * @param file where it is
   * @param net as a newer Caffe would have written it
   * @param old as it is
   * @param lines gives the lines of layers
   */
  private record Source(
      Path file, NetParameter net, NetParameter old, Map<String, List<Token.Place>> lines) {

    boolean isForTraining() {
      return Selection.sources(net).stream().anyMatch(layer -> !layer.getType().equals("Input"));
    }

    /** Returns where a layer of {@link #net} begins: {@code , line 12}. */
    String where(int index) {
      List<Token.Place> places =
          lines.getOrDefault(old.getLayerCount() > 0 ? "layer" : "layers", List.of());
      int place = index - Upgrade.inputLayers(old);
      return place >= 0 && place < places.size() ? ", line " + places.get(place).line() : "";
    }
  }

  private final List<Path> nets;
  private final Optional<Path> weights;
  private final Optional<SolverParameter> solver;
  private final Optional<MeanImage> mean;
  private final ImportOptions options;
  private final List<String> remarks = new ArrayList<>();

  CaffeNetwork(
      List<Path> nets,
      Optional<Path> weights,
      Optional<SolverParameter> solver,
      Optional<MeanImage> mean,
      ImportOptions options) {
    this.nets = nets;
    this.weights = weights;
    this.solver = solver;
    this.mean = mean;
    this.options = options;
  }

  Imported read() {
    if (nets.isEmpty() && weights.isEmpty()) {
      throw new FormatException("there is no network; name its .prototxt or .caffemodel");
    }
    Optional<CaffeModel> model = weights.map(CaffeModel::open);
    try {
      return read(model);
    } catch (RuntimeException e) {
      model.ifPresent(CaffeModel::close);
      throw e;
    }
  }

  private Imported read(Optional<CaffeModel> model) {
    if (nets.isEmpty() && options.network().isPresent()) {
      Network network = options.network().get();
      Binding binding =
          Binding.of(model.orElseThrow(), network, KnownNetwork.sources(network, model.get()));
      return imported(network, Optional.of(binding));
    }
    List<Source> sources = sources(model);
    Source main =
        sources.stream()
            .filter(source -> !source.isForTraining())
            .findFirst()
            .orElse(sources.get(0));
    Translation translation = translate(main);
    Network network = network(main, sources, translation);
    Optional<Binding> binding =
        model.map(open -> Binding.of(open, network, translation.parameters()));
    return imported(network, binding);
  }

  private Imported imported(Network network, Optional<Binding> binding) {
    binding.ifPresent(bound -> remarks.addAll(bound.remarks()));
    return new Imported(
        "Caffe",
        network,
        binding.map(Binding::tensors),
        binding.map(Binding::origins).orElse(Map.of()),
        remarks);
  }

  /** Each input becomes a layer, which takes a hundred times the memory of its name. */
  private static NetParameter upgraded(Path file, NetParameter old) {
    if (old.getInputCount() > MOST_INPUTS) {
      throw new FormatException(
          "%s: the network has %d inputs; at most %d are read"
              .formatted(file, old.getInputCount(), MOST_INPUTS));
    }
    return Upgrade.net(old);
  }

  private List<Source> sources(Optional<CaffeModel> model) {
    List<Source> sources = new ArrayList<>();
    for (Path file : nets) {
      Parsed<NetParameter.Builder> parsed = Prototxt.read(file, NetParameter.newBuilder());
      NetParameter old = parsed.message().build();
      sources.add(new Source(file, upgraded(file, old), old, parsed.places()));
    }
    if (sources.isEmpty()) {
      NetParameter old = model.orElseThrow().definition();
      Path file = model.get().path();
      sources.add(new Source(file, upgraded(file, old), old, Map.of()));
    }
    if (sources.stream().filter(source -> !source.isForTraining()).count() > 1
        || sources.stream().filter(Source::isForTraining).count() > 1) {
      throw new FormatException(
          "%s: there are several networks; name one, or one for inference and one for training"
              .formatted(sources.get(0).file()));
    }
    return sources;
  }

  private Translation translate(Source source) {
    if (source.net().getLayerCount() > MOST_LAYERS) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "%s: has %,d layers, but a network may have %,d",
              source.file(),
              source.net().getLayerCount(),
              MOST_LAYERS));
    }
    InputShapes shapes = new InputShapes(options.input(), mean.map(MeanImage::shape));
    Selection selection = Selection.of(source.net());
    Translation translation =
        new Translation(source.file().toString(), selection, source::where, shapes::of);
    List<Unsupported> unsupported = translation.run();
    if (!unsupported.isEmpty()) {
      throw FormatException.unsupported(source.file(), "Caffe", unsupported);
    }
    remarks.addAll(translation.remarks());
    if (translation.sources().values().stream().anyMatch(shapes::assumesColor)) {
      remarks.add("pictures are taken to have 3 channels; the file does not say");
    }
    return translation;
  }

  private Network network(Source main, List<Source> sources, Translation translation) {
    Set<String> read =
        translation.entries().stream()
            .flatMap(entry -> entry.from().stream())
            .collect(Collectors.toSet());
    Map<String, Chw> inputs = new LinkedHashMap<>(translation.inputs());
    inputs.keySet().retainAll(read);
    Network network;
    try {
      network =
          Network.of(
              name(main),
              inputs,
              translation.entries(),
              preprocessing(sources, translation, inputs));
    } catch (NetworkException e) {
      throw new FormatException(main.file() + ": " + e.getMessage(), e);
    }
    return network.with(training(main, sources, network, translation));
  }

  private String name(Source main) {
    String named = main.net().getName();
    if (named.isEmpty()) {
      named = main.file().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
    return options.name().orElse(new Blobs().unique(named, "network"));
  }

  private Preprocessing preprocessing(
      List<Source> sources, Translation translation, Map<String, Chw> inputs) {
    if (inputs.size() != 1) {
      return Preprocessing.NONE;
    }
    String input = inputs.keySet().iterator().next();
    LayerParameter data =
        sources.stream()
            .filter(Source::isForTraining)
            .findFirst()
            .flatMap(
                source ->
                    Selection.of(source.net()).layers().stream()
                        .filter(Selection::isSource)
                        .findFirst())
            .orElse(translation.sources().get(input));
    return Pictures.of(data, inputs.get(input), mean, remarks);
  }

  private Training training(
      Source main, List<Source> sources, Network network, Translation translation) {
    Source trained = sources.stream().filter(Source::isForTraining).findFirst().orElse(main);
    Optional<LayerParameter> data =
        Selection.sources(trained.net()).stream()
            .filter(layer -> !layer.getType().equals("Input"))
            .findFirst();
    Map<String, Setting> recipe = new LinkedHashMap<>(SolverRecipe.of(solver, data, remarks));
    if (solver.isPresent()) {
      Map<String, Setting> rates =
          Multipliers.of(network, translation.parameters(), trained.net().getLayerList());
      if (!rates.isEmpty()) {
        recipe.put("rates", SolverRecipe.fields(rates));
      }
    }
    Map<String, Setting> losses = new LinkedHashMap<>();
    translation
        .losses()
        .weights()
        .forEach((node, weight) -> losses.put(node, SolverRecipe.number(weight)));
    boolean plain =
        translation.losses().weights().values().stream().allMatch(weight -> weight == 1);
    if (losses.size() > 1 || !plain) {
      recipe.put("losses", SolverRecipe.fields(losses));
    }
    return new Training(
        translation.losses().name(),
        new Setting.Fields(recipe, Setting.Written.NOWHERE),
        SolverRecipe.augmentation(data));
  }
}
