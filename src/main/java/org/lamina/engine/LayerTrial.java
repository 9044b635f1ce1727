package org.lamina.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamina.layer.Launch;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.layer.Layout;
import org.lamina.layer.PackedBuffer;
import org.lamina.layer.Site;
import org.lamina.layer.View;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** One layer by itself on a device, with one algorithm, ready to be run and timed. */
final class LayerTrial implements AutoCloseable {

  private final Session session;
  private final Site site;
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final View output;
  private final List<Launch> launches;

  /**
   * Allocates what the layer needs, fills it and builds the kernels.
   *
   * @throws org.lamina.opencl.ClException if the device cannot
   */
  LayerTrial(Session session, Site site, LayerProgram program, TrialImages images) {
    this.session = session;
    this.site = site;
    try {
      View input = input(program.inputs().get(0), images);
      output = output(Layout.of(program.outputVector()));
      List<DeviceBuffer> packed =
          program.parameters().stream().map(wanted -> packed(wanted, images)).toList();
      DeviceBuffer scratch = allocate("working memory", Math.max(1, program.scratch()));
      launches =
          program
              .binder()
              .bind(
                  new Bindings(session, site.family(), List.of(input), output, packed, scratch, 0));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private DeviceBuffer allocate(String purpose, long floats) {
    DeviceBuffer buffer = session.allocate(purpose, floats);
    buffers.add(buffer);
    return buffer;
  }

  private View input(Layout layout, TrialImages images) {
    Chw shape = site.signature().input();
    DeviceBuffer buffer = allocate("the input", layout.volume(shape, site.batch()));
    float[] first = laidOut(images.first(), shape, layout);
    float[] last = laidOut(images.last(), shape, layout);
    for (int n = 0; n < site.batch(); n++) {
      boolean end = n > 0 && n == site.batch() - 1; // a batch of one is the first image
      buffer.write((long) n * first.length, FloatBuffer.wrap(end ? last : first));
    }
    return View.of(buffer, 0, shape, layout);
  }

  private View output(Layout layout) {
    Chw shape = site.signature().output();
    DeviceBuffer buffer = allocate("the output", layout.volume(shape, site.batch()));
    float[] image = new float[layout.image(shape)];
    Arrays.fill(image, Float.NaN); // what is not written shows
    buffer.write(0, FloatBuffer.wrap(image));
    buffer.write((site.batch() - 1L) * image.length, FloatBuffer.wrap(image));
    return View.of(buffer, 0, shape, layout);
  }

  private DeviceBuffer packed(PackedBuffer wanted, TrialImages images) {
    DeviceBuffer buffer = allocate(wanted.name(), wanted.floats());
    buffer.writeMapped(out -> wanted.packer().pack(images.parameters(), out));
    return buffer;
  }

  private static float[] laidOut(float[] dense, Chw shape, Layout layout) {
    float[] image = new float[layout.image(shape)];
    int plane = layout.plane(shape);
    int row = layout.row(shape);
    int start = layout.halo().top() * row + layout.halo().left() * layout.vector();
    int from = 0;
    for (int c = 0; c < shape.c(); c++) {
      int block = start + c / layout.vector() * plane + c % layout.vector();
      for (int h = 0; h < shape.h(); h++) {
        for (int w = 0; w < shape.w(); w++) {
          image[block + h * row + w * layout.vector()] = dense[from++];
        }
      }
    }
    return image;
  }

  /** Runs the layer on the whole batch and waits. */
  void run() {
    launches.forEach(launch -> launch.enqueue(site.batch()));
    session.finish();
  }

  /** Runs the layer so often and returns the nanoseconds of one run. */
  double nanos(int times) {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      launches.forEach(launch -> launch.enqueue(site.batch()));
    }
    session.finish();
    return (System.nanoTime() - start) / (double) times;
  }

  /** Returns the results of the last run for the first and the last image. */
  TrialImages.Results results() {
    int batch = site.batch();
    return new TrialImages.Results(dense(0), batch == 1 ? new float[0] : dense(batch - 1));
  }

  private float[] dense(int n) {
    Chw shape = output.shape();
    float[] image = new float[output.image()];
    output.buffer().read((long) n * image.length, FloatBuffer.wrap(image));
    float[] dense = new float[Math.toIntExact(shape.volume())];
    int vector = output.vector();
    int to = 0;
    for (int c = 0; c < shape.c(); c++) {
      int block = c / vector * output.plane() + c % vector;
      for (int h = 0; h < shape.h(); h++) {
        for (int w = 0; w < shape.w(); w++) {
          dense[to++] = image[block + h * output.row() + w * vector];
        }
      }
    }
    return dense;
  }

  @Override
  public void close() {
    buffers.forEach(DeviceBuffer::close);
  }
}
