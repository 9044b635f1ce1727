package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.lamina.layer.LayerCase.Values;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/** One layer on one device with its memory placed as awkwardly as its program allows. */
final class LayerRun implements AutoCloseable {

  private static final int SCRATCH_OFFSET = 32;
  private static final int PARAMETER_OFFSET = 5;

  private final Session session;
  private final Signature signature;
  private final Random random;
  private final int images;
  private final List<float[]> inputs = new ArrayList<>();
  private final List<Tensor> parameters;
  private final List<GuardedImages> places = new ArrayList<>();
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final GuardedImages output;
  private final List<Launch> launches;
  private final String algorithm;
  private Optional<float[]> summand = Optional.empty();

  /**
   * Places and binds a layer.
   *
   * @param choices which algorithm, with weights of which precision
   * @param batch images that the program is made for
   * @param images images of a run
   * @param share whether output and inputs share memory as far as the program allows
   */
  LayerRun(
      Session session,
      Family family,
      LayerCase tried,
      Optional<Layer> fused,
      Choices choices,
      int batch,
      int images,
      boolean share) {
    this(session, tried, new Site(family, tried.signature(), batch, fused, choices), images, share);
  }

  /** Places and binds a layer at a site, which may also add another tensor. */
  LayerRun(Session session, LayerCase tried, Site site, int images, boolean share) {
    this.session = session;
    this.images = images;
    int batch = site.batch();
    Family family = site.family();
    signature = tried.signature();
    random = new Random(tried.hashCode());
    parameters = parameters();
    LayerProgram program = tried.layer().compile(site);
    algorithm = program.algorithm();
    for (Chw shape : signature.inputs()) {
      inputs.add(values(tried.values(), shape));
    }
    boolean inPlace = share && program.aliasing() == Aliasing.IN_PLACE;
    Layout wanted = program.inputs().get(0);
    output = place(signature.output(), inPlace ? wanted : Layout.of(program.outputVector()), batch);
    List<View> views = inputViews(program, share, batch);
    if (site.adds()) {
      summand = Optional.of(values(tried.values(), signature.output()));
      GuardedImages place = place(signature.output(), program.inputs().get(1), batch);
      place.fill(summand.get(), Padding.NONE, random);
      views.add(place.view());
    }
    List<DeviceBuffer> packed = program.parameters().stream().map(this::pack).toList();
    DeviceBuffer scratch = session.allocate(SCRATCH_OFFSET + program.scratch() + 1);
    buffers.add(scratch);
    float[] undefined = new float[Math.toIntExact(scratch.floats())];
    Arrays.fill(undefined, Float.NaN);
    scratch.write(undefined);
    Bindings bindings =
        new Bindings(session, family, views, output.view(), packed, scratch, SCRATCH_OFFSET);
    launches = program.binder().bind(bindings);
  }

  private List<View> inputViews(LayerProgram program, boolean share, int batch) {
    List<View> views = new ArrayList<>();
    int first = 0;
    for (int k = 0; k < inputs.size(); k++) {
      Layout layout = program.inputs().get(k);
      Chw shape = signature.inputs().get(k);
      boolean inPlace = share && k == 0 && program.aliasing() == Aliasing.IN_PLACE;
      boolean slice =
          share && program.aliasing() == Aliasing.SLICES && first % program.outputVector() == 0;
      if (inPlace || slice) {
        View there = inPlace ? output.view() : output.view().slice(first, shape.c());
        output.fill(there, inputs.get(k), layout.halo(), random);
        views.add(there);
      } else {
        GuardedImages place = place(shape, layout, batch);
        place.fill(inputs.get(k), layout.halo(), random);
        views.add(place.view());
      }
      first += shape.c();
    }
    return views;
  }

  private GuardedImages place(Chw shape, Layout layout, int batch) {
    GuardedImages place = GuardedImages.place(session, shape, layout, batch, random);
    places.add(place);
    return place;
  }

  private DeviceBuffer pack(PackedBuffer wanted) {
    float[] values = new float[Math.toIntExact(wanted.floats())];
    Arrays.fill(values, Float.NaN);
    wanted.packer().pack(parameters, FloatBuffer.wrap(values));
    for (float value : values) {
      // The bits of halves and bytes may look like a NaN, but not like the one that was there
      // before.
      boolean untouched = Float.floatToRawIntBits(value) == Float.floatToRawIntBits(Float.NaN);
      assertFalse(untouched, wanted.name() + " is not packed completely");
    }
    DeviceBuffer buffer = session.allocate(values.length);
    buffers.add(buffer);
    wanted.devicePacker().ifPresent(packer -> packOnDevice(wanted.name(), packer, buffer, values));
    buffer.write(values);
    return buffer;
  }

