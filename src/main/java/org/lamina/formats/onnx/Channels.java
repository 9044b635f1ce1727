package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.lamina.formats.onnx.Operand.Activation;

/**
 * A result beside constants that are broadcast to it, seen so that there is one constant for every
 * channel: where the constants differ along an axis behind others, those others become channels too
 * and the constants are repeated.
 *
 * @param data the result, seen with these channels
 * @param values one for each channel
 */
record Channels(Activation data, Values values) {

  /** Returns the extents of constants, one for each channel, for a tensor of some rank. */
  static List<Integer> perChannel(int channels, int rank) {
    List<Integer> dims = new ArrayList<>(Collections.nCopies(rank - 1, 1));
    dims.set(0, channels);
    return List.copyOf(dims);
  }

  /**
   * Brings constants to the channels of a result; several constants are the same for all.
   *
   * @throws Unfit if the constants have more elements than the result along an axis, or differ from
   *     image to image
   */
  static Channels of(Call call, Activation x, Values constants) {
    Assembly net = call.net();
    List<Integer> item = net.item(x.dims());
    List<Integer> given = aligned(call, x, constants);
    int last = 0;
    for (int i = 0; i < item.size(); i++) {
      int extent = given.get(i);
      if (extent != 1 && extent != item.get(i)) {
        throw Unfit.because("%s does not fit %s", Dims.text(constants.dims()), Dims.text(x.dims()));
      }
      last = extent > 1 ? i + 1 : last;
    }
    int channels = Dims.count(item, 0, last);
    Activation seen = seen(net, x, channels);
    int size = seen.view().c();
    if (last == 0) {
      Values all = Folding.expanded(constants.withDims(List.of(1)), List.of(size));
      return new Channels(seen, all);
    }
    Values all =
        Folding.expanded(constants.withDims(given.subList(0, last)), item.subList(0, last));
    return new Channels(seen, all.withDims(List.of(size)));
  }

  /** Returns the constants' extents, with ones in front and without the batch. */
  private static List<Integer> aligned(Call call, Activation x, Values constants) {
    int rank = x.dims().size();
    List<Integer> dims = constants.dims();
    if (dims.size() > rank) {
      if (Dims.count(dims, 0, dims.size() - rank) != 1) {
        throw Unfit.because("%s has more axes than %s", Dims.text(dims), Dims.text(x.dims()));
      }
      dims = dims.subList(dims.size() - rank, dims.size());
    }
    List<Integer> padded = Dims.padded(dims, rank);
    if (!call.net().batched()) {
      return padded;
    }
    if (padded.get(0) != 1) {
      throw Unfit.mixesBatch("a constant of " + Dims.text(constants.dims()));
    }
    return padded.subList(1, rank);
  }

  /** Returns a result with so many channels, or as it is where one will do. */
  private static Activation seen(Assembly net, Activation x, int channels) {
    if (channels == 1 || channels == x.view().c()) {
      return x;
    }
    int rest = (int) (x.view().volume() / channels);
    boolean rows = rest % x.view().w() == 0;
    int w = rows ? x.view().w() : rest;
    return net.as(x, channels, rest / w, w);
  }
}
