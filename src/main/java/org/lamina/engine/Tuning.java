package org.lamina.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamina.layer.AlgorithmKey;
import org.lamina.layer.Family;
import org.lamina.layer.Layer;
import org.lamina.layer.Measurements;
import org.lamina.layer.Site;
import org.lamina.opencl.Device;
import org.lamina.opencl.KernelVersion;
import org.lamina.opencl.MeasurementStore;

/**
 * What {@code lamina tune} measured: for layers at places, the time of each algorithm, and which
 * give wrong numbers.
 *
 * <p>It is a text. The first line says the version of the format and of the kernels, each further
 * one a layer: its {@linkplain AlgorithmKey key}, then for each algorithm its name and the
 * nanoseconds of a run, or {@code wrong}, separated by tabs. A text of other kernels, or one that
 * is damaged, counts as empty.
 *
 * @param entries what is known of each algorithm by its name, by the layer's key
 */
public record Tuning(Map<String, Map<String, Timed>> entries) implements Measurements {

  private static final String NAME = "tuning";
  private static final String FORMAT = "lamina-tuning-1";
  private static final String WRONG = "wrong";

  /**
   * What was found out about an algorithm.
   *
   * @param nanos nanoseconds of a run; 0 if its numbers are wrong
   */
  public record Timed(long nanos) {

    /** The algorithm gives wrong numbers. */
    public static final Timed REFUSED = new Timed(0);

    /**
     * @throws IllegalArgumentException if {@code nanos} is negative
     */
    public Timed {
      if (nanos < 0) {
        throw new IllegalArgumentException("a time must not be negative, but is " + nanos);
      }
    }

    /** Returns whether the numbers are wrong. */
    public boolean refused() {
      return nanos == 0;
    }
  }

  /** Copies the maps. */
  public Tuning {
    Map<String, Map<String, Timed>> copy = new TreeMap<>();
    entries.forEach(
        (key, times) -> copy.put(key, Collections.unmodifiableMap(new TreeMap<>(times))));
    entries = Collections.unmodifiableMap(copy);
  }

  /** Returns one in which nothing is known. */
  public static Tuning empty() {
    return new Tuning(Map.of());
  }

  /** Returns what is stored for a device, its driver and these kernels; empty if nothing is. */
  public static Tuning stored(Device device, MeasurementStore store) {
    return store
        .read(device, NAME)
        .flatMap(text -> parse(text, version(Families.of(device))))
        .orElseGet(Tuning::empty);
  }

  /**
   * Stores this for a device over what was there.
   *
   * @return the file; empty if it could not be written
   */
  public Optional<Path> store(Device device, MeasurementStore store) {
    return store.write(device, NAME, text(device));
  }

  /**
   * Returns what comes with Lamina for a class of devices: CPUs of a vector width under PoCL. It
   * was measured with these kernels or earlier ones, which makes a difference to speed alone: an
   * algorithm that does not apply is passed over.
   */
  public static Tuning shipped(Device device) {
    Family family = Families.of(device);
    boolean pocl = device.platform().equals("Portable Computing Language");
    return pocl && family.isCpu() ? shipped("pocl-" + family) : empty();
  }

  static Tuning shipped(String name) {
    try (InputStream in = Tuning.class.getResourceAsStream("/opencl/measured/" + name + ".txt")) {
      return in == null
          ? empty()
          : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "")
              .orElseGet(Tuning::empty);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what was measured for " + name, e);
    }
  }

  /** Returns this with what another one knows; where both know something, the other one counts. */
  public Tuning with(Tuning other) {
    Map<String, Map<String, Timed>> all = new TreeMap<>(entries);
    all.putAll(other.entries);
    return new Tuning(all);
  }

  @Override
  public Optional<String> fastest(Layer layer, Site site) {
    return times(layer, site).entrySet().stream()
        .filter(each -> !each.getValue().refused())
        .min(Comparator.comparingLong(each -> each.getValue().nanos()))
        .map(Map.Entry::getKey);
  }

  @Override
  public boolean refuses(Layer layer, Site site, String algorithm) {
    Timed timed = times(layer, site).get(algorithm);
    return timed != null && timed.refused();
  }

  /** Returns what is known of a layer's algorithms by their names. */
  public Map<String, Timed> times(Layer layer, Site site) {
    return entries.isEmpty()
        ? Map.of()
        : entries.getOrDefault(AlgorithmKey.of(layer, site), Map.of());
  }

  /** Returns the version of the kernels of a family. */
  static String version(Family family) {
    return KernelVersion.of(AlgorithmKey.files(family));
  }

  /** Returns the text for devices like this one, in the order of the keys. */
  public String text(Device device) {
    return text(version(Families.of(device)));
  }

  String text(String kernels) {
    StringBuilder text = new StringBuilder(FORMAT + "\t" + kernels + "\n");
    entries.forEach(
        (key, times) -> {
          text.append(key);
          times.forEach(
              (name, timed) ->
                  text.append('\t')
                      .append(name)
                      .append('\t')
                      .append(timed.refused() ? WRONG : Long.toString(timed.nanos())));
          text.append('\n');
        });
    return text.toString();
  }

  /**
   * Reads a text.
   *
   * @param kernels the version of the kernels that it must be about; empty for any
   * @return nothing if it is of another version or damaged
   */
  static Optional<Tuning> parse(String text, String kernels) {
    String[] lines = text.split("\n", -1);
    String[] head = lines[0].split("\t");
    if (head.length != 2 || !head[0].equals(FORMAT) || !text.endsWith("\n")) {
      return Optional.empty();
    }
    if (!kernels.isEmpty() && !head[1].equals(kernels)) {
      return Optional.empty();
    }
    Map<String, Map<String, Timed>> entries = new TreeMap<>();
    for (int i = 1; i < lines.length - 1; i++) {
      String[] words = lines[i].split("\t");
      if (words.length < 3 || words.length % 2 == 0) {
        return Optional.empty();
      }
      Map<String, Timed> times = new TreeMap<>();
      for (int k = 1; k < words.length; k += 2) {
        Optional<Timed> timed = timed(words[k + 1]);
        if (timed.isEmpty()) {
          return Optional.empty();
        }
        times.put(words[k], timed.get());
      }
      entries.put(words[0], times);
    }
    return Optional.of(new Tuning(entries));
  }

  private static Optional<Timed> timed(String word) {
    if (word.equals(WRONG)) {
      return Optional.of(Timed.REFUSED);
    }
    return word.matches("[1-9][0-9]{0,17}")
        ? Optional.of(new Timed(Long.parseLong(word)))
        : Optional.empty();
  }
}
