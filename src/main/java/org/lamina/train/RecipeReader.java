package org.lamina.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.network.Names;
import org.lamina.network.Setting;
import org.lamina.network.SettingReader;
import org.lamina.network.Training;
import org.lamina.train.Recipe.Evaluation;
import org.lamina.train.Recipe.Length;
import org.lamina.train.Recipe.Loss;
import org.lamina.train.Recipe.Rate;
import org.lamina.train.Recipe.Recompute;
import org.lamina.train.Recipe.Unreadable;

/** Reads the {@code training} section of a network; used once. */
final class RecipeReader {

  /** Everything that may stand under {@code training}. */
  static final List<String> KEYS =
      List.of(
          "batch",
          "accumulate",
          "recompute",
          "epochs",
          "steps",
          "optimizer",
          "learning_rate",
          "warm_up",
          "clip",
          "rates",
          "freeze",
          "losses",
          "label_smoothing",
          "class_weights",
          "augment",
          "evaluate",
          "best",
          "early_stop",
          "time",
          "checkpoint",
          "unreadable",
          "seed");

  private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(s|min|h|d)");
  private static final Setting NOTHING = new Setting.Fields(Map.of(), Setting.Written.NOWHERE);

  private final Training training;
  private final Map<String, Setting> fields;
  private final SettingReader reader = new SettingReader();

  RecipeReader(Training training) {
    this.training = training;
    this.fields = training.recipe().fields();
  }

  Recipe read() {
    fields.forEach(
        (key, setting) -> {
          if (!KEYS.contains(key)) {
            reader.problem(
                setting, "training has no '%s'%s".formatted(key, Names.suggestOrList(key, KEYS)));
          }
        });
    Recipe recipe =
        new Recipe(
            loss(),
            losses(),
            number("label_smoothing", 0, 0, 1),
            numbers("class_weights"),
            batch(),
            (int) whole("accumulate", 1, 1, 1 << 20),
            constant("recompute", Recompute.AUTO),
            length(),
            optimizer(),
            schedule(),
            number("warm_up", 0, 0, Double.MAX_VALUE),
            number("clip", 0, 0, Double.MAX_VALUE),
            rates(),
            words("freeze"),
            evaluation(),
            constant("best", Metric.VALIDATION_ACCURACY),
            (int) whole("early_stop", 0, 0, Integer.MAX_VALUE),
            budget(),
            number("checkpoint", 1, 1e-9, Double.MAX_VALUE),
            constant("unreadable", Unreadable.SKIP),
            whole("seed", 1, 0, 1L << 53));
    if (!reader.problems().isEmpty()) {
      throw new RecipeException(reader.problems());
    }
    return recipe;
  }

  private Loss loss() {
    Optional<String> name = training.loss();
    if (name.isEmpty()) {
      return Loss.SOFTMAX_CROSS_ENTROPY;
    }
    return constant("loss", new Setting.Text(name.get(), training.recipe().at()), Loss.values()[0]);
  }

  private Map<String, Double> losses() {
    Map<String, Double> losses = new LinkedHashMap<>();
    Setting setting = fields.getOrDefault("losses", NOTHING);
    if (!(setting instanceof Setting.Fields layers)) {
      reader.problem(setting, "losses must name layers and what each counts: {prob: 1, head: 0.3}");
      return losses;
    }
    layers
        .fields()
        .forEach((layer, weight) -> losses.put(layer, number(layer, weight, 0, Double.MAX_VALUE)));
    return losses;
  }

  private Optional<Integer> batch() {
    if (fields.get("batch") instanceof Setting.Text word && word.value().equals("auto")) {
      return Optional.empty();
    }
    return Optional.of((int) whole("batch", 64, 1, Integer.MAX_VALUE));
  }

  private Length length() {
    if (fields.containsKey("epochs") && fields.containsKey("steps")) {
      reader.problem(fields.get("steps"), "a training has either epochs or steps, not both");
    }
    return fields.containsKey("steps")
        ? new Length(whole("steps", 1, 1, 1L << 40), true)
        : new Length(number("epochs", 10, 1e-6, 1e9), false);
  }

  private Optimizer optimizer() {
    Optimizer fallback = new Optimizer.Sgd(0.9, 0, false, Optimizer.Sgd.Form.PAPER);
    return Optional.ofNullable(fields.get("optimizer"))
        .flatMap(setting -> reader.choice("optimizer", setting, Optimizer.class))
        .orElse(fallback);
  }

  private Schedule schedule() {
    Setting setting = fields.get("learning_rate");
    if (setting == null || setting instanceof Setting.Number) {
      return new Schedule.Constant(number("learning_rate", 0.01, 0, Double.MAX_VALUE));
    }
    return reader.choice("schedule", setting, Schedule.class).orElse(new Schedule.Constant(0));
  }

