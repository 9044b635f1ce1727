package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.engine.Profile;
import org.lamina.engine.Roofline;
import org.lamina.layer.Basis;
import org.lamina.model.Model;
import picocli.CommandLine.Help.Ansi;

/**
 * What {@code lamina time} reports. Rates are those of the median; a multiply-accumulate counts as
 * two operations; the bytes are those that a layer must at least move, once each.
 */
final class TimeReport {

  private static final int BAR_CELLS = 12;
  private static final List<String> DISPENSABLE = List.of("min ms", "", "output", "type", "by");
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private final Model model;
  private final Profile profile;
  private final String weights;
  private final Optional<Roofline> roofline;
  private final double stagesMedian;
  private final double largestMedian;

  /**
   * Makes a report.
   *
   * @param weights where the weights come from
   * @param roofline what the device was measured to do, if it was
   */
  TimeReport(Model model, Profile profile, String weights, Optional<Roofline> roofline) {
    this.model = model;
    this.profile = profile;
    this.weights = weights;
    this.roofline = roofline;
    stagesMedian = profile.stages().stream().mapToDouble(Profile.Stage::median).sum();
    largestMedian = profile.stages().stream().mapToDouble(Profile.Stage::median).max().orElse(1);
  }

  /** Returns the report as maps and lists. */
  Map<String, Object> json() {
    List<Object> layers = new ArrayList<>();
    for (Profile.Stage stage : profile.stages()) {
      Map<String, Object> layer =
          object(
              "name", stage.label(),
              "type", stage.type(),
              "algorithm", stage.algorithm(),
              "basis", stage.basis().name().toLowerCase(Locale.ROOT),
              "output", List.of(stage.output().c(), stage.output().h(), stage.output().w()),
              "macs", stage.macs(),
              "bytes", stage.bytes(),
              "median_ms", stage.median() / 1e6,
              "min_ms", stage.min() / 1e6,
              "gflops", rate(2.0 * stage.macs(), stage.median()),
              "gbytes_per_second", rate(stage.bytes(), stage.median()),
              "share", share(stage));
      roofline.ifPresent(roof -> layer.put("roof_share", RooflinePicture.share(stage, roof)));
      layers.add(layer);
    }
    Map<String, Object> json =
        object(
            "network", model.network().name(),
            "device", model.device().name(),
            "platform", model.device().platform(),
            "kernels", model.schedule().family().toString(),
            "weights", weights,
            "batch", profile.images(),
            "runs", profile.runs().size(),
            "median_ms", profile.median() / 1e6,
            "min_ms", profile.min() / 1e6,
            "median_ms_per_image", profile.median() / 1e6 / profile.images(),
            "min_ms_per_image", profile.min() / 1e6 / profile.images(),
            "images_per_second", rate(profile.images() * 1e9, profile.median()),
            "gflops", rate(2.0 * macs(), profile.median()),
            "gbytes_per_second", rate(bytes(), profile.median()));
    roofline.ifPresent(roof -> json.put("measured", DevicesCommand.json(roof)));
    json.put("layers", layers);
    return json;
  }

  /** Returns the network and the batch. */
  String title() {
    return "%s, batch %d".formatted(model.network().name(), profile.images());
  }

  /**
   * Draws the layers under the roofline.
   *
   * @throws java.util.NoSuchElementException if the device was not measured
   */
  String picture() {
    return RooflinePicture.of(
        "%s: %s ms".formatted(title(), Units.milliseconds(profile.median())),
        "%s (%s, %s kernels)"
            .formatted(model.device().name(), model.device().platform(), model.schedule().family()),
        profile,
        roofline.orElseThrow());
  }

