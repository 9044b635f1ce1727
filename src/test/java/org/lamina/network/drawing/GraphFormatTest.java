package org.lamina.network.drawing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Add;
import org.lamina.layer.Relu;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.Node;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;
import org.lamina.yaml.NetworkFile;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Pictures of networks. */
final class GraphFormatTest {

  private static final String HEAD = "network: n\ninput: {shape: [3, 8, 8]}\nlayers: ";
  private static final Network SHORTCUT =
      NetworkFile.parse(
          "n.yaml",
          HEAD
              + "[add: {name: sum, branches:"
              + " [[conv: {name: a, filters: 3, kernel: 3, pad: 1}, relu: {name: r}], []]}]");

  private static List<String> shipped() {
    return NetworkFile.shipped();
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  /** A card on the picture. */
  private record Box(double x, double y, double width, double height) {
    boolean overlaps(Box other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }
  }

  private static List<Box> boxes(Document svg) {
    List<Box> boxes = new ArrayList<>();
    NodeList rectangles = svg.getElementsByTagName("rect");
    for (int i = 0; i < rectangles.getLength(); i++) {
      Element r = (Element) rectangles.item(i);
      if (r.getAttribute("class").equals("base")) {
        boxes.add(new Box(number(r, "x"), number(r, "y"), number(r, "width"), number(r, "height")));
      }
    }
    return boxes;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyLayerIsThereNothingOverlapsAndAllIsInside(String name) throws Exception {
    Network network = NetworkFile.find(name);
    String text = GraphFormat.SVG.draw(network);
    assertEquals(text, GraphFormat.SVG.draw(NetworkFile.find(name)));
    Document svg = parse(text);
    for (Node node : network.nodes()) {
      assertTrue(text.contains("<title>" + node.name() + ": "), node.name());
    }
    List<Box> boxes = boxes(svg);
    double width = number(svg.getDocumentElement(), "width");
    double height = number(svg.getDocumentElement(), "height");
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i);
      assertTrue(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height);
      for (Box other : boxes.subList(0, i)) {
        assertFalse(box.overlaps(other), box + " overlaps " + other);
      }
    }
  }

  @Test
  void theTrunkIsStraightAndTheShortcutPassesOnTheRight() throws Exception {
    String text = GraphFormat.SVG.draw(SHORTCUT);
    List<Box> boxes = boxes(parse(text));
    assertEquals(3, boxes.size(), "input, conv with relu, add");
    assertEquals(1, boxes.stream().map(Box::x).distinct().count());
    String edges =
        String.join(
            "\n",
            text.lines()
                .filter(line -> line.startsWith("<path class=\"edge\""))
                .map(line -> line.replaceAll(".* d=\"|\"/>", ""))
                .toList());
    assertEquals(
        """
        M123 128V156
        M123 232C123 246 115 246 115 260
        M123 128C123 145 251 145 251 162V232C251 246 131 246 131 260""",
        edges);
  }

  @Test
  void namesAreEscaped() throws Exception {
    Network network =
        Network.of(
            "<&\"\u0007>",
            Map.of("]]>", new Chw(1, 1, 1)),
            List.of(Entry.of("a\"<b>&\\\u0000", new Relu(), "]]>")),
            Preprocessing.NONE);
    Document svg = parse(GraphFormat.SVG.draw(network));
    assertEquals("<&\"\uFFFD>", svg.getElementsByTagName("title").item(0).getTextContent());
    assertTrue(
        GraphFormat.DOT.draw(network).contains("\"a\\\"<b>&\\\\\uFFFD\" [label="),
        GraphFormat.DOT.draw(network));
    assertTrue(
        GraphFormat.MERMAID.draw(network).contains("n1[\"a#quot;#lt;b#gt;#amp;\\\uFFFD<br/>relu"),
        GraphFormat.MERMAID.draw(network));
  }

  @Test
  void dotIsExactlyThis() {
    assertEquals(
        """
        digraph "n" {
          node [shape=box, style="rounded,filled", fontname="sans-serif"];
          "input" [label="input\\n3×8×8", shape=ellipse, color="#64748b", fillcolor="#64748b22"];
          "a" [label="a\\nconv 3×3 pad 1\\n3×8×8", shape=box, color="#2f6fde", fillcolor="#2f6fde22"];
          "r" [label="r\\nrelu\\n3×8×8", shape=box, color="#e0486b", fillcolor="#e0486b22"];
          "sum" [label="sum\\nadd\\n3×8×8", shape=box, color="#0e9fb5", fillcolor="#0e9fb522"];
          "input" -> "a";
          "a" -> "r";
          "r" -> "sum";
          "input" -> "sum";
        }
        """,
        GraphFormat.DOT.draw(SHORTCUT));
  }

  @Test
  void mermaidIsExactlyThis() {
    String text = GraphFormat.MERMAID.draw(SHORTCUT);
    assertEquals(
        """
        flowchart TB
          n0(["input<br/>3×8×8"]):::input
          n1["a<br/>conv 3×3 pad 1<br/>3×8×8"]:::convolution
          n2["r<br/>relu<br/>3×8×8"]:::activation
          n3["sum<br/>add<br/>3×8×8"]:::join
          n0 --> n1
          n1 --> n2
          n2 --> n3
          n0 --> n3
          classDef input fill:#64748b22,stroke:#64748b
        """,
        text.substring(0, text.indexOf("  classDef convolution")));
  }

  @Test
  void manyLongEdgesAreDrawnInTime() {
    List<Entry> entries = new ArrayList<>();
    entries.add(Entry.of("l0", new Relu(), "x"));
    for (int i = 1; i < 3000; i++) {
      entries.add(Entry.of("l" + i, new Add(), "l" + (i - 1), "l0"));
    }
    Network network =
        Network.of("long", Map.of("x", new Chw(1, 1, 1)), entries, Preprocessing.NONE);
    String svg = assertTimeout(Duration.ofSeconds(10), () -> GraphFormat.SVG.draw(network));
    assertTrue(svg.contains("<title>l2999: "));
  }
}
