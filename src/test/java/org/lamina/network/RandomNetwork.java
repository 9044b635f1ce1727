package org.lamina.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.lamina.layer.Add;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.ChannelScale;
import org.lamina.layer.Clip;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.Flatten;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.Initializer;
import org.lamina.layer.Layer;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Maximum;
import org.lamina.layer.Pad;
import org.lamina.layer.Padding;
import org.lamina.layer.ParametricRelu;
import org.lamina.layer.Permute;
import org.lamina.layer.Relu;
import org.lamina.layer.Rounding;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Slice;
import org.lamina.layer.Softmax;
import org.lamina.layer.Softplus;
import org.lamina.layer.Subtract;
import org.lamina.layer.Swish;
import org.lamina.layer.Tanh;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;

/**
 * Small networks of random shape, for finding what nobody thinks of: values read by several layers,
 * concatenations of concatenations, activations over values that are still needed.
 */
public final class RandomNetwork {

  private static final Initializer KAIMING = new Initializer.Kaiming(Initializer.Mode.FAN_IN);
  private static final Initializer SMALL = new Initializer.Normal(0, 0.1);

  private final Random random;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Chw> shapes = new LinkedHashMap<>();

  private RandomNetwork(long seed) {
    random = new Random(seed);
  }

  /** Returns a network that is the same for the same seed. */
  public static Network of(long seed) {
    return new RandomNetwork(seed).build(seed);
  }

  private Network build(long seed) {
    Map<String, Chw> inputs = new LinkedHashMap<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      inputs.put("in" + i, new Chw(1 + random.nextInt(20), 5 + random.nextInt(4), 7));
    }
    shapes.putAll(inputs);
    int layers = 4 + random.nextInt(12);
    for (int i = 0; i < layers; i++) {
      add("l" + i);
    }
    return Network.of("random" + seed, inputs, entries, Preprocessing.NONE);
  }

  private void add(String name) {
    List<String> names = new ArrayList<>(shapes.keySet());
    // Mostly the newest, so that chains grow; sometimes an old one, so that they branch.
    String from =
        names.get(names.size() - 1 - (random.nextInt(3) == 0 ? random.nextInt(names.size()) : 0));
    Chw x = shapes.get(from);
    List<String> same = names.stream().filter(other -> shapes.get(other).equals(x)).toList();
    List<String> sameSize =
        names.stream()
            .filter(other -> shapes.get(other).h() == x.h() && shapes.get(other).w() == x.w())
            .toList();
    switch (random.nextInt(10)) {
      case 0 -> put(name, joining(), List.of(from, pick(same)));
      case 1, 2 -> put(name, new Concat(), few(List.of(pick(sameSize), from, pick(sameSize))));
      case 3, 4 -> put(name, convolution(x), List.of(from));
      case 5 -> put(name, pooling(x), List.of(from));
      case 6, 7 -> put(name, activation(), List.of(from));
      case 8 -> put(name, normalization(), List.of(from));
      default -> put(name, head(), List.of(from));
    }
  }

  private void put(String name, Layer layer, List<String> from) {
    entries.add(Entry.of(name, layer, from.toArray(String[]::new)));
    shapes.put(name, layer.infer(from.stream().map(shapes::get).toList()).output());
  }

  private String pick(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }

  /** Returns as many of the names as stay below 100 channels, at least the first. */
  private List<String> few(List<String> names) {
    List<String> few = new ArrayList<>();
    int channels = 0;
    for (String name : names) {
      channels += shapes.get(name).c();
      if (few.isEmpty() || channels < 100) {
        few.add(name);
      }
    }
    return few;
  }

  private Layer convolution(Chw x) {
    int kernel = Math.min(1 + 2 * random.nextInt(2), Math.min(x.h(), x.w()));
    int groups = x.c() % 2 == 0 && random.nextBoolean() ? 2 : 1;
    return new Convolution(
        groups * (1 + random.nextInt(20)),
        Extent.of(kernel),
        Extent.of(1 + random.nextInt(2)),
        new Padding(kernel / 2, random.nextInt(2), random.nextInt(2), kernel / 2),
        Extent.of(1),
        groups,
        random.nextBoolean(),
        KAIMING,
        SMALL);
  }

  private Layer pooling(Chw x) {
    Extent kernel = new Extent(Math.min(2, x.h()), Math.min(3, x.w()));
    Extent stride = new Extent(1, 1 + random.nextInt(2));
    Padding pad = new Padding(0, kernel.w() > 1 ? 1 : 0, 0, 0);
    Rounding round = random.nextBoolean() ? Rounding.CEIL : Rounding.FLOOR;
    return random.nextBoolean()
        ? new MaxPooling(kernel, stride, pad, round)
        : new AveragePooling(kernel, stride, pad, round, random.nextBoolean());
  }

  private Layer activation() {
    return switch (random.nextInt(8)) {
      case 0 -> new Sigmoid();
      case 1 -> new Tanh();
      case 2 -> new Dropout(0.5);
      case 3 -> new Clip(0, 6);
      case 4 -> new Swish(1);
      case 5 -> new Softplus();
      default -> new Relu();
    };
  }

  private Layer joining() {
    return switch (random.nextInt(4)) {
      case 0 -> new Maximum();
      case 1 -> new Subtract();
      default -> new Add();
    };
  }

  private Layer normalization() {
    if (random.nextInt(3) == 0) {
      return random.nextBoolean()
          ? new ParametricRelu(random.nextBoolean(), SMALL)
          : new ChannelScale(random.nextBoolean(), SMALL, SMALL);
    }
    LocalResponseNormalization.Region region =
        random.nextBoolean()
            ? LocalResponseNormalization.Region.ACROSS_CHANNELS
            : LocalResponseNormalization.Region.WITHIN_CHANNEL;
    return random.nextBoolean()
        ? new LocalResponseNormalization(3, 0.5, 0.75, 1, random.nextBoolean(), region)
        : new BatchNormalization(
            1e-5,
            0.1,
            random.nextBoolean(),
            new Initializer.Uniform(0.5, 1.5),
            new Initializer.Normal(0, 0.5));
  }

  private Layer head() {
    return switch (random.nextInt(7)) {
      case 0 -> new Flatten();
      case 3 -> new Permute(Permute.Order.HWC);
      case 4 -> new Slice(Slice.Axis.CHANNEL, 0, 20, 2);
      case 5 -> new Pad(new Padding(1, 0, 0, 1), Pad.Mode.EDGE, 0);
      case 1 -> new GlobalAveragePooling();
      case 2 -> new Softmax();
      default -> new FullyConnected(1 + random.nextInt(20), true, KAIMING, SMALL);
    };
  }
}
