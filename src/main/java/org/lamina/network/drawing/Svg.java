package org.lamina.network.drawing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.network.Network;

/** Draws a network as SVG: one file, no script, no fonts of its own. */
final class Svg {

  private static final int MARGIN = 28;
  private static final int HEADER = 54;
  private static final int ROW_GAP = 34;
  private static final int FIRST_ROW = 46;
  private static final int NEXT_ROW = 24;
  private static final int MIN_WIDTH = 190;
  private static final int MAX_WIDTH = 360;
  private static final int PORT_GAP = 16;

  private static final String STYLE =
      """
      text{font-family:Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;font-size:11px}
      .title{font-size:18px;font-weight:700;fill:#64748b}
      .facts{font-size:12px;fill:#7b8798}
      .name{font-size:13px;font-weight:600;fill:#17202e}
      .small{fill:#2b3646}
      .dim{fill:#647184}
      .base{fill:#fff}
      .tint{fill-opacity:.09;stroke-opacity:.55}
      .rule{stroke:#94a3b8;stroke-opacity:.35}
      .edge{fill:none;stroke:#8492a6;stroke-width:1.6}
      .tip{fill:#8492a6}
      @media (prefers-color-scheme:dark){.title{fill:#cbd5e1}.facts{fill:#94a3b8}.name{fill:#f1f5f9}\
      .small{fill:#d3dbe6}.dim{fill:#9fadbf}.base{fill:#151b24}.tint{fill-opacity:.2}}
      """;

  private final Network network;
  private final List<Card> cards;
  private final Layout layout;
  private final StringBuilder out = new StringBuilder();
  private final List<Integer> tops = new ArrayList<>();
  private final List<Integer> bottoms = new ArrayList<>();
  private final double left;
  private final int width;
  private final int height;

  private Svg(Network network) {
    this.network = network;
    cards = Card.of(network);
    layout = new Layout(cards, cardWidth());
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    int y = MARGIN + HEADER;
    for (List<Slot> row : layout.rows()) {
      int tallest = 0;
      for (Slot slot : row) {
        first = Math.min(first, slot.x() - slot.width() / 2.0);
        last = Math.max(last, slot.x() + slot.width() / 2.0);
        tallest = Math.max(tallest, slot.card().map(Svg::height).orElse(0));
      }
      tops.add(y);
      bottoms.add(y + tallest);
      y += tallest + ROW_GAP;
    }
    left = first - MARGIN;
    int headline = (int) (9.8 * Math.max(network.name().length(), facts().length() * 0.65));
    width = Math.max((int) Math.ceil(last - first), headline) + 2 * MARGIN;
    height = y - ROW_GAP + MARGIN;
  }

  /** Draws a network. */
  static String of(Network network) {
    return new Svg(network).draw();
  }

  private int cardWidth() {
    double widest = MIN_WIDTH;
    for (Card card : cards) {
      for (Card.Row row : card.rows()) {
        widest = Math.max(widest, 40 + 7.9 * row.name().length() + 6.6 * row.shape().length());
        widest = Math.max(widest, 40 + 6.2 * (row.detail().length() + row.count().length()));
      }
    }
    return (int) Math.min(MAX_WIDTH, Math.ceil(widest / 2) * 2);
  }

  private static int height(Card card) {
    return FIRST_ROW + NEXT_ROW * (card.rows().size() - 1);
  }

  private String facts() {
    return String.format(
        Locale.ROOT,
        "%,d layers · %,d parameters · %,d MACs",
        network.nodes().size(),
        network.parameters(),
        network.macs());
  }

