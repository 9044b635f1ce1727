package org.lamina.train.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.data.ImageException;
import org.lamina.data.source.Dataset;
import org.lamina.tensor.Tensor;
import org.lamina.train.Evaluator;
import org.lamina.train.MetricsFile;
import org.lamina.train.MetricsFile.Row;
import org.lamina.train.Mistakes.Mistake;
import org.lamina.train.Run;
import org.lamina.train.RunException;
import org.lamina.train.RunFolder;
import org.lamina.train.Scoreboard;

/**
 * Tells a run: {@code report.html}, one page that needs nothing beside it, and its pictures as
 * files: {@code loss.svg}, {@code accuracy.svg}, {@code filters.png}, {@code inputs.png}, {@code
 * confusion.png} and {@code mistakes/}.
 */
public final class Report {

  /** Mistakes that are shown. */
  public static final int MISTAKES = 18;

  private static final int MOST_CLASSES_IN_A_MATRIX = 40;
  private static final int THUMBNAIL = 96;

  private final Run run;
  private final RunFolder folder;
  private final List<Row> rows;

  private Report(Run run, RunFolder folder, List<Row> rows) {
    this.run = run;
    this.folder = folder;
    this.rows = rows;
  }

  /**
   * Writes the report of a run.
   *
   * @param weights gives every parameter by its name: the best ones
   * @param found what they were found to do on unseen samples; none where there are none
   * @return the page
   * @throws RunException if a file cannot be written
   */
  public static Path write(
      Run run,
      RunFolder folder,
      Function<String, Tensor> weights,
      Optional<Evaluator.Result> found) {
    try {
      return new Report(run, folder, MetricsFile.read(folder.metrics())).write(weights, found);
    } catch (IOException e) {
      throw new RunException(
          folder.path() + ": the report cannot be written: " + e.getMessage(), e);
    }
  }

  private Path write(Function<String, Tensor> weights, Optional<Evaluator.Result> found)
      throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(head(found));
    page.append("<section class=\"charts\">").append(lossChart()).append(accuracyChart());
    page.append("</section>\n");
    Optional<byte[]> filters = Pictures.filters(run.network(), weights);
    if (filters.isPresent()) {
      save("filters.png", filters.get());
      section(
          page,
          "Filters of the first layer",
          "Grey stands for zero.",
          Html.image(filters.get(), "filters of the first layer", "pixels"));
    }
    if (found.isPresent()) {
      addScores(page, found.get());
    }
    byte[] inputs =
        Pictures.inputs(
            run.network(), run.data().train(), run.trainingPipeline(), run.recipe().seed());
    save("inputs.png", inputs);
    section(
        page,
        "What the network is shown",
        "Some of the training samples, varied and prepared as in the first epoch.",
        Html.image(inputs, "augmented inputs", "pixels"));
    page.append(foot());
    Path path = folder.path().resolve("report.html");
    Files.writeString(path, page);
    return path;
  }

  private String head(Optional<Evaluator.Result> found) throws IOException {
    String result =
        found
            .map(Evaluator.Result::scores)
            .map(
                scores ->
                    String.format(
                        Locale.ROOT,
                        "<p class=\"big\">%.2f %%</p><p>of %,d unseen samples are right; %.2f %%"
                            + " among the first five</p>",
                        100 * scores.accuracy(),
                        scores.samples(),
                        100 * scores.top5()))
            .orElse("<p>no unseen samples were there to be judged by</p>");
    try (var template = Report.class.getResourceAsStream("head.html")) {
      return new String(template.readAllBytes(), StandardCharsets.UTF_8)
          .replace("{title}", Html.escape(run.network().name()))
          .replace("{result}", result)
          .replace("{facts}", facts());
    }
  }

  private String facts() {
    StringBuilder facts = new StringBuilder();
    folder
        .facts()
        .forEach(
            (key, value) ->
                facts.append(
                    "<tr><th>%s</th><td>%s</td></tr>\n"
                        .formatted(
                            Html.escape(key.replace('_', ' ')),
                            Html.escape(String.valueOf(value)))));
    return facts.toString();
  }

  private String foot() throws IOException {
    return "<section><h2>Network and recipe</h2><pre>"
        + Html.escape(Files.readString(folder.network()))
        + "</pre></section>\n</main></body></html>\n";
  }

  private String lossChart() throws IOException {
    Chart chart = new Chart("Loss", "", false);
    chart.add(new Chart.Curve("training", "a", points(Row::loss, 1), false));
    chart.add(new Chart.Curve("validation", "b", points(Row::validationLoss, 1), true));
    return saved("loss.svg", chart);
  }

  private String accuracyChart() throws IOException {
    Chart chart = new Chart("Accuracy", " %", false);
    chart.add(new Chart.Curve("training", "a", points(Row::accuracy, 100), false));
    chart.add(new Chart.Curve("validation", "b", points(Row::validationAccuracy, 100), true));
    return saved("accuracy.svg", chart);
  }

  private List<Chart.Point> points(Function<Row, Double> value, double factor) {
    List<Chart.Point> points = new ArrayList<>();
    rows.forEach(row -> points.add(new Chart.Point(row.epoch(), factor * value.apply(row))));
    return points;
  }

  private String saved(String file, Chart chart) throws IOException {
    Files.writeString(folder.path().resolve(file), chart.svg());
    return "<figure>" + chart.svg() + "</figure>\n";
  }

  private void addScores(StringBuilder page, Evaluator.Result result) throws IOException {
    Scoreboard scores = result.scores();
    List<String> names = run.data().classes();
    byte[] confusion = Pictures.confusion(scores);
    save("confusion.png", confusion);
    section(
        page,
        "What is taken for what",
        "Rows are classes, columns what they are taken for; the darker, the more often.",
        scores.classes() <= MOST_CLASSES_IN_A_MATRIX
            ? Matrix.html(scores, names)
            : Html.image(confusion, "confusion matrix", "pixels"));
    section(page, "Class by class", "", Matrix.classes(scores, names));
    Dataset data = run.data().unseen().orElse(run.data().train());
    StringBuilder figures = new StringBuilder("<div class=\"mistakes\">");
    int number = 0;
    for (Mistake mistake : result.mistakes().list()) {
      figure(data, mistake, number++).ifPresent(figures::append);
    }
    figures.append("</div>");
    section(
        page,
        "Worst mistakes",
        number == 0 ? "There are none." : "Unseen samples whose own class seemed least probable.",
        figures.toString());
  }

  private Optional<String> figure(Dataset data, Mistake mistake, int number) throws IOException {
    try {
      byte[] png = Pictures.thumbnail(data.read(mistake.sample()), THUMBNAIL);
      save("mistakes/%02d.png".formatted(number), png);
      return Optional.of(
          "<figure>%s<figcaption>%s<br><b>%s</b> %.0f %%<br><small>%s</small></figcaption></figure>\n"
              .formatted(
                  Html.image(png, "a mistake", "thumbnail"),
                  Html.escape(data.classes().get(mistake.label())),
                  Html.escape(data.classes().get(mistake.said())),
                  100 * mistake.probability(),
                  Html.escape(data.sample(mistake.sample()))));
    } catch (ImageException e) {
      return Optional.empty(); // it was there a moment ago; the page can do without
    }
  }

  private static void section(StringBuilder page, String title, String note, String content) {
    page.append("<section><h2>%s</h2>".formatted(title));
    if (!note.isEmpty()) {
      page.append("<p class=\"note\">%s</p>".formatted(note));
    }
    page.append(content).append("</section>\n");
  }

  private void save(String file, byte[] content) throws IOException {
    Path path = folder.path().resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, content);
  }
}
