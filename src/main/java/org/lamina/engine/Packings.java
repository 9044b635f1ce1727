package org.lamina.engine;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.layer.Floats;
import org.lamina.layer.Launch;
import org.lamina.layer.PackedBuffer;
import org.lamina.network.Node;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/** Parameters in the forms that kernels want them in, made anew whenever they have changed. */
final class Packings {

  private final Session session;
  private final ParameterMemory parameters;
  private final List<DeviceBuffer> owned;
  private final Map<PackedBuffer, Packing> packings = new IdentityHashMap<>();
  private boolean stale = true;

  private record Packing(
      PackedBuffer wanted, Node node, DeviceBuffer buffer, Optional<Launch> launch) {}

  Packings(Session session, ParameterMemory parameters, List<DeviceBuffer> owned) {
    this.session = session;
    this.parameters = parameters;
    this.owned = owned;
  }

  /** Returns the memory of a packing; two programs that share one get the same. */
  DeviceBuffer buffer(PackedBuffer wanted, Node node) {
    return packings.computeIfAbsent(wanted, key -> pack(wanted, node)).buffer();
  }

  private Packing pack(PackedBuffer wanted, Node node) {
    DeviceBuffer buffer = session.allocate(wanted.name() + " of " + node.name(), wanted.floats());
    owned.add(buffer);
    List<Floats> places = names(node).map(parameters::place).toList();
    Optional<Launch> launch =
        wanted.devicePacker().map(packer -> packer.bind(session, places, buffer));
    return new Packing(wanted, node, buffer, launch);
  }

  private static Stream<String> names(Node node) {
    return node.signature().parameters().stream()
        .map(parameter -> node.name() + "." + parameter.name());
  }

  /** Notes that parameters have changed. */
  void invalidate() {
    stale = true;
  }

  /** Makes all packings anew if parameters have changed. */
  void refresh() {
    if (!stale) {
      return;
    }
    stale = false;
    for (Packing packing : packings.values()) {
      if (packing.launch().isPresent()) {
        packing.launch().get().enqueue(1);
        continue;
      }
      List<Tensor> tensors = names(packing.node()).map(parameters::read).toList();
      packing.buffer().writeMapped(out -> packing.wanted().packer().pack(tensors, out));
    }
  }
}