  private String draw() {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'>\n"
            .formatted(width, height, width, height)
            .replace('\'', '"'));
    add("<title>" + Texts.xml(network.name()) + "</title>\n<style>\n" + STYLE);
    for (Kind kind : Kind.values()) {
      add("." + kind.text() + "{fill:" + kind.colour() + ";stroke:" + kind.colour() + "}\n");
    }
    add("</style>\n");
    text("title", MARGIN, MARGIN + 14, "start", network.name());
    text("facts", MARGIN, MARGIN + 34, "start", facts());
    drawEdges();
    cards.forEach(this::drawCard);
    return out.append("</svg>\n").toString();
  }

  private void drawEdges() {
    Map<Card, List<Layout.Edge>> arriving = new HashMap<>();
    for (Layout.Edge edge : layout.edges()) {
      arriving.computeIfAbsent(target(edge), card -> new ArrayList<>()).add(edge);
    }
    for (Card card : cards) {
      List<Layout.Edge> edges = arriving.getOrDefault(card, List.of());
      List<Layout.Edge> sorted =
          edges.stream()
              .sorted(Comparator.comparingDouble(e -> e.through().get(e.through().size() - 2).x()))
              .toList();
      double gap = Math.min(PORT_GAP, (layout.cardWidth() - 20.0) / sorted.size());
      for (int i = 0; i < sorted.size(); i++) {
        drawEdge(sorted.get(i), x(layout.slot(card)) + (i - (sorted.size() - 1) / 2.0) * gap);
      }
    }
  }

  private static Card target(Layout.Edge edge) {
    return edge.through().get(edge.through().size() - 1).card().orElseThrow();
  }

  private void drawEdge(Layout.Edge edge, double port) {
    List<Slot> through = edge.through();
    Slot from = through.get(0);
    double x = x(from);
    int y = tops.get(from.rank()) + height(from.card().orElseThrow());
    StringBuilder path = new StringBuilder("M" + number(x) + " " + y);
    if (y < bottoms.get(from.rank())) {
      path.append("V").append(bottoms.get(from.rank()));
    }
    y = bottoms.get(from.rank());
    for (Slot slot : through.subList(1, through.size())) {
      boolean last = slot.card().isPresent();
      double toX = last ? port : x(slot);
      int toY = tops.get(slot.rank()) - (last ? 6 : 0);
      int middle = (y + toY) / 2;
      if (toX == x) {
        path.append("V").append(toY);
      } else {
        path.append(
            "C%s %d %s %d %s %d"
                .formatted(number(x), middle, number(toX), middle, number(toX), toY));
      }
      if (!last) {
        path.append("V").append(bottoms.get(slot.rank()));
        y = bottoms.get(slot.rank());
      }
      x = toX;
    }
    add("<path class=\"edge\" d=\"" + path + "\"/>\n");
    int tip = tops.get(through.get(through.size() - 1).rank());
    add("<path class=\"tip\" d=\"M%s %dl-4 -8h8z\"/>\n".formatted(number(port), tip));
  }

  private double x(Slot slot) {
    return slot.x() - left;
  }

  private void drawCard(Card card) {
    Slot slot = layout.slot(card);
    double x = x(slot) - slot.width() / 2.0;
    int y = tops.get(slot.rank());
    String box =
        "x=\"%s\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\""
            .formatted(number(x), y, slot.width(), height(card));
    add("<rect class=\"base\" " + box + "/>\n");
    add("<rect class=\"tint " + card.rows().get(0).kind().text() + "\" " + box + "/>\n");
    drawFirst(card.rows().get(0), x, y, slot.width());
    y += FIRST_ROW;
    for (Card.Row row : card.rows().subList(1, card.rows().size())) {
      drawNext(row, x, y, slot.width());
      y += NEXT_ROW;
    }
  }

  private void drawFirst(Card.Row row, double x, int y, int width) {
    add("<g><title>" + Texts.xml(row.tooltip()) + "</title>\n");
    bar(row.kind(), x, y, FIRST_ROW);
    int room = (int) ((width - 40 - 6.6 * row.shape().length()) / 7.9);
    text("name", x + 18, y + 20, "start", cut(row.name(), room));
    text("small", x + width - 12, y + 20, "end", row.shape());
    int more = (int) ((width - 40) / 6.2) - row.count().length();
    text("dim", x + 18, y + 36, "start", cut(row.detail(), more));
    if (!row.count().isEmpty()) {
      text("dim", x + width - 12, y + 36, "end", row.count());
    }
    add("</g>\n");
  }

  private void drawNext(Card.Row row, double x, int y, int width) {
    add("<g><title>" + Texts.xml(row.tooltip()) + "</title>\n");
    add("<path class=\"rule\" d=\"M%s %dh%d\"/>\n".formatted(number(x + 1), y, width - 2));
    bar(row.kind(), x, y, NEXT_ROW);
    int room = (int) ((width - 40) / 6.6) - row.detail().length();
    text("small", x + 18, y + 16, "start", cut(row.name(), room));
    text("dim", x + width - 12, y + 16, "end", row.detail());
    add("</g>\n");
  }

  private void bar(Kind kind, double x, int y, int height) {
    add(
        "<rect class=\"%s\" x=\"%s\" y=\"%d\" width=\"4\" height=\"%d\" rx=\"2\" stroke=\"none\"/>\n"
            .formatted(kind.text(), number(x + 7), y + 6, height - 12));
  }

  private void text(String style, double x, int y, String anchor, String text) {
    String end = anchor.equals("end") ? " text-anchor=\"end\"" : "";
    add(
        "<text class=\"%s\" x=\"%s\" y=\"%d\"%s>%s</text>\n"
            .formatted(style, number(x), y, end, Texts.xml(text)));
  }

  private static String cut(String text, int room) {
    int[] points = text.codePoints().toArray();
    return points.length <= room ? text : new String(points, 0, Math.max(1, room - 1)) + "…";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private void add(String text) {
    out.append(text);
  }
}
