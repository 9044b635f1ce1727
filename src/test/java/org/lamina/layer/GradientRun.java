package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/** One layer on one device, forward in training and back, with its memory placed awkwardly. */
final class GradientRun implements AutoCloseable {

  private static final int BEFORE = 7;

  private final Session session;
  private final Family family;
  private final GradientValues values;
  private final int batch;
  private final Random random = new Random(11);
  private final List<GuardedImages> places = new ArrayList<>();
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final Learning learning;
  private final float[] y;
  private final List<Optional<GuardedImages>> inputGradients = new ArrayList<>();
  private final List<Optional<Floats>> parameterGradients = new ArrayList<>();
  private final GradientProgram program;
  private final GradientSite site;
  private final boolean share;
  private GuardedImages dy;
  private List<Launch> launches = List.of();

  /** Runs the layer forward and binds its way back. */
  GradientRun(Session session, Family family, GradientValues values, int batch, boolean share) {
    this(session, family, values, batch, share, values.layer()::backward);
  }

  /** Runs the layer forward and binds a way back. */
  GradientRun(
      Session session,
      Family family,
      GradientValues values,
      int batch,
      boolean share,
      Function<GradientSite, GradientProgram> back) {
    this.session = session;
    this.family = family;
    this.values = values;
    this.batch = batch;
    this.share = share;
    Signature signature = values.signature();
    LayerProgram forward =
        values
            .layer()
            .compile(
                new Site(
                    family,
                    signature,
                    batch,
                    Optional.empty(),
                    Choices.defaults(),
                    Phase.TRAINING));
    List<Floats> parameters = new ArrayList<>();
    for (Tensor tensor : values.parameters()) {
      parameters.add(floats(tensor.values(), tensor.values().length));
    }
    learning =
        new Learning(
            parameters,
            floats(new float[0], forward.state() + 1),
            floats(values.sampleBits(), batch),
            GradientValues.STREAM);
    y = forward(forward);
    site =
        new GradientSite(
            family,
            signature,
            batch,
            signature.inputs().stream().map(x -> true).toList(),
            signature.parameters().stream().map(Parameter::learned).toList());
    program = back.apply(site);
    bind();
  }

  /** Returns NaN but for the given values, a few floats from the start of a buffer. */
  private Floats floats(float[] given, long length) {
    float[] all = new float[Math.toIntExact(BEFORE + length)];
    Arrays.fill(all, Float.NaN);
    System.arraycopy(given, 0, all, BEFORE, given.length);
    DeviceBuffer buffer = session.allocate(all.length);
    buffer.write(all);
    buffers.add(buffer);
    return new Floats(buffer, BEFORE);
  }

  private GuardedImages place(Chw shape, Layout layout, float[] filled) {
    GuardedImages place = GuardedImages.place(session, shape, layout, batch, random);
    places.add(place);
    place.fill(filled, layout.halo(), random);
    return place;
  }

  private List<DeviceBuffer> pack(List<PackedBuffer> wanted) {
    List<DeviceBuffer> packed = new ArrayList<>();
    for (PackedBuffer each : wanted) {
      float[] filled = new float[Math.toIntExact(each.floats())];
      each.packer().pack(values.parameters(), FloatBuffer.wrap(filled));
      DeviceBuffer buffer = session.allocate(filled.length);
      buffers.add(buffer);
      packed.add(buffer);
      if (each.devicePacker().isEmpty()) {
        buffer.write(filled);
        continue;
      }
      float[] undefined = new float[filled.length];
      Arrays.fill(undefined, Float.NaN);
      buffer.write(undefined);
      each.devicePacker().get().bind(session, learning.values(), buffer).enqueue(1);
      assertArrayEquals(filled, buffer.read(), 1e-6f, each.name() + " packed on the device");
    }
    return packed;
  }

  private float[] forward(LayerProgram forward) {
    List<View> views = new ArrayList<>();
    for (int k = 0; k < forward.inputs().size(); k++) {
      Chw shape = values.signature().inputs().get(k);
      views.add(place(shape, forward.inputs().get(k), values.inputs().get(k)).view());
    }
    GuardedImages out =
        GuardedImages.place(
            session, values.signature().output(), Layout.of(forward.outputVector()), batch, random);
    places.add(out);
    out.upload();
    Floats scratch = floats(new float[0], forward.scratch() + 1);
    List<Launch> bound =
        forward
            .binder()
            .bind(
                new LayerProgram.Bindings(
                    session,
                    family,
                    views,
                    out.view(),
                    pack(forward.parameters()),
                    scratch.buffer(),
                    scratch.offset(),
                    Optional.of(learning)));
    bound.forEach(launch -> launch.enqueue(values.images()));
    return out.read(values.images());
  }

