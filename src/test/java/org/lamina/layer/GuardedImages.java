package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * A batch of images somewhere in a device buffer, at an odd place with odd pitches and a larger
 * halo than asked for; everything around it is NaN with a payload, so that reading it spoils the
 * result and writing it is seen.
 */
final class GuardedImages implements AutoCloseable {

  private static final float GUARD = Float.intBitsToFloat(0x7fc0_dead);

  private final DeviceBuffer buffer;
  private final View view;
  private final float[] before;

  private GuardedImages(DeviceBuffer buffer, View view) {
    this.buffer = buffer;
    this.view = view;
    before = new float[Math.toIntExact(buffer.floats())];
    Arrays.fill(before, GUARD);
  }

  /**
   * Returns room for a batch; everything holds guards. With a multiple of 7 channels the rows lie
   * without gaps, as in most plans: kernels may take them for one.
   */
  static GuardedImages place(Session session, Chw shape, Layout layout, int batch, Random random) {
    boolean dense = shape.c() % 7 == 0;
    int side = dense ? 1 : 3;
    Padding more =
        new Padding(
            random.nextInt(2), random.nextInt(side), random.nextInt(3), random.nextInt(side));
    Padding halo =
        new Padding(
            layout.halo().top() + more.top(),
            layout.halo().left() + more.left(),
            layout.halo().bottom() + more.bottom(),
            layout.halo().right() + more.right());
    Layout roomy = new Layout(layout.vector(), halo);
    int row = roomy.row(shape) + random.nextInt(side);
    int plane = (halo.top() + shape.h() + halo.bottom()) * row + random.nextInt(4);
    int image = roomy.blocks(shape.c()) * plane + random.nextInt(4);
    long offset =
        1 + random.nextInt(9) + (long) halo.top() * row + (long) halo.left() * layout.vector();
    // Also behind the last image there are guards to be seen.
    DeviceBuffer buffer = session.allocate(offset + (long) batch * image + 16);
    View view = new View(buffer, offset, shape, layout.vector(), image, plane, row);
    return new GuardedImages(buffer, view);
  }

  View view() {
    return view;
  }

  /**
   * Writes {@code values}, dense [N, C, H, W], with zeros in {@code halo} around every plane and
   * harmless values in the lanes beyond C.
   */
  void fill(float[] values, Padding halo, Random random) {
    fill(view, values, halo, random);
  }

  /** Does the same for images that lie within these. */
  void fill(View part, float[] values, Padding halo, Random random) {
    Chw shape = part.shape();
    int lanes = part.blocks() * part.vector();
    int images = Math.toIntExact(values.length / shape.volume());
    int i = 0;
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < lanes; c++) {
        for (int h = -halo.top(); h < shape.h() + halo.bottom(); h++) {
          for (int w = -halo.left(); w < shape.w() + halo.right(); w++) {
            boolean inside = h >= 0 && h < shape.h() && w >= 0 && w < shape.w();
            int at = at(part, n, c, h, w);
            if (!inside) {
              before[at] = 0;
            } else {
              before[at] = c < shape.c() ? values[i++] : random.nextInt(2000) - 1000;
            }
          }
        }
      }
    }
    upload();
  }

  /** Returns images at the same place in another buffer. */
  GuardedImages twin(Session session) {
    DeviceBuffer other = session.allocate(buffer.floats());
    return new GuardedImages(
        other,
        new View(
            other,
            view.offset(),
            view.shape(),
            view.vector(),
            view.image(),
            view.plane(),
            view.row()));
  }

  /** Returns the bits of the whole buffer. */
  int[] bits() {
    float[] now = buffer.read();
    int[] bits = new int[now.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(now[i]);
    }
    return bits;
  }

  /** Returns whether the lanes beyond the last channel hold zeros. */
  boolean strayLanesAreZero(int images) {
    Chw shape = view.shape();
    float[] now = buffer.read();
    boolean zero = true;
    for (int n = 0; n < images; n++) {
      for (int c = shape.c(); c < view.blocks() * view.vector(); c++) {
        for (int pixel = 0; pixel < shape.h() * shape.w(); pixel++) {
          zero &= now[at(view, n, c, pixel / shape.w(), pixel % shape.w())] == 0;
        }
      }
    }
    return zero;
  }

  /** Writes what the memory is to hold before a run to the device. */
  void upload() {
    buffer.write(before);
  }

  /** Returns the first {@code images} images, dense [N, C, H, W]. */
  float[] read(int images) {
    Chw shape = view.shape();
    float[] now = buffer.read();
    float[] values = new float[Math.toIntExact(images * shape.volume())];
    for (int i = 0; i < values.length; i++) {
      int w = i % shape.w();
      int h = i / shape.w() % shape.h();
      int c = i / shape.w() / shape.h() % shape.c();
      values[i] = now[at(view, Math.toIntExact(i / shape.volume()), c, h, w)];
    }
    return values;
  }

  /** Fails if anything changed but the first {@code images} images; 0 if nothing may change. */
  void assertRestUntouched(String what, int images) {
    float[] now = buffer.read();
    float[] allowed = before.clone();
    Chw shape = view.shape();
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < view.blocks() * view.vector(); c++) {
        for (int h = 0; h < shape.h(); h++) {
          for (int w = 0; w < shape.w(); w++) {
            int i = at(view, n, c, h, w);
            allowed[i] = now[i];
            if (c >= shape.c() && !Float.isFinite(now[i])) {
              fail("%s: lane %d of image %d at (%d, %d) is %s".formatted(what, c, n, h, w, now[i]));
            }
          }
        }
      }
    }
    for (int i = 0; i < now.length; i++) {
      if (Float.floatToRawIntBits(now[i]) != Float.floatToRawIntBits(allowed[i])) {
        fail(
            "%s: float %d of the buffer was changed from %s to %s; the images are %s"
                .formatted(what, i, allowed[i], now[i], view));
      }
    }
  }

  private static int at(View view, int n, int c, int h, int w) {
    int vector = view.vector();
    return Math.toIntExact(
        view.offset()
            + (long) n * view.image()
            + (long) (c / vector) * view.plane()
            + (long) h * view.row()
            + (long) w * vector
            + c % vector);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