  private List<Rate> rates() {
    List<Rate> rates = new ArrayList<>();
    Setting setting = fields.getOrDefault("rates", NOTHING);
    if (!(setting instanceof Setting.Fields patterns)) {
      reader.problem(
          setting, "rates must name parameters: {\"*.bias\": {learning_rate: 2, weight_decay: 0}}");
      return rates;
    }
    patterns.fields().forEach((pattern, factors) -> rates.add(rate(pattern, factors)));
    return rates;
  }

  private Rate rate(String pattern, Setting setting) {
    Map<String, Setting> factors =
        setting instanceof Setting.Fields given ? given.fields() : Map.of();
    List<String> known = List.of("learning_rate", "weight_decay");
    if (factors.isEmpty() || !known.containsAll(factors.keySet())) {
      reader.problem(setting, "'%s' takes learning_rate and weight_decay".formatted(pattern));
    }
    double rate = factor(factors.get("learning_rate"), "learning_rate");
    return new Rate(pattern, rate, factor(factors.get("weight_decay"), "weight_decay"));
  }

  private double factor(Setting setting, String key) {
    return setting == null ? 1 : number(key, setting, 0, Double.MAX_VALUE);
  }

  private Evaluation evaluation() {
    Evaluation fallback = new Evaluation(1, 1, 0.1);
    Setting setting = fields.get("evaluate");
    if (setting == null) {
      return fallback;
    }
    if (!(setting instanceof Setting.Fields given)) {
      reader.problem(setting, "evaluate takes every, crops and share: {every: 1, crops: 10}");
      return fallback;
    }
    return reader.record(given, Evaluation.class).orElse(fallback);
  }

  private Optional<Duration> budget() {
    Setting setting = fields.get("time");
    if (setting == null) {
      return Optional.empty();
    }
    Matcher matcher = DURATION.matcher(String.valueOf(setting.plain()));
    if (!(setting instanceof Setting.Text) || !matcher.matches()) {
      reader.problem(setting, "time must be a number with s, min, h or d: 30 min");
      return Optional.empty();
    }
    double seconds =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "min" -> 60;
          case "h" -> 3600;
          default -> 86_400;
        };
    return Optional.of(
        Duration.ofMillis(Math.round(1000 * seconds * Double.parseDouble(matcher.group(1)))));
  }

  private List<String> words(String key) {
    Setting setting = fields.get(key);
    if (setting == null) {
      return List.of();
    }
    List<Setting> items = setting instanceof Setting.Items list ? list.items() : List.of(setting);
    List<String> words = new ArrayList<>();
    for (Setting item : items) {
      if (item instanceof Setting.Text word) {
        words.add(word.value());
      } else {
        reader.problem(item, key + " must be a list of names");
      }
    }
    return words;
  }

  private List<Double> numbers(String key) {
    Setting setting = fields.get(key);
    if (setting == null) {
      return List.of();
    }
    if (!(setting instanceof Setting.Items list)) {
      reader.problem(setting, key + " must be a list of numbers");
      return List.of();
    }
    return list.items().stream().map(item -> number(key, item, 0, Double.MAX_VALUE)).toList();
  }

  private <E extends Enum<E>> E constant(String key, E fallback) {
    Setting setting = fields.get(key);
    return setting == null ? fallback : constant(key, setting, fallback);
  }

  private <E extends Enum<E>> E constant(String key, Setting setting, E fallback) {
    List<String> names = new ArrayList<>();
    for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      names.add(name);
      if (name.equals(setting.plain())) {
        return constant;
      }
    }
    String shown = String.valueOf(setting.plain());
    reader.problem(
        setting,
        "%s must be %s, but is '%s'%s"
            .formatted(key, String.join(" or ", names), shown, Names.suggest(shown, names)));
    return fallback;
  }

  private long whole(String key, long fallback, long least, long most) {
    double value = number(key, fallback, least, most);
    if (value != Math.rint(value)) {
      reader.problem(fields.get(key), "%s must be a whole number, but is %s".formatted(key, value));
    }
    return (long) value;
  }

  private double number(String key, double fallback, double least, double most) {
    Setting setting = fields.get(key);
    return setting == null ? fallback : number(key, setting, least, most);
  }

  private double number(String key, Setting setting, double least, double most) {
    if (!(setting instanceof Setting.Number number)) {
      reader.problem(setting, "%s must be a number".formatted(key));
      return least;
    }
    double value = number.value();
    if (value < least || value > most) {
      String range =
          most == Double.MAX_VALUE ? "at least " + text(least) : text(least) + " to " + text(most);
      reader.problem(setting, "%s must be %s, but is %s".formatted(key, range, text(value)));
      return least;
    }
    return value;
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
