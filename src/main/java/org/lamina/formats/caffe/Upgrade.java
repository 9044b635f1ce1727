package org.lamina.formats.caffe;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lamina.formats.caffe.schema.BlobShape;
import org.lamina.formats.caffe.schema.InputParameter;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.NetParameter;
import org.lamina.formats.caffe.schema.ParamSpec;
import org.lamina.formats.caffe.schema.TransformationParameter;
import org.lamina.formats.caffe.schema.V1LayerParameter;
import org.lamina.formats.caffe.schema.V1LayerParameter.LayerType;

/** Makes of older descriptions what a newer Caffe would have written. */
final class Upgrade {

  /** Types whose newer name is not the older one in other letters. */
  private static final Map<LayerType, String> TYPES = types();

  /** Fields of older layers that newer layers have elsewhere. */
  private static final Set<String> ELSEWHERE =
      Set.of("type", "param", "blob_share_mode", "blobs_lr", "weight_decay", "layer", "blobs");

  private static final List<String> DATA =
      List.of("data_param", "image_data_param", "window_data_param");

  private Upgrade() {}

  private static Map<LayerType, String> types() {
    Map<LayerType, String> types = new EnumMap<>(LayerType.class);
    types.put(LayerType.ABSVAL, "AbsVal");
    types.put(LayerType.ARGMAX, "ArgMax");
    types.put(LayerType.BNLL, "BNLL");
    types.put(LayerType.HDF5_DATA, "HDF5Data");
    types.put(LayerType.HDF5_OUTPUT, "HDF5Output");
    types.put(LayerType.IM2COL, "Im2col");
    types.put(LayerType.LRN, "LRN");
    types.put(LayerType.MVN, "MVN");
    types.put(LayerType.RELU, "ReLU");
    types.put(LayerType.SOFTMAX_LOSS, "SoftmaxWithLoss");
    types.put(LayerType.TANH, "TanH");
    return types;
  }

  /** Returns a network of newer layers only, whose inputs are layers of type Input. */
  static NetParameter net(NetParameter old) {
    NetParameter.Builder net =
        old.toBuilder().clearLayer().clearLayers().clearInput().clearInputDim().clearInputShape();
    inputs(old).forEach(net::addLayer);
    if (old.getLayerCount() > 0) {
      old.getLayerList().forEach(layer -> net.addLayer(transformed(layer.toBuilder())));
    } else {
      old.getLayersList().forEach(layer -> net.addLayer(transformed(layer(layer))));
    }
    return net.build();
  }

  /** Returns how many layers of a newer network stand before those of the older one. */
  static int inputLayers(NetParameter old) {
    return old.getInputCount();
  }

  private static List<LayerParameter> inputs(NetParameter old) {
    List<LayerParameter> inputs = new ArrayList<>();
    for (int i = 0; i < old.getInputCount(); i++) {
      LayerParameter.Builder input =
          LayerParameter.newBuilder()
              .setName(old.getInput(i))
              .setType("Input")
              .addTop(old.getInput(i));
      if (i < old.getInputShapeCount()) {
        input.setInputParam(InputParameter.newBuilder().addShape(old.getInputShape(i)));
      } else if (4 * i + 3 < old.getInputDimCount()) {
        BlobShape shape =
            BlobShape.newBuilder()
                .addAllDim(old.getInputDimList().subList(4 * i, 4 * i + 4))
                .build();
        input.setInputParam(InputParameter.newBuilder().addShape(shape));
      }
      inputs.add(input.build());
    }
    return inputs;
  }

  private static LayerParameter.Builder layer(V1LayerParameter old) {
    LayerParameter.Builder layer = LayerParameter.newBuilder();
    old.getAllFields()
        .forEach(
            (field, value) -> {
              if (!ELSEWHERE.contains(field.getName())) {
                layer.setField(
                    LayerParameter.getDescriptor().findFieldByName(field.getName()), value);
              }
            });
    layer.setType(old.hasLayer() ? "V0 " + old.getLayer().getType() : type(old.getType()));
    int specs =
        Math.max(old.getParamCount(), Math.max(old.getBlobsLrCount(), old.getWeightDecayCount()));
    for (int i = 0; i < specs; i++) {
      layer.addParam(spec(old, i));
    }
    return layer;
  }

  private static ParamSpec spec(V1LayerParameter old, int index) {
    ParamSpec.Builder spec = ParamSpec.newBuilder();
    if (index < old.getParamCount()) {
      spec.setName(old.getParam(index));
    }
    if (index < old.getBlobsLrCount()) {
      spec.setLrMult(old.getBlobsLr(index));
    }
    if (index < old.getWeightDecayCount()) {
      spec.setDecayMult(old.getWeightDecay(index));
    }
    return spec.build();
  }

  /** Returns {@code InnerProduct} for {@code INNER_PRODUCT}. */
  private static String type(LayerType old) {
    if (TYPES.containsKey(old)) {
      return TYPES.get(old);
    }
    StringBuilder name = new StringBuilder();
    for (String word : old.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** Older data layers say themselves how pictures are transformed. */
  private static LayerParameter.Builder transformed(LayerParameter.Builder layer) {
    TransformationParameter.Builder transform = layer.getTransformParam().toBuilder();
    for (String data : DATA) {
      FieldDescriptor field = LayerParameter.getDescriptor().findFieldByName(data);
      if (layer.hasField(field)) {
        Message source = (Message) layer.getField(field);
        for (String name : List.of("scale", "mean_file", "crop_size", "mirror")) {
          FieldDescriptor from = source.getDescriptorForType().findFieldByName(name);
          FieldDescriptor to = TransformationParameter.getDescriptor().findFieldByName(name);
          if (source.hasField(from) && !transform.hasField(to)) {
            transform.setField(to, source.getField(from));
          }
        }
      }
    }
    if (transform.getAllFields().size() > 0) {
      layer.setTransformParam(transform);
    }
    return layer;
  }
}
