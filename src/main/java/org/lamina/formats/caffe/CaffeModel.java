package org.lamina.formats.caffe;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.FormatException;
import org.lamina.formats.caffe.WireReader.Wire;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.V1LayerParameter;
import org.lamina.weights.InputFile;
import org.lamina.weights.WeightsException;

/**
 * A .caffemodel: the description of a network with a tensor or several for each layer. Opening it
 * finds where the tensors lie, and reads none.
 */
final class CaffeModel implements AutoCloseable {

  private static final int LAYER = NetParameter.LAYER_FIELD_NUMBER;
  private static final int V1_LAYER = NetParameter.LAYERS_FIELD_NUMBER;

  /** Bytes of all that is not a tensor; networks of 1,000 layers have less than half of it. */
  private static final int LONGEST_DEFINITION = 1 << 20;

  /** Each field costs up to some hundred bytes of memory, but perhaps only two in the file. */
  private static final int MOST_FIELDS = 150_000;

  private static final int MOST_LAYERS = 20_000;
  private static final int MOST_BLOBS = 100_000;
  private static final int DEEPEST = 16;

  private final InputFile file;
  private final NetParameter.Builder definition = NetParameter.newBuilder();
  private final List<List<Blob>> blobs = new ArrayList<>();
  private final List<List<Blob>> oldBlobs = new ArrayList<>();
  private int bytes;
  private int fields;
  private int blobCount;

  private CaffeModel(InputFile file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws WeightsException if the file is missing, unreadable or no .caffemodel
   */
  static CaffeModel open(Path path) {
    InputFile file = InputFile.open(path);
    try {
      CaffeModel model = new CaffeModel(file);
      model.scan();
      return model;
    } catch (WeightsException | FormatException e) {
      file.close();
      throw e;
    }
  }

  private void scan() {
    WireReader net = WireReader.of(file);
    while (net.next()) {
      if (net.field() == LAYER) {
        LayerParameter.Builder layer = LayerParameter.newBuilder();
        blobs.add(layer(net, layer, LayerParameter.BLOBS_FIELD_NUMBER));
        definition.addLayer(layer);
      } else if (net.field() == V1_LAYER) {
        V1LayerParameter.Builder layer = V1LayerParameter.newBuilder();
        oldBlobs.add(layer(net, layer, V1LayerParameter.BLOBS_FIELD_NUMBER));
        definition.addLayers(layer);
      } else if (NetParameter.getDescriptor().findFieldByNumber(net.field()) != null) {
        count(net, NetParameter.getDescriptor(), 0);
        merge(net, definition, definitionOf(net));
      }
      limit(net, blobs.size() + oldBlobs.size(), MOST_LAYERS, "layers");
    }
    if (definition.getLayerCount() + definition.getLayersCount() == 0) {
      throw new WeightsException(file.path() + ": holds no layer of Caffe");
    }
  }

  /** Reads a layer without its tensors, and returns where those lie. */
  private List<Blob> layer(WireReader net, Message.Builder to, int blobsField) {
    List<Blob> found = new ArrayList<>();
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    WireReader layer = net.message();
    while (layer.next()) {
      if (layer.field() == blobsField) {
        limit(layer, ++blobCount, MOST_BLOBS, "tensors");
        found.add(Blob.scan(layer));
      } else if (to.getDescriptorForType().findFieldByNumber(layer.field()) != null) {
        count(layer, to.getDescriptorForType(), 0);
        rest.writeBytes(definitionOf(layer));
      }
    }
    merge(net, to, rest.toByteArray());
    return found;
  }

  /** Counts what a field will cost in memory before it becomes objects. */
  private void count(WireReader field, Descriptor in, int depth) {
    limit(field, ++fields, MOST_FIELDS, "fields");
    FieldDescriptor known = in.findFieldByNumber(field.field());
    if (known != null
        && known.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.wire() == Wire.BYTES) {
      limit(field, depth, DEEPEST, "levels of messages in each other");
      for (WireReader inner = field.message(); inner.next(); ) {
        count(inner, known.getMessageType(), depth + 1);
      }
    }
  }

  /** Returns the bytes of a field with its tag. */
  private byte[] definitionOf(WireReader field) {
    long length = field.end() - field.tag();
    limit(field, bytes + length, LONGEST_DEFINITION, "bytes of description");
    bytes += (int) length;
    return file.bytes(field.tag(), (int) length);
  }

  private static void limit(WireReader at, long count, long most, String what) {
    if (count > most) {
      throw at.fault(at.begin(), "a network may have %,d %s; this has more", most, what);
    }
  }

  private void merge(WireReader at, Message.Builder to, byte[] part) {
    try {
      to.mergeFrom(part);
    } catch (InvalidProtocolBufferException e) {
      throw at.fault(at.begin(), "what is not a tensor cannot be read: %s", e.getMessage());
    }
  }

  Path path() {
    return file.path();
  }

  InputFile file() {
    return file;
  }

  /** Returns the description of the network; no layer in it has tensors. */
  NetParameter definition() {
    return definition.build();
  }

  /** Returns the tensors of the layers, older and newer, in the order of their descriptions. */
  List<List<Blob>> blobs() {
    return definition.getLayerCount() > 0 ? blobs : oldBlobs;
  }

  @Override
  public void close() {
    file.close();
  }
}
