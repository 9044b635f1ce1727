package org.lamina.formats.caffe;

import com.google.protobuf.TextFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamina.formats.Exported;
import org.lamina.formats.Exporter;
import org.lamina.formats.FormatException;
import org.lamina.formats.Unsupported;
import org.lamina.formats.caffe.schema.BlobShape;
import org.lamina.formats.caffe.schema.InputParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.weights.AtomicFile;
import org.lamina.weights.WeightSource;

/**
 * Writes networks for Caffe: a .prototxt for inference and a .caffemodel.
 *
 * <p>Layers and what they make have the names that they have here. A batch normalisation with
 * learned factors becomes two layers, the second called {@code <name>/scale}; {@code CaffeImporter}
 * makes one of them again. Pooling that rounds down says so by {@code round_mode: FLOOR}, which
 * Caffe knows since 2017. A local response normalisation whose alpha multiplies the sum has that
 * alpha times the number of neighbours.
 */
public final class CaffeExporter implements Exporter {

  /** Makes a writer; it remembers nothing. */
  public CaffeExporter() {}

  @Override
  public String format() {
    return "Caffe";
  }

  @Override
  public List<String> endings() {
    return List.of(".prototxt", ".caffemodel");
  }

  @Override
  public List<Exported> write(Network network, WeightSource weights, List<Path> files) {
    List<OutgoingLayer> layers = layers(network, files.get(0));
    NetParameter.Builder net = NetParameter.newBuilder().setName(network.name());
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              BlobShape.Builder dims =
                  BlobShape.newBuilder()
                      .addDim(1)
                      .addDim(shape.c())
                      .addDim(shape.h())
                      .addDim(shape.w());
              net.addLayer(
                  LayerParameter.newBuilder()
                      .setName(name)
                      .setType("Input")
                      .addTop(name)
                      .setInputParam(InputParameter.newBuilder().addShape(dims)));
            });
    List<LayerParameter> inputs = net.getLayerList();
    layers.forEach(layer -> net.addLayer(layer.definition()));
    List<Exported> exported =
        new ModelWriter(network.name(), inputs, layers, weights).write(files.get(1));
    byte[] text = TextFormat.printer().printToString(net.build()).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(files.get(0), channel -> AtomicFile.drain(ByteBuffer.wrap(text), channel));
    return exported;
  }

  private static List<OutgoingLayer> layers(Network network, Path file) {
    List<OutgoingLayer> layers = new ArrayList<>();
    List<Unsupported> unsupported = new ArrayList<>();
    Map<String, Integer> axes = new HashMap<>();
    network.inputs().keySet().forEach(input -> axes.put(input, 4));
    for (Node node : network.nodes()) {
      try {
        List<Integer> read = node.from().stream().map(axes::get).toList();
        OutgoingLayers made = OutgoingLayers.of(node, read);
        layers.addAll(made.layers());
        axes.put(node.name(), made.axes());
      } catch (Unfit e) {
        unsupported.add(new Unsupported(node.name(), node.layer().key(), e.getMessage()));
        axes.put(node.name(), 4);
      }
    }
    if (!unsupported.isEmpty()) {
      throw FormatException.unsupported(file, "Caffe", unsupported);
    }
    return layers;
  }
}