  /** Fails unless the device packs the same; transforms may differ by a rounding error. */
  private void packOnDevice(
      String name, PackedBuffer.DevicePacker packer, DeviceBuffer packed, float[] expected) {
    float[] undefined = new float[expected.length];
    Arrays.fill(undefined, Float.NaN);
    packed.write(undefined);
    List<Floats> stored = new ArrayList<>();
    for (Tensor tensor : parameters) {
      float[] values = new float[PARAMETER_OFFSET + tensor.values().length];
      Arrays.fill(values, Float.NaN);
      System.arraycopy(
          tensor.values(), 0, values, PARAMETER_OFFSET, values.length - PARAMETER_OFFSET);
      DeviceBuffer buffer = session.allocate(values.length);
      buffers.add(buffer);
      buffer.write(values);
      stored.add(new Floats(buffer, PARAMETER_OFFSET));
    }
    packer.bind(session, stored, packed).enqueue(1);
    assertArrayEquals(expected, packed.read(), 1e-6f, name + " packed on the device");
  }

  /** Returns the algorithm that the layer chose; empty if it has only one. */
  String algorithm() {
    return algorithm;
  }

  /** Runs the layer on fresh memory and returns the output, dense [N, C, H, W]. */
  float[] run() {
    places.forEach(GuardedImages::upload);
    launches.forEach(launch -> launch.enqueue(images));
    return output.read(images);
  }

  /** Fails if a run wrote anything but the images of its output. */
  void assertRestUntouched() {
    for (GuardedImages place : places) {
      boolean written = place == output;
      place.assertRestUntouched(written ? "output" : "input", written ? images : 0);
    }
  }

  /** Returns what the reference makes of the same inputs. */
  Reference.Result expected(Layer layer, Optional<Layer> fused) {
    Reference.Result result =
        Reference.of(layer)
            .forward(
                signature,
                images,
                inputs.stream().map(LayerRun::doubles).toList(),
                parameters.stream().map(tensor -> doubles(tensor.values())).toList());
    Reference.Result sum = summand.map(more -> sum(result, more)).orElse(result);
    return fused.isEmpty() ? sum : new ActivationReference(fused.get()).apply(sum);
  }

  private static Reference.Result sum(Reference.Result result, float[] more) {
    double[] y = result.y().clone();
    double[] allowed = result.allowed().clone();
    for (int i = 0; i < y.length; i++) {
      y[i] += more[i];
      allowed[i] += Math.ulp((float) y[i]) + Math.ulp((float) result.y()[i]);
    }
    return new Reference.Result(y, allowed);
  }

  private List<Tensor> parameters() {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : signature.parameters()) {
      Tensor tensor = Tensor.zeros(parameter.shape());
      boolean positive = parameter.name().equals("running_var");
      for (int i = 0; i < tensor.values().length; i++) {
        tensor.values()[i] = positive ? 0.1f + random.nextFloat() : 2 * random.nextFloat() - 1;
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private float[] values(Values kind, Chw shape) {
    float[] values = new float[Math.toIntExact(images * shape.volume())];
    for (int i = 0; i < values.length; i++) {
      float uniform = 4 * random.nextFloat() - 2;
      boolean odd = random.nextInt(8) == 0;
      values[i] =
          switch (kind) {
            case RANDOM -> uniform;
            case TIED -> random.nextInt(5) - 2;
            case LARGE -> 500 * uniform;
            case BIASED -> 100 + uniform;
            case WIDE -> uniform * (float) Math.exp(10 * random.nextFloat() - 5);
            case NEAR_ONE -> 1 + uniform / 16;
            case WITH_NAN -> odd ? Float.NaN : uniform;
            case WITH_INFINITY -> odd ? Math.copySign(Float.POSITIVE_INFINITY, uniform) : uniform;
          };
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Override
  public void close() {
    places.forEach(GuardedImages::close);
    buffers.forEach(DeviceBuffer::close);
  }
}
