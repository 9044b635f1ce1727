package org.lamina.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/** A source that notes the facts of each tensor as it is read, and says how far it is. */
public final class WatchedSource implements WeightSource {

  private final WeightSource source;
  private final LongConsumer progress;
  private final Map<String, TensorFacts> facts = new LinkedHashMap<>();

  /**
   * Watches a source.
   *
   * @param progress told, after each piece, how many more values were read
   */
  public WatchedSource(WeightSource source, LongConsumer progress) {
    this.source = source;
    this.progress = progress;
  }

  /** Returns the facts of the tensors that were read, in the order they were. */
  public Map<String, TensorFacts> facts() {
    return Collections.unmodifiableMap(facts);
  }

  @Override
  public String origin() {
    return source.origin();
  }

  @Override
  public Map<String, Shape> shapes() {
    return source.shapes();
  }

  @Override
  public Optional<Tensor> read(String name) {
    Optional<Tensor> tensor = source.read(name);
    tensor.ifPresent(
        found -> {
          TensorFacts.Collector collector = new TensorFacts.Collector();
          collector.accept(found.values(), 0, found.values().length);
          facts.put(name, collector.facts());
          progress.accept(found.values().length);
        });
    return tensor;
  }

  @Override
  public void stream(String name, Pieces to) {
    TensorFacts.Collector collector = new TensorFacts.Collector();
    source.stream(
        name,
        (values, offset, count) -> {
          collector.accept(values, offset, count);
          to.accept(values, offset, count);
          progress.accept(count);
        });
    facts.put(name, collector.facts());
  }
}
