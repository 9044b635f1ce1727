package org.lamina.formats.caffe;

import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;

/**
 * A layer of a .caffemodel.
 *
 * @param definition what the file says of it, as a newer Caffe would have written it
 * @param blobs its tensors
 */
record CaffeLayer(LayerParameter definition, List<Blob> blobs) {

  /** Copies the list. */
  CaffeLayer {
    blobs = List.copyOf(blobs);
  }

  String name() {
    return definition.getName();
  }

  String type() {
    return definition.getType();
  }

  /** Returns the layers of a file, in its order. */
  static List<CaffeLayer> all(CaffeModel model) {
    NetParameter old = model.definition();
    NetParameter net = Upgrade.net(old);
    int skipped = Upgrade.inputLayers(old);
    List<CaffeLayer> layers = new ArrayList<>();
    for (int i = 0; i < model.blobs().size(); i++) {
      layers.add(new CaffeLayer(net.getLayer(i + skipped), model.blobs().get(i)));
    }
    return layers;
  }
}
