package org.lamina.layer;

import static org.lamina.layer.LayerCase.Values.WITH_NAN;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.Slice.Axis;
import org.lamina.tensor.Chw;

/** Shapes for layers that give elements another place. */
final class MoveCases {

  private static final int ALL = Integer.MAX_VALUE;

  private MoveCases() {}

  static List<LayerCase> all() {
    List<LayerCase> cases = new ArrayList<>();
    slices(cases);
    pads(cases);
    rearrangements(cases);
    return cases;
  }

  private static void slices(List<LayerCase> cases) {
    cases.add(LayerCase.of(Slice.channels(0, 3), new Chw(5, 2, 3)));
    cases.add(LayerCase.of(Slice.channels(16, 34), new Chw(37, 2, 2)).with(WITH_NAN));
    cases.add(LayerCase.of(Slice.channels(3, 21), new Chw(23, 1, 3)));
    cases.add(LayerCase.of(new Slice(Axis.CHANNEL, -1, -ALL, -2), new Chw(18, 2, 1)));
    cases.add(LayerCase.of(new Slice(Axis.CHANNEL, 1, ALL, 3), new Chw(20, 1, 2)));
    cases.add(LayerCase.of(new Slice(Axis.HEIGHT, 1, -1, 1), new Chw(5, 4, 3)));
    cases.add(LayerCase.of(new Slice(Axis.HEIGHT, 9, 0, -3), new Chw(3, 7, 2)));
    cases.add(LayerCase.of(new Slice(Axis.WIDTH, -20, 20, 2), new Chw(17, 2, 7)));
    cases.add(LayerCase.of(new Slice(Axis.WIDTH, -1, -ALL, -1), new Chw(2, 3, 19)));
  }

  private static void pads(List<LayerCase> cases) {
    for (Pad.Mode mode : Pad.Mode.values()) {
      cases.add(LayerCase.of(new Pad(new Padding(2, 1, 0, 3), mode, 0.3), new Chw(5, 3, 4)));
      cases.add(LayerCase.of(new Pad(new Padding(0, 2, 2, 0), mode, -1), new Chw(17, 3, 3)));
    }
    cases.add(LayerCase.of(new Pad(new Padding(9, 0, 0, 9), Pad.Mode.EDGE, 0), new Chw(1, 1, 2)));
    cases.add(
        LayerCase.of(new Pad(new Padding(1, 1, 1, 1), Pad.Mode.CONSTANT, 0), new Chw(3, 2, 20))
            .with(WITH_NAN));
    cases.add(LayerCase.of(new Upsample(new Extent(2, 2)), new Chw(5, 3, 4)));
    cases.add(LayerCase.of(new Upsample(new Extent(3, 1)), new Chw(17, 2, 3)).with(WITH_NAN));
  }

  private static void rearrangements(List<LayerCase> cases) {
    Chw odd = new Chw(18, 2, 3);
    cases.add(LayerCase.of(new Reshape(4, 9, -1), odd));
    cases.add(LayerCase.of(new Reshape(-1, 1, 1), odd));
    cases.add(LayerCase.of(new Reshape(1, -1, 27), odd).with(WITH_NAN));
    cases.add(LayerCase.of(new Reshape(18, 2, 3), odd));
    cases.add(LayerCase.of(new Reshape(17, 2, 2), new Chw(68, 1, 1)));
    for (Permute.Order order : Permute.Order.values()) {
      cases.add(LayerCase.of(new Permute(order), new Chw(5, 17, 3)));
    }
    for (DepthToSpace.Order order : DepthToSpace.Order.values()) {
      cases.add(LayerCase.of(new DepthToSpace(2, order), new Chw(20, 2, 3)));
      cases.add(LayerCase.of(new DepthToSpace(3, order), new Chw(9, 1, 2)));
    }
    cases.add(LayerCase.of(new SpaceToDepth(2), new Chw(5, 4, 2)));
    cases.add(LayerCase.of(new SpaceToDepth(3), new Chw(1, 3, 6)));
    cases.add(LayerCase.of(new Reorganize(2), new Chw(8, 4, 6)));
    cases.add(LayerCase.of(new Reorganize(3), new Chw(18, 3, 3)));
    cases.add(LayerCase.of(new ShuffleChannels(3), new Chw(21, 2, 3)));
    cases.add(LayerCase.of(new ShuffleChannels(1), new Chw(2, 1, 1)));
  }
}
