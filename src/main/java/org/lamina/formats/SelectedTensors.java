package org.lamina.formats;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamina.tensor.Shape;
import org.lamina.weights.TensorFile;

/** Some of the tensors of a file under their own names. */
public final class SelectedTensors {

  private SelectedTensors() {}

  /**
   * Returns a view that closes the file when it is closed.
   *
   * @param names those that stay, in their order; the file has all of them
   */
  public static TensorFile of(TensorFile file, Collection<String> names) {
    Map<String, Shape> known = file.shapes();
    Map<String, String> same = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String name : names) {
      same.put(name, name);
      shapes.put(name, known.get(name));
    }
    return new RenamedTensors(file, same, shapes);
  }
}
