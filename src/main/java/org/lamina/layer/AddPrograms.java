package org.lamina.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The program of {@link Add}: a launch for each input after the first. */
final class AddPrograms {

  private AddPrograms() {}

  static LayerProgram compile(Site site) {
    int inputs = site.signature().inputs().size();
    return LayerProgram.plain(
        Collections.nCopies(inputs, Layout.of(site.vector())),
        site.vector(),
        // With three inputs the first may also be the third, and must outlive the first launch.
        inputs == 2 ? Aliasing.IN_PLACE : Aliasing.NONE,
        bindings -> launches(site, bindings));
  }

  private static List<Launch> launches(Site site, Bindings bindings) {
    List<View> inputs = bindings.inputs();
    View y = bindings.output();
    List<Launch> launches = new ArrayList<>();
    for (int i = 1; i < inputs.size(); i++) {
      View sum = i == 1 ? inputs.get(0) : y;
      Optional<Layer> last = i == inputs.size() - 1 ? site.fused() : Optional.empty();
      launches.add(launch(bindings, sum, inputs.get(i), Activations.code(last)));
    }
    return launches;
  }

  private static Launch launch(Bindings bindings, View a, View b, Activations.Code activation) {
    View y = bindings.output();
    Chw shape = y.shape();
    Kernel kernel = bindings.program("add.cl").kernel("add_forward");
    a.bind(kernel, "a");
    b.bind(kernel, "b");
    y.bind(kernel, "y");
    activation.bind(kernel);
    kernel.set("blocks", y.blocks()).set("height", shape.h()).set("width", shape.w());
    return new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * y.blocks()));
  }
}
