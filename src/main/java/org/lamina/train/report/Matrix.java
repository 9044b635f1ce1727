package org.lamina.train.report;

import java.util.List;
import java.util.Locale;
import org.lamina.train.Scoreboard;

/** Tables of an evaluation as HTML. */
final class Matrix {

  private Matrix() {}

  /** Returns the confusion matrix with numbers in it. */
  static String html(Scoreboard scores, List<String> names) {
    StringBuilder out =
        new StringBuilder("<div class=\"scroll\"><table class=\"matrix\"><tr><th></th>");
    for (String name : names) {
      out.append("<th class=\"turned\"><span>%s</span></th>".formatted(Html.escape(name)));
    }
    out.append("</tr>\n");
    for (int label = 0; label < scores.classes(); label++) {
      out.append("<tr><th>%s</th>".formatted(Html.escape(names.get(label))));
      for (int said = 0; said < scores.classes(); said++) {
        out.append(cell(scores, names, label, said));
      }
      out.append("</tr>\n");
    }
    return out.append("</table></div>\n").toString();
  }

  private static String cell(Scoreboard scores, List<String> names, int label, int said) {
    long count = scores.confusion(label, said);
    double share = (double) count / Math.max(1, scores.samplesOf(label));
    return String.format(
        Locale.ROOT,
        "<td class=\"%s\" style=\"--share:%.3f\" title=\"%s taken for %s: %d (%.1f %%)\">%s</td>",
        label == said ? "right" : "wrong",
        Math.sqrt(share),
        Html.escape(names.get(label)),
        Html.escape(names.get(said)),
        count,
        100 * share,
        count == 0 ? "" : String.valueOf(count));
  }

  /** Returns how well every class is recognised. */
  static String classes(Scoreboard scores, List<String> names) {
    StringBuilder out =
        new StringBuilder(
            "<table class=\"classes\"><tr><th>class</th><th>samples</th><th>recall</th><th>precision</th><th></th></tr>\n");
    for (int c = 0; c < scores.classes(); c++) {
      long right = scores.confusion(c, c);
      double recall = (double) right / Math.max(1, scores.samplesOf(c));
      double precision = (double) right / Math.max(1, scores.saidToBe(c));
      out.append(
          String.format(
              Locale.ROOT,
              "<tr><th>%s</th><td>%,d</td><td>%.1f %%</td><td>%.1f %%</td>"
                  + "<td class=\"bar\"><i style=\"width:%.1f%%\"></i></td></tr>\n",
              Html.escape(names.get(c)),
              scores.samplesOf(c),
              100 * recall,
              100 * precision,
              100 * recall));
    }
    return out.append("</table>\n").toString();
  }
}
