package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.layer.DepthToSpace;
import org.lamina.layer.InstanceNormalization;
import org.lamina.layer.Pad;
import org.lamina.layer.Permute;
import org.lamina.layer.Reorganize;
import org.lamina.layer.Reshape;
import org.lamina.layer.ShuffleChannels;
import org.lamina.layer.Slice;
import org.lamina.layer.SpaceToDepth;
import org.lamina.layer.TransposedConvolution;
import org.lamina.layer.Upsample;
import org.lamina.tensor.Chw;

/** Layers that came with other formats, as operators. */
final class MoveExports {

  private MoveExports() {}

  static void addTo(Map<Class<?>, Exports.Rule> rules) {
    Exports.put(rules, TransposedConvolution.class, MoveExports::transposedConvolution);
    Exports.put(rules, InstanceNormalization.class, MoveExports::instanceNorm);
    Exports.put(
        rules,
        Reshape.class,
        (layer, out) -> image(out, out.reshaped(out.any(0).tensor(), last(out), out.shape())));
    Exports.put(rules, Permute.class, MoveExports::permute);
    Exports.put(rules, Slice.class, MoveExports::slice);
    Exports.put(rules, Pad.class, MoveExports::pad);
    Exports.put(rules, DepthToSpace.class, MoveExports::depthToSpace);
    Exports.put(
        rules,
        SpaceToDepth.class,
        (layer, out) ->
            out.last("SpaceToDepth", out.images(), Sheet.integer("blocksize", layer.block())));
    Exports.put(rules, Reorganize.class, MoveExports::reorganize);
    Exports.put(rules, ShuffleChannels.class, MoveExports::shuffle);
    Exports.put(rules, Upsample.class, MoveExports::upsample);
  }

  private static String last(Outgoing out) {
    return out.sheet().unique(out.node().name());
  }

  private static Result image(Outgoing out, String tensor) {
    return new Result(tensor, false, out.shape());
  }

  private static Result transposedConvolution(TransposedConvolution layer, Outgoing out) {
    List<String> from = new ArrayList<>(List.of(out.image(0), out.parameter("weight")));
    if (layer.bias()) {
      from.add(out.parameter("bias"));
    }
    return out.last(
        "ConvTranspose",
        from,
        Outgoing.pair("kernel_shape", layer.kernel()),
        Outgoing.pair("strides", layer.stride()),
        Outgoing.pads(layer.pad()),
        Outgoing.pair("output_padding", layer.outputPadding()),
        Outgoing.pair("dilations", layer.dilation()),
        Sheet.integer("group", layer.groups()));
  }

  private static Result instanceNorm(InstanceNormalization layer, Outgoing out) {
    int channels = out.shape().c();
    return out.last(
        "InstanceNormalization",
        List.of(
            out.image(0),
            layer.affine() ? out.parameter("weight") : out.filled("weight", channels, 1),
            layer.affine() ? out.parameter("bias") : out.filled("bias", channels, 0)),
        Sheet.number("epsilon", layer.epsilon()));
  }

  private static Result permute(Permute layer, Outgoing out) {
    List<Integer> order = new ArrayList<>(List.of(0));
    for (char axis : layer.order().name().toCharArray()) {
      order.add("CHW".indexOf(axis) + 1);
    }
    return out.last("Transpose", out.images(), Sheet.integers("perm", order));
  }

  private static Result slice(Slice layer, Outgoing out) {
    Chw x = out.shape(0);
    Chw y = out.shape();
    int axis = layer.axis().ordinal() + 1;
    int count = List.of(y.c(), y.h(), y.w()).get(axis - 1);
    int start = layer.first(x);
    long end = start + (long) (count - 1) * layer.step() + Integer.signum(layer.step());
    String name = out.node().name();
    return out.last(
        "Slice",
        List.of(
            out.image(0),
            out.sheet().integers(name + ".start", start),
            // Before the first: a plain -1 would be the last.
            out.sheet().integers(name + ".end", end < 0 ? Integer.MIN_VALUE : end),
            out.sheet().integers(name + ".axis", axis),
            out.sheet().integers(name + ".step", layer.step())));
  }

  private static Result pad(Pad layer, Outgoing out) {
    if (layer.mode() == Pad.Mode.WRAP) {
      throw Unfit.because("padding with the other side (mode: wrap) came with version 19");
    }
    String amounts =
        out.sheet()
            .integers(
                out.node().name() + ".pads",
                0,
                0,
                layer.pad().top(),
                layer.pad().left(),
                0,
                0,
                layer.pad().bottom(),
                layer.pad().right());
    List<String> from = new ArrayList<>(List.of(out.image(0), amounts));
    if (layer.mode() == Pad.Mode.CONSTANT) {
      from.add(out.number("value", layer.value()));
    }
    String mode = layer.mode().name().toLowerCase(Locale.ROOT);
    return out.last("Pad", from, Sheet.text("mode", mode));
  }

  private static Result depthToSpace(DepthToSpace layer, Outgoing out) {
    boolean depth = layer.order() == DepthToSpace.Order.DEPTH_FIRST;
    return out.last(
        "DepthToSpace",
        out.images(),
        Sheet.integer("blocksize", layer.block()),
        Sheet.text("mode", depth ? "DCR" : "CRD"));
  }

  private static Result reorganize(Reorganize layer, Outgoing out) {
    Chw x = out.shape(0);
    int block = layer.block();
    Chw read = new Chw(x.c() / (block * block), x.h() * block, x.w() * block);
    String large = out.reshaped(out.image(0), out.name("read"), read);
    String deep =
        out.step("SpaceToDepth", "deep", List.of(large), Sheet.integer("blocksize", block));
    return image(out, out.reshaped(deep, last(out), out.shape()));
  }

  private static Result shuffle(ShuffleChannels layer, Outgoing out) {
    Chw x = out.shape(0);
    int groups = layer.groups();
    Chw apart = new Chw(groups, x.c() / groups, x.h() * x.w());
    String cut = out.reshaped(out.image(0), out.name("groups"), apart);
    String turned =
        out.step("Transpose", "turn", List.of(cut), Sheet.integers("perm", List.of(0, 2, 1, 3)));
    return image(out, out.reshaped(turned, last(out), out.shape()));
  }

  private static Result upsample(Upsample layer, Outgoing out) {
    String scales =
        out.sheet()
            .floats(
                out.node().name() + ".scales",
                List.of(4),
                1,
                1,
                layer.scale().h(),
                layer.scale().w());
    return out.last(
        "Resize",
        List.of(out.image(0), "", scales),
        Sheet.text("mode", "nearest"),
        Sheet.text("coordinate_transformation_mode", "asymmetric"),
        Sheet.text("nearest_mode", "floor"));
  }
}
