package org.lamina.network;

import java.util.List;
import java.util.Optional;

/**
 * What makes one network another: the layers that came, went, moved or changed, by their names.
 *
 * <p>Names of networks are not compared: the same under another name is the same. Layers moved are
 * those that do not stand in a longest common subsequence of both orders. Where a layer reads the
 * one before it in both networks, it is not a change of {@code from} that it is another one.
 *
 * @param before the first network
 * @param after the second network
 * @param head what differs above the layers: inputs, preprocessing, loss, training
 * @param layers the layers that differ, in the order of the second network; those that went stand
 *     where they were
 */
public record NetworkDiff(
    Network before, Network after, List<FieldChange> head, List<LayerChange> layers) {

  /** Copies the lists. */
  public NetworkDiff {
    head = List.copyOf(head);
    layers = List.copyOf(layers);
  }

  /**
   * A field with two values; a field that one side does not have is empty there.
   *
   * @param field its key in YAML; or {@code type}, {@code output}, {@code parameters}, {@code macs}
   * @param before its text in the first network
   * @param after its text in the second network
   */
  public record FieldChange(String field, Optional<String> before, Optional<String> after) {}

  /**
   * A layer that differs.
   *
   * @param before the layer in the first network; empty if it came
   * @param after the layer in the second network; empty if it went
   * @param moved whether it stands elsewhere among the layers that both have
   * @param fields what else differs of a layer that both have
   */
  public record LayerChange(
      Optional<Node> before, Optional<Node> after, boolean moved, List<FieldChange> fields) {

    /** Copies the list. */
    public LayerChange {
      fields = List.copyOf(fields);
    }

    /** Returns the layer's name. */
    public String name() {
      return after.or(() -> before).map(Node::name).orElseThrow();
    }

    /** Returns {@code added}, {@code removed}, {@code moved} or {@code changed}. */
    public String kind() {
      if (before.isEmpty()) {
        return "added";
      }
      return after.isEmpty() ? "removed" : moved ? "moved" : "changed";
    }
  }

  /** Compares two networks. */
  public static NetworkDiff of(Network before, Network after) {
    Comparison comparison = new Comparison(before, after);
    return new NetworkDiff(before, after, comparison.head(), comparison.layers());
  }

  /** Returns whether there is no difference. */
  public boolean isEmpty() {
    return head.isEmpty() && layers.isEmpty();
  }

  /** Returns how many more learned values the second network has; negative if it has fewer. */
  public long parameters() {
    return after.parameters() - before.parameters();
  }

  /** Returns how many more multiply-accumulate operations the second network takes. */
  public long macs() {
    return after.macs() - before.macs();
  }
}
