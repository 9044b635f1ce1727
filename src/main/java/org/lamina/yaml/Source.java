package org.lamina.yaml;

import java.util.List;

/** The text of one file and the name under which messages speak of it. */
final class Source {

  private final String label;
  private final String text;
  private List<String> lines;

  Source(String label, String text) {
    this.label = label;
    this.text = text;
  }

  String label() {
    return label;
  }

  String text() {
    return text;
  }

  /** Returns a line, counted from 0, without its line break; empty beyond the end. */
  String line(int index) {
    if (lines == null) {
      // The line breaks of YAML 1.1, by which SnakeYAML counts lines.
      lines = List.of(text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1));
    }
    return index < lines.size() ? lines.get(index) : "";
  }
}
