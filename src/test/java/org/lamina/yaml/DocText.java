package org.lamina.yaml;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A piece of Javadoc as paragraphs and formulas. Code in a paragraph stands between backticks.
 *
 * @param blocks its paragraphs and formulas in order
 */
record DocText(List<Block> blocks) {

  /**
   * A paragraph, or lines that keep their breaks.
   *
   * @param text without markup
   * @param formula whether it stood in {@code <pre>}
   */
  record Block(String text, boolean formula) {}

  private static final Map<String, String> ENTITIES =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "nbsp", " ");

  /** Reads the trees of a comment. */
  static DocText of(List<? extends DocTree> trees) {
    List<Block> blocks = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean formula = false;
    for (DocTree tree : trees) {
      if (tree instanceof StartElementTree start) {
        flush(text, formula, blocks);
        formula = isPre(start.getName().toString());
      } else if (tree instanceof EndElementTree end) {
        flush(text, formula, blocks);
        formula &= !isPre(end.getName().toString());
      } else {
        text.append(inline(tree, formula));
      }
    }
    flush(text, formula, blocks);
    return new DocText(List.copyOf(blocks));
  }

  private static boolean isPre(String element) {
    return element.equalsIgnoreCase("pre");
  }

  private static void flush(StringBuilder text, boolean formula, List<Block> blocks) {
    String block =
        formula
            ? text.toString().replaceFirst("^\\s*\n", "").stripIndent().stripTrailing()
            : text.toString().replaceAll("\\s+", " ").strip();
    if (!block.isEmpty()) {
      blocks.add(new Block(block, formula));
    }
    text.setLength(0);
  }

  private static String inline(DocTree tree, boolean formula) {
    if (tree instanceof TextTree text) {
      return text.getBody();
    } else if (tree instanceof EntityTree entity) {
      return ENTITIES.get(entity.getName().toString());
    } else if (tree instanceof LiteralTree literal) {
      String body = literal.getBody().getBody();
      return formula ? body : "`" + body.strip() + "`";
    } else if (tree instanceof LinkTree link) {
      return link.getLabel().isEmpty()
          ? "`" + link.getReference().getSignature().replaceFirst("^#", "") + "`"
          : of(link.getLabel()).summary();
    }
    throw new AssertionError("no plain text for " + tree.getKind() + ": " + tree);
  }

  /** Returns the first paragraph. */
  String summary() {
    return blocks.isEmpty() ? "" : blocks.get(0).text();
  }

  /** Returns the formulas, each on lines of its own. */
  String formulas() {
    return blocks.stream()
        .filter(Block::formula)
        .map(Block::text)
        .collect(Collectors.joining("\n"));
  }

  /** Returns the paragraphs after the first. */
  List<String> details() {
    return blocks.stream().skip(1).filter(block -> !block.formula()).map(Block::text).toList();
  }

  /** Returns everything without any markup. */
  String plain() {
    return plain(blocks.stream().map(Block::text).collect(Collectors.joining("\n\n")));
  }

  /** Returns a text without the marks of code. */
  static String plain(String text) {
    return text.replace("`", "");
  }
}
