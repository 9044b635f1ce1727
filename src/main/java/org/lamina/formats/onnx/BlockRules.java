package org.lamina.formats.onnx;

import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;

/** Operators that exchange pixels and channels, and those that repeat pixels. */
final class BlockRules {

  private static final int AXES = 4;

  private BlockRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    rules.put("DepthToSpace", (Operators.One) BlockRules::depthToSpace);
    rules.put("SpaceToDepth", (Operators.One) BlockRules::spaceToDepth);
    rules.put("Resize", (Operators.One) BlockRules::resize);
    rules.put("Upsample", (Operators.One) BlockRules::resize);
    rules.put("Gelu", (Operators.One) BlockRules::gelu);
  }

  private static int block(Call call) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, call.integer("blocksize", 0)));
  }

  private static Activation depthToSpace(Call call) {
    String mode = call.text("mode", "DCR");
    Map<String, Object> fields =
        Call.fields(
            "block", block(call), "order", mode.equals("CRD") ? "column_first" : "depth_first");
    return Spatial.of(call, 0).layer(call, call.hint(), "depth_to_space", fields);
  }

  private static Activation spaceToDepth(Call call) {
    Map<String, Object> fields = Call.fields("block", block(call));
    return Spatial.of(call, 0).layer(call, call.hint(), "space_to_depth", fields);
  }

  private static Activation gelu(Call call) {
    boolean tanh = call.text("approximate", "none").equals("tanh");
    Map<String, ?> fields = tanh ? Map.of("approximate", "tanh") : Map.of();
    return FunctionRules.apply(call, "gelu", fields, call.activation(0));
  }

  /** Whole numbers of repetitions, whichever way the places of pixels are counted. */
  private static Activation resize(Call call) {
    Spatial x = Spatial.of(call, 0);
    String mode = call.text("mode", "nearest");
    if (!mode.equals("nearest")) {
      throw Unfit.because("mode is '%s'; pixels can only be repeated (nearest)", mode);
    }
    String places = call.text("coordinate_transformation_mode", "half_pixel");
    String nearest = call.text("nearest_mode", "round_prefer_floor");
    boolean floors = places.equals("asymmetric") && nearest.equals("floor");
    boolean halves = places.startsWith("half_pixel") && nearest.startsWith("round_prefer");
    if (call.operator().equals("Resize") && call.opset() > 10 && !floors && !halves) {
      throw Unfit.because("it takes pixels by '%s' and '%s'", places, nearest);
    }
    float[] scales = scales(call, x);
    for (int i = 0; i < AXES; i++) {
      if (scales[i] < 1 || scales[i] != Math.rint(scales[i]) || i < 2 && scales[i] != 1) {
        throw Unfit.because(
            "it resizes axis %d by %s; height and width can be repeated whole times", i, scales[i]);
      }
    }
    Map<String, Object> fields = Call.fields("scale", List.of((int) scales[2], (int) scales[3]));
    return x.layer(call, call.hint(), "upsample", fields);
  }

  private static float[] scales(Call call, Spatial x) {
    int input = call.operator().equals("Resize") && call.opset() > 10 ? 2 : 1;
    float[] given = new float[0];
    if (call.opset() < 9) {
      List<Float> all = call.numbers("scales");
      given = new float[all.size()];
      for (int i = 0; i < given.length; i++) {
        given[i] = all.get(i);
      }
    } else if (call.has(input) && call.constant(input).count() > 0) {
      given = call.constant(input).floats();
    } else if (call.has(3)) {
      int[] sizes = call.constant(3).ints();
      given = new float[sizes.length];
      for (int i = 0; i < given.length; i++) {
        given[i] = sizes[i] / (float) call.input(0).dims().get(i);
      }
    }
    if (given.length != AXES || x.axes() != 2) {
      throw Unfit.because("it resizes %d axes, not %d", given.length, AXES);
    }
    return given;
  }
}