  /**
   * Prints the report.
   *
   * @param width columns that there are
   */
  void print(PrintWriter out, Ansi ansi, int width) {
    out.println(
        Table.style(ansi, "1", model.network().name())
            + " on "
            + Table.style(ansi, "1", model.device().name())
            + " (%s, %s, %s kernels)"
                .formatted(
                    model.device().platform(), model.device().kind(), model.schedule().family()));
    out.println(
        "%s, %s after warm-up, weights from %s"
            .formatted(
                "batch " + profile.images(), Units.plural(profile.runs().size(), "run"), weights));
    out.println();
    table().fitting(width, DISPENSABLE).print(out, ansi);
    out.println();
    printPerImage(out, ansi);
    out.flush();
  }

  private Table table() {
    Table table =
        new Table(
            "layer",
            "type",
            "algorithm",
            "by",
            "output",
            ">median ms",
            ">min ms",
            ">GFLOP/s",
            ">GB/s",
            ">of roof",
            ">share",
            "");
    for (Profile.Stage stage : profile.stages()) {
      table.add(
          stage.label(),
          stage.type(),
          stage.algorithm(),
          stage.basis() == Basis.ONLY ? "" : stage.basis().name().toLowerCase(Locale.ROOT),
          stage.output().toString(),
          Units.milliseconds(stage.median()),
          Units.milliseconds(stage.min()),
          stage.macs() == 0 ? "" : Units.significant(rate(2.0 * stage.macs(), stage.median())),
          stage.median() == 0 ? "" : Units.significant(rate(stage.bytes(), stage.median())),
          roofline.map(roof -> percent(RooflinePicture.share(stage, roof))).orElse(""),
          percent(share(stage)),
          bar(stage.median() / largestMedian));
    }
    table.total(
        "one run",
        "",
        "",
        "",
        "",
        Units.milliseconds(profile.median()),
        Units.milliseconds(profile.min()),
        Units.significant(rate(2.0 * macs(), profile.median())),
        Units.significant(rate(bytes(), profile.median())),
        roofline.map(roof -> percent(floor(roof) / profile.median())).orElse(""));
    return roofline.isPresent() ? table : table.fitting(0, List.of("of roof"));
  }

  /** Returns the nanoseconds that the device needs at least for all layers, one after another. */
  private double floor(Roofline roof) {
    return profile.stages().stream()
        .mapToDouble(stage -> roof.floorNanos(2.0 * stage.macs(), stage.bytes()))
        .sum();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private void printPerImage(PrintWriter out, Ansi ansi) {
    out.println(
        "per image: median %s ms, min %s ms · %s images/s"
            .formatted(
                Table.style(ansi, "1", Units.milliseconds(perImage(profile.median()))),
                Units.milliseconds(perImage(profile.min())),
                Units.significant(rate(profile.images() * 1e9, profile.median()))));
    out.println(
        Table.style(
            ansi,
            "2",
            "layers are timed by the device, a run by the host with its transfers;"
                + " GB/s counts inputs, output and weights once"));
    out.println(
        Table.style(
            ansi,
            "2",
            roofline
                .map(roof -> "the roof: " + DevicesCommand.text(roof))
                .orElse("'lamina devices --measure' finds out what the device can do at most")));
  }

  private double perImage(long nanos) {
    return (double) nanos / profile.images();
  }

  private double share(Profile.Stage stage) {
    return stagesMedian == 0 ? 0 : stage.median() / stagesMedian;
  }

  private long macs() {
    return profile.stages().stream().mapToLong(Profile.Stage::macs).sum();
  }

  private long bytes() {
    return profile.stages().stream().mapToLong(Profile.Stage::bytes).sum();
  }

  /** Returns an amount per nanosecond, which is in billions per second; 0 if no time passed. */
  private static double rate(double amount, double nanos) {
    return nanos == 0 ? 0 : amount / nanos;
  }

  /**
   * Returns a bar whose length is a fraction, at most 1, of all its cells, in eighths of a cell.
   */
  static String bar(double fraction) {
    int eighths = (int) Math.round(fraction * BAR_CELLS * 8);
    String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
    return "█".repeat(eighths / 8) + rest;
  }
}
