package org.lamina.formats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.TensorFile;

/**
 * The tensors of a file, or some of them, under other names and with extents that hold as many
 * elements; their values stay in their order. Closing it closes the file.
 */
public final class RenamedTensors implements TensorFile {

  private final TensorFile file;
  private final Map<String, String> names;
  private final Map<String, Shape> shapes;

  /**
   * Makes a view of a file.
   *
   * @param names how the file calls each tensor, by its new name
   * @param shapes the extents of each, by its new name, in the same order
   * @throws IllegalArgumentException if the file has no such tensor, or it has another number of
   *     elements
   */
  public RenamedTensors(TensorFile file, Map<String, String> names, Map<String, Shape> shapes) {
    this.file = file;
    this.names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    this.shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    Map<String, Shape> known = file.shapes();
    this.names.forEach(
        (to, from) -> {
          Shape found = known.get(from);
          Shape wanted = shapes.get(to);
          if (found == null || wanted == null || found.volume() != wanted.volume()) {
            throw new IllegalArgumentException(
                "%s as %s: %s is not %s".formatted(from, to, found, wanted));
          }
        });
  }

  @Override
  public String origin() {
    return file.origin();
  }

  @Override
  public String format() {
    return file.format();
  }

  @Override
  public Map<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public Map<String, ElementType> types() {
    Map<String, ElementType> known = file.types();
    Map<String, ElementType> types = new LinkedHashMap<>();
    names.forEach((to, from) -> types.put(to, known.get(from)));
    return Collections.unmodifiableMap(types);
  }

  @Override
  public Optional<Tensor> read(String name) {
    return Optional.ofNullable(names.get(name))
        .flatMap(file::read)
        .map(tensor -> new Tensor(shapes.get(name), tensor.values()));
  }

  @Override
  public void stream(String name, Pieces to) {
    String from = names.get(name);
    if (from != null) {
      file.stream(from, to);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
