package org.lamina.network.drawing;

import java.util.HashMap;
import java.util.Map;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** Networks as text for other programs, and the quoting that this takes. */
final class Texts {

  private Texts() {}

  /** Returns a network for Graphviz. */
  static String dot(Network network) {
    StringBuilder out = new StringBuilder();
    out.append("digraph ").append(dotText(network.name())).append(" {\n");
    out.append("  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n");
    network
        .inputs()
        .forEach(
            (name, shape) ->
                dotNode(out, name, dotText(name + "\n" + shape), Kind.INPUT, "ellipse"));
    for (Node node : network.nodes()) {
      String label = node.name() + "\n" + Card.detail(node) + "\n" + node.signature().output();
      dotNode(out, node.name(), dotText(label), Kind.of(node), "box");
    }
    for (Node node : network.nodes()) {
      for (String from : node.from()) {
        out.append("  ").append(dotText(from)).append(" -> ");
        out.append(dotText(node.name())).append(";\n");
      }
    }
    return out.append("}\n").toString();
  }

  private static void dotNode(
      StringBuilder out, String name, String label, Kind kind, String shape) {
    out.append("  ").append(dotText(name)).append(" [label=").append(label);
    out.append(", shape=").append(shape);
    out.append(", color=\"").append(kind.colour()).append('"');
    out.append(", fillcolor=\"").append(kind.colour()).append("22\"];\n");
  }

  private static String dotText(String text) {
    return '"'
        + printable(text).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
        + '"';
  }

  /** Returns a network for Mermaid. */
  static String mermaid(Network network) {
    StringBuilder out = new StringBuilder("flowchart TB\n");
    Map<String, String> ids = new HashMap<>();
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              ids.put(name, "n" + ids.size());
              String label = mermaidText(name + "\n" + shape);
              out.append("  ").append(ids.get(name)).append("([\"").append(label);
              out.append("\"]):::").append(Kind.INPUT.text()).append('\n');
            });
    for (Node node : network.nodes()) {
      ids.put(node.name(), "n" + ids.size());
      String label = node.name() + "\n" + Card.detail(node) + "\n" + node.signature().output();
      out.append("  ").append(ids.get(node.name())).append("[\"").append(mermaidText(label));
      out.append("\"]:::").append(Kind.of(node).text()).append('\n');
    }
    for (Node node : network.nodes()) {
      for (String from : node.from()) {
        out.append("  ").append(ids.get(from)).append(" --> ");
        out.append(ids.get(node.name())).append('\n');
      }
    }
    for (Kind kind : Kind.values()) {
      out.append("  classDef ").append(kind.text()).append(" fill:").append(kind.colour());
      out.append("22,stroke:").append(kind.colour()).append('\n');
    }
    return out.toString();
  }

  private static String mermaidText(String text) {
    return printable(text)
        .replace("#", "#35;")
        .replace("&", "#amp;")
        .replace("\"", "#quot;")
        .replace("<", "#lt;")
        .replace(">", "#gt;")
        .replace("`", "#96;")
        .replace("\n", "<br/>");
  }

  /** Returns text as XML may contain it, in elements and attributes. */
  static String xml(String text) {
    return printable(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Replaces what no picture can show: control characters, and halves of characters. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(
            c ->
                c != '\n' && Character.isISOControl(c)
                        || c >= 0xD800 && c <= 0xDFFF
                        || c == 0xFFFE
                        || c == 0xFFFF
                    ? 0xFFFD
                    : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
