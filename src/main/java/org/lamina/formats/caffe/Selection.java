package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.NetState;
import org.lamina.formats.caffe.schema.NetStateRule;
import org.lamina.formats.caffe.schema.Phase;

/**
 * Which layers of a description make the network: those of the TEST phase, and the data and losses
 * of the TRAIN phase where the TEST phase has none.
 *
 * @param layers the layers, in the order of the file
 * @param indices where each stands in the file
 */
record Selection(List<LayerParameter> layers, List<Integer> indices) {

  /** Layers that bring data in. */
  private static final Set<String> SOURCES =
      Set.of(
          "Input",
          "Data",
          "ImageData",
          "MemoryData",
          "HDF5Data",
          "WindowData",
          "DummyData",
          "AnnotatedData");

  private static final Set<String> LOSSES =
      Set.of(
          "SoftmaxWithLoss",
          "EuclideanLoss",
          "SigmoidCrossEntropyLoss",
          "HingeLoss",
          "MultinomialLogisticLoss",
          "InfogainLoss",
          "ContrastiveLoss");

  /** Layers that only look at what there is. */
  private static final Set<String> SINKS = Set.of("Accuracy", "Silence", "HDF5Output");

  static Selection of(NetParameter net) {
    List<Integer> test = of(net, Phase.TEST);
    Set<Integer> chosen = new HashSet<>(test);
    // What a solver saves is the TRAIN phase alone.
    for (Predicate<LayerParameter> kind :
        List.<Predicate<LayerParameter>>of(Selection::isSource, Selection::isLoss)) {
      if (test.stream().noneMatch(i -> kind.test(net.getLayer(i)))) {
        of(net, Phase.TRAIN).stream().filter(i -> kind.test(net.getLayer(i))).forEach(chosen::add);
      }
    }
    List<Integer> indices = chosen.stream().sorted().toList();
    return new Selection(indices.stream().map(net::getLayer).toList(), indices);
  }

  private static List<Integer> of(NetParameter net, Phase phase) {
    NetState state = net.getState().toBuilder().setPhase(phase).build();
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < net.getLayerCount(); i++) {
      LayerParameter layer = net.getLayer(i);
      boolean included =
          layer.getIncludeCount() == 0
              ? layer.getExcludeList().stream().noneMatch(rule -> meets(state, rule))
              : layer.getIncludeList().stream().anyMatch(rule -> meets(state, rule));
      if (included && (!layer.hasPhase() || layer.getPhase() == phase)) {
        indices.add(i);
      }
    }
    return indices;
  }

  private static boolean meets(NetState state, NetStateRule rule) {
    return (!rule.hasPhase() || rule.getPhase() == state.getPhase())
        && (!rule.hasMinLevel() || state.getLevel() >= rule.getMinLevel())
        && (!rule.hasMaxLevel() || state.getLevel() <= rule.getMaxLevel())
        && state.getStageList().containsAll(rule.getStageList())
        && rule.getNotStageList().stream().noneMatch(state.getStageList()::contains);
  }

  static boolean isSource(LayerParameter layer) {
    return SOURCES.contains(layer.getType());
  }

  static boolean isLoss(LayerParameter layer) {
    return LOSSES.contains(layer.getType());
  }

  static boolean isSink(LayerParameter layer) {
    return SINKS.contains(layer.getType());
  }

  /** Returns the layers that say how pictures become inputs, whatever their phase. */
  static List<LayerParameter> sources(NetParameter net) {
    return net.getLayerList().stream().filter(Selection::isSource).toList();
  }
}
