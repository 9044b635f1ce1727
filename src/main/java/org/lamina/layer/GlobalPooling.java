package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The program of the poolings over a whole plane. */
final class GlobalPooling {

  private GlobalPooling() {}

  static LayerProgram compile(Site site, String name) {
    Chw x = site.signature().input();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel pooling = bindings.program("global_pooling.cl").kernel(name);
          bindings.input().bind(pooling, "x");
          bindings.output().bind(pooling, "y");
          int blocks = bindings.output().blocks();
          pooling.set("blocks", blocks).set("height", x.h()).set("width", x.w());
          return List.of(new Launch(pooling, n -> Ranges.elements(bindings, blocks, n)));
        });
  }
}