  private void bind() {
    Signature signature = values.signature();
    List<Optional<View>> inputs = new ArrayList<>();
    for (int k = 0; k < signature.inputs().size(); k++) {
      Optional<Layout> layout = program.inputs().get(k);
      Chw shape = signature.inputs().get(k);
      float[] filled = values.inputs().get(k);
      inputs.add(layout.map(wanted -> place(shape, wanted, filled).view()));
    }
    Optional<View> output =
        program.output().map(wanted -> place(signature.output(), wanted, y).view());
    dy = place(signature.output(), program.gradient(), values.gradient());
    if (program.aliasing() == GradientProgram.Aliasing.SAME) {
      signature.inputs().forEach(x -> inputGradients.add(Optional.of(dy)));
      return;
    }
    for (Chw x : signature.inputs()) {
      inputGradients.add(Optional.of(share ? dy : placed(x)));
    }
    for (int k = 0; k < signature.parameters().size(); k++) {
      int floats = Math.toIntExact(signature.parameters().get(k).shape().volume());
      parameterGradients.add(
          site.wantsParameter(k)
              ? Optional.of(floats(new float[0], floats + 1L))
              : Optional.empty());
    }
    launches =
        program
            .binder()
            .bind(
                new GradientProgram.Bindings(
                    session,
                    family,
                    inputs,
                    output,
                    dy.view(),
                    inputGradients.stream().map(dx -> dx.map(GuardedImages::view)).toList(),
                    parameterGradients,
                    pack(program.parameters()),
                    learning,
                    floats(new float[0], program.scratch() + 1)));
  }

  private GuardedImages placed(Chw x) {
    GuardedImages place =
        GuardedImages.place(session, x, Layout.of(program.vector()), batch, random);
    places.add(place);
    place.upload();
    return place;
  }

  /** Returns whether the program lets the first input's gradient lie over dy. */
  static boolean sharable(GradientValues values, Family family) {
    Signature signature = values.signature();
    GradientSite site =
        new GradientSite(
            family,
            signature,
            1,
            signature.inputs().stream().map(x -> true).toList(),
            signature.parameters().stream().map(Parameter::learned).toList());
    return values.layer().backward(site).aliasing() == GradientProgram.Aliasing.IN_PLACE;
  }

  /** Runs the way back. */
  void run(boolean accumulate) {
    for (Launch launch : launches) {
      if (launch.kernel().hasArgument("accumulate")) {
        launch.kernel().set("accumulate", accumulate ? 1 : 0);
      }
      launch.enqueue(values.images());
    }
  }

  /** Returns the names of the kernels of the way back. */
  List<String> kernels() {
    return launches.stream().map(launch -> launch.kernel().name()).toList();
  }

  /** Restores dy where a run may have written over it. */
  void restore() {
    dy.upload();
  }

  /** Returns the result of the way forward, dense. */
  float[] output() {
    return y.clone();
  }

  /** Returns the gradient by an input, dense. */
  float[] inputGradient(int k) {
    return inputGradients.get(k).orElseThrow().read(values.images());
  }

  /** Returns the gradient by a parameter; empty if it is not learned. */
  Optional<float[]> parameterGradient(int k) {
    return parameterGradients.get(k).map(GradientRun::read);
  }

  private static float[] read(Floats place) {
    float[] all = place.buffer().read();
    for (int i = 0; i < all.length; i++) {
      boolean outside = i < place.offset() || i == all.length - 1;
      if (outside && !Float.isNaN(all[i])) {
        throw new AssertionError("float %d beside the gradient was written".formatted(i));
      }
    }
    return Arrays.copyOfRange(all, (int) place.offset(), all.length - 1);
  }

  /** Fails if anything was written but the gradients by the inputs. */
  void assertRestUntouched() {
    List<GuardedImages> written = inputGradients.stream().flatMap(Optional::stream).toList();
    for (GuardedImages place :
        places.subList(values.signature().inputs().size() + 1, places.size())) {
      boolean mine = written.contains(place);
      place.assertRestUntouched(mine ? "dx" : "x, y or dy", mine ? values.images() : 0);
    }
  }

  @Override
  public void close() {
    places.forEach(GuardedImages::close);
    buffers.forEach(DeviceBuffer::close);
  }
}
