package org.lamina.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.lamina.train.Scoreboard;
import picocli.CommandLine.Help.Ansi;

/** What an evaluation found, class by class. */
final class EvaluationTables {

  private final Scoreboard scores;
  private final List<String> names;

  EvaluationTables(Scoreboard scores, List<String> names) {
    this.scores = scores;
    this.names = names;
  }

  /**
   * Prints how well every class is recognised, and what is taken for what.
   *
   * @param most classes that a matrix is printed for
   */
  void print(PrintWriter out, Ansi ansi, int most) {
    Table table = new Table("class", ">pictures", ">recall", ">precision", "most often taken for");
    for (int c = 0; c < scores.classes(); c++) {
      if (scores.samplesOf(c) + scores.saidToBe(c) > 0) {
        table.add(
            names.get(c),
            Units.count(scores.samplesOf(c)),
            share(scores.confusion(c, c), scores.samplesOf(c)),
            share(scores.confusion(c, c), scores.saidToBe(c)),
            worst(c));
      }
    }
    table.print(out, ansi);
    out.println();
    if (scores.classes() <= most) {
      matrix().print(out, ansi);
      out.println();
    }
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : EvaluateCommand.percent((double) part / whole);
  }

  private String worst(int label) {
    int said = -1;
    for (int c = 0; c < scores.classes(); c++) {
      boolean more = said < 0 || scores.confusion(label, c) > scores.confusion(label, said);
      if (c != label && scores.confusion(label, c) > 0 && more) {
        said = c;
      }
    }
    return said < 0 ? "" : names.get(said) + " (" + scores.confusion(label, said) + ")";
  }

  /** Rows are classes, columns what they are taken for. */
  private Table matrix() {
    List<String> head = new ArrayList<>(List.of("is \\ taken for"));
    for (int c = 0; c < scores.classes(); c++) {
      head.add(">" + names.get(c));
    }
    Table table = new Table(head.toArray(String[]::new));
    for (int label = 0; label < scores.classes(); label++) {
      List<String> row = new ArrayList<>(List.of(names.get(label)));
      for (int said = 0; said < scores.classes(); said++) {
        long count = scores.confusion(label, said);
        row.add(count == 0 ? "·" : Units.count(count));
      }
      table.add(row.toArray(String[]::new));
    }
    return table;
  }
}
