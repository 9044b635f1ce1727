package org.lamina.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lamina.engine.Profile;
import org.lamina.engine.Roofline;

/**
 * Draws the layers of a network under the roofline of a device, as SVG: what each does per byte
 * against what it does per second, both logarithmic, its area by its share of the time; beside that
 * a list with the share of the roof. Layers without products stand in the list alone.
 */
final class RooflinePicture {

  private static final int WIDTH = 1200;
  private static final int LEFT = 740;
  private static final int LINE = 22;
  private static final int MOST_LINES = 36;
  private static final int BAR = 110;
  private static final int RIGHT_OF_TIMES = 274;

  private static final String STYLE =
      """
      <style>
      text{font-family:Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;font-size:11px;fill:#2b3646}
      .title{font-size:18px;font-weight:700;fill:#17202e}
      .facts{font-size:12px;fill:#647184}
      .dim{fill:#647184}
      .strong{font-weight:600}
      .back{fill:#ffffff}
      .grid{stroke:#94a3b8;stroke-opacity:.22}
      .frame{stroke:#94a3b8;stroke-opacity:.8;fill:none}
      .roof{fill:none;stroke:#17202e;stroke-width:2.4;stroke-linejoin:round}
      .read{fill:none;stroke:#17202e;stroke-width:1.2;stroke-dasharray:5 4;stroke-opacity:.55}
      .under{fill:#2f6fde;fill-opacity:.05}
      .dot{fill-opacity:.7;stroke:#ffffff;stroke-width:1.5}
      .lead{stroke:#94a3b8}
      .mark{font-size:10px;font-weight:700;fill:#ffffff;text-anchor:middle}
      .tag{font-weight:700;text-anchor:middle;fill:#17202e}
      .number{text-anchor:end}
      .rail{fill:#94a3b8;fill-opacity:.22}
      @media (prefers-color-scheme:dark){text{fill:#d3dbe6}.title,.tag{fill:#f1f5f9}.facts,.dim{fill:#9fadbf}\
      .back{fill:#151b24}.roof,.read{stroke:#e2e8f0}.dot{stroke:#151b24}}
      </style>
      """;

  private final SvgText svg = new SvgText();
  private final List<Profile.Stage> stages;
  private final Roofline roofline;

  private RooflinePicture(Profile profile, Roofline roofline) {
    stages = profile.stages();
    this.roofline = roofline;
  }

  /**
   * Draws a picture.
   *
   * @param title the network and how it was run
   * @param facts the device
   */
  static String of(String title, String facts, Profile profile, Roofline roofline) {
    RooflinePicture picture = new RooflinePicture(profile, roofline);
    int bottom = RooflinePlot.TOP + RooflinePlot.HEIGHT;
    int lines = Math.min(picture.stages.size(), MOST_LINES + 1) + 1;
    int height = Math.max(bottom + 84, RooflinePlot.TOP + lines * LINE + 24);
    SvgText svg = picture.svg;
    svg.line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">",
        WIDTH, height);
    svg.line("%s<rect class=\"back\" width=\"%d\" height=\"%d\"/>", STYLE, WIDTH, height);
    svg.line("<text class=\"title\" x=\"32\" y=\"36\">%s</text>", SvgText.escape(title));
    svg.line("<text class=\"facts\" x=\"32\" y=\"58\">%s</text>", SvgText.escape(facts));
    new RooflinePlot(svg, profile, roofline).draw();
    picture.list();
    svg.line(
        "<text class=\"dim\" x=\"%d\" y=\"%d\">area: share of the time · bytes: inputs, output and weights, once each · products: those of the direct algorithm</text>",
        RooflinePlot.LEFT, bottom + 66);
    svg.line("</svg>");
    return svg.toString();
  }

  private void list() {
    int y = RooflinePlot.TOP + 4;
    svg.line("<text class=\"dim\" x=\"%d\" y=\"%d\">layer</text>", LEFT + 22, y);
    svg.line("<text class=\"dim number\" x=\"%d\" y=\"%d\">ms</text>", LEFT + RIGHT_OF_TIMES, y);
    svg.line(
        "<text class=\"dim\" x=\"%d\" y=\"%d\">share of the roof</text>",
        LEFT + RIGHT_OF_TIMES + 18, y);
    List<Integer> timed =
        IntStream.range(0, stages.size()).filter(i -> stages.get(i).median() > 0).boxed().toList();
    List<Integer> shown =
        timed.stream()
            .sorted(Comparator.comparing((Integer i) -> stages.get(i).median()).reversed())
            .limit(MOST_LINES)
            .sorted()
            .toList();
    for (int i : shown) {
      y += LINE;
      entry(i, y);
    }
    if (timed.size() > shown.size()) {
      svg.line(
          "<text class=\"dim\" x=\"%d\" y=\"%d\">and %d that take less</text>",
          LEFT + 22, y + LINE, timed.size() - shown.size());
    }
  }

  private void entry(int i, int y) {
    Profile.Stage stage = stages.get(i);
    double share = share(stage, roofline);
    String colour = colour(stage.type());
    int bar = LEFT + RIGHT_OF_TIMES + 18;
    svg.line(
        "<circle cx=\"%d\" cy=\"%d\" r=\"9\" fill=\"%s\"/><text class=\"mark\" style=\"font-size:%dpx\" x=\"%d\" y=\"%.1f\">%d</text>",
        LEFT + 6, y - 4, colour, i < 99 ? 10 : 8, LEFT + 6, y - 0.5, i + 1);
    svg.line(
        "<text x=\"%d\" y=\"%d\">%s<tspan class=\"dim\" dx=\"6\">%s</tspan></text>",
        LEFT + 22,
        y,
        SvgText.escape(SvgText.shortened(stage.label(), 24)),
        SvgText.escape(SvgText.shortened(stage.algorithm(), 14)));
    svg.line(
        "<text class=\"number\" x=\"%d\" y=\"%d\">%s</text>",
        LEFT + RIGHT_OF_TIMES, y, Units.milliseconds(stage.median()));
    svg.line(
        "<rect class=\"rail\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"8\" rx=\"4\"/>",
        bar, y - 8, BAR);
    svg.line(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"8\" rx=\"4\" fill=\"%s\"/>",
        bar, y - 8, Math.max(2, BAR * Math.min(1, share)), colour);
    svg.line("<text x=\"%d\" y=\"%d\">%.0f %%</text>", bar + BAR + 8, y, 100 * share);
  }

  /** Returns what a stage reaches of what the device could do with its work; 0 without a time. */
  static double share(Profile.Stage stage, Roofline roofline) {
    return stage.median() == 0
        ? 0
        : roofline.floorNanos(2.0 * stage.macs(), stage.bytes()) / stage.median();
  }

  /** Returns the colour of a layer type: those of {@code lamina graph}. */
  static String colour(String type) {
    if (type.endsWith("pool")) {
      return "#12996b";
    }
    return switch (type) {
      case "conv", "local" -> "#2f6fde";
      case "fc" -> "#8b5cf6";
      case "lrn", "batch_norm" -> "#d58512";
      case "add", "concat", "mul", "sub", "max", "min" -> "#0e9fb5";
      case "softmax", "log_softmax" -> "#c2410c";
      case "copy" -> "#64748b";
      default -> "#e0486b";
    };
  }
}
