package org.lamina.layer;

import java.util.function.IntUnaryOperator;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * The transformed input of {@code opencl/winograd_input.cl}, in chunks of tiles.
 *
 * @param layer the convolution
 * @param geometry its numbers
 * @param x the shape of the input as the layer has it
 * @param vector floats in a vector
 * @param width tiles of a chunk
 * @param run how many of them stand side by side; divides {@code width}
 */
record WinogradInput(
    Convolution layer, WinogradGeometry geometry, Chw x, int vector, int width, int run) {

  private static final int LINE_FLOATS = 16;

  /** Returns how the input must lie. */
  Layout layout() {
    if (geometry.step() > 1) {
      return Layout.of(1);
    }
    Padding pad = layer.pad();
    return new Layout(
        vector,
        new Padding(
            pad.top(),
            pad.left(),
            Math.max(0, geometry.height() - pad.top() - x.h()),
            Math.max(0, geometry.width() - pad.left() - x.w())));
  }

  /** Returns the blocks of channels of a group. */
  int groupBlocks() {
    return Layout.of(vector).blocks(geometry.depth());
  }

  /** Returns the blocks of channels of all groups. */
  int blocks() {
    return layer.groups() * groupBlocks();
  }

  /** Returns the floats of a transformed chunk. */
  long chunkFloats() {
    return (long) geometry.points() * pitch();
  }

  /**
   * Returns how far apart the points of a chunk lie that take so many floats: an odd number of
   * cache lines. With powers of two, what one tile has of all points falls into the same few lines
   * of a cache.
   */
  static int pitch(int floats) {
    return ((floats + LINE_FLOATS - 1) / LINE_FLOATS | 1) * LINE_FLOATS;
  }

  /** Returns how far apart the points of this chunk lie. */
  int pitch() {
    return pitch(blocks() * width * vector);
  }

  /** Returns the floats of the input with its stride turned into channels. */
  long depths(int batch) {
    return geometry.step() == 1 ? 0 : Layout.of(vector).volume(depthShape(), batch);
  }

  private Chw depthShape() {
    return new Chw(geometry.depth(), geometry.height(), geometry.width());
  }

  /** Returns where the input with its stride turned into channels lies. */
  View depthView(DeviceBuffer buffer, long start) {
    return View.of(buffer, start, depthShape(), Layout.of(vector));
  }

  /** Returns the launch that turns the stride into channels. */
  Launch toDepth(Session session, View input, View output) {
    Macros macros = Macros.none().define("VECTOR", vector);
    Kernel kernel = session.program("space_to_depth.cl", macros).kernel("space_to_depth");
    input.bind(kernel, "x");
    output.bind(kernel, "y");
    int blocks = groupBlocks();
    kernel.set("channels", x.c()).set("in_height", x.h()).set("in_width", x.w());
    kernel.set("side", geometry.step()).set("blocks", blocks);
    kernel.set("pad_h", layer.pad().top()).set("pad_w", layer.pad().left());
    Chw shape = depthShape();
    kernel.set("height", shape.h()).set("width", shape.w());
    return new Launch(kernel, n -> Ranges.planes(session, true, shape.h(), shape.w(), n * blocks));
  }

  /**
   * Returns the launch that transforms some chunks.
   *
   * @param session where the plan lives
   * @param input the input, with its stride turned into channels
   * @param first the first chunk
   * @param chunks how many, for so many images
   */
  Launch transform(Session session, View input, Floats v, int first, IntUnaryOperator chunks) {
    Macros macros =
        Macros.none()
            .define("ALPHA", geometry.alpha())
            .define("OUT", geometry.out())
            .define("VECTOR", vector);
    Kernel kernel = session.program("winograd_input.cl", macros).kernel("winograd_input");
    boolean padded = geometry.step() > 1;
    input.bind(kernel, "x");
    v.bind(kernel, "v");
    kernel
        .set("in_blocks", groupBlocks())
        .set("width", width)
        .set("run", run)
        .set("pitch", pitch())
        .set("tiles_h", geometry.tilesH())
        .set("tiles_w", geometry.tilesW())
        .set("pad_h", padded ? 0 : layer.pad().top())
        .set("pad_w", padded ? 0 : layer.pad().left())
        .set("first", first);
    return new Launch(kernel, n -> Range.cover(blocks(), chunks.applyAsInt(n), 1, 1, 1, 1));
  }
}
