package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Check;
import org.lamina.layer.Default;
import org.lamina.layer.Key;
import org.lamina.network.Setting.Written;

/** Settings become records, and every mistake is found with its place. */
final class SettingReaderTest {

  /** What a test chooses among. */
  public sealed interface Shade permits Plain, Mixed {}

  /** Needs nothing. */
  @Key("plain")
  public record Plain() implements Shade {}

  /** Needs a share. */
  @Key("mixed")
  public record Mixed(double share, @Default("2") int times) implements Shade {
    /** Checks. */
    public Mixed {
      Check.that(share <= 1, "share", "share must be at most 1, but is %s", share);
    }
  }

  private final SettingReader reader = new SettingReader();

  @Test
  void aChoiceIsAWordAMappingOrAValue() {
    assertEquals(Optional.of(new Plain()), read(text("plain")));
    assertEquals(Optional.of(new Mixed(0.5, 2)), read(fields("mixed", number(0.5))));
    assertEquals(
        Optional.of(new Mixed(0.5, 3)),
        read(fields("mixed", fields("share", number(0.5), "times", number(3)))));
    assertEquals(List.of(), reader.problems());
  }

  @Test
  void mistakesHaveTheirPlace() {
    read(text("plian"));
    read(text("mixed"));
    read(fields("mixed", fields("share", number(2), "tmes", number(3))));
    read(fields("mixed", number(2)));
    read(fields("plain", number(2)));
    read(number(7));
    assertEquals(
        List.of(
            "f:1:2: there is no shade 'plian', did you mean 'plain'?",
            "f:1:2: 'share' is missing; mixed cannot do without it",
            "f:3:4: mixed has no 'tmes', did you mean 'times'?",
            "f:3:4: share must be at most 1, but is 2.0",
            "f:3:4: plain takes no value",
            "f:3:4: shade must be a name, or a name with its fields; there are mixed, plain"),
        reader.problems());
  }

  @Test
  void listsLeaveOutWhatIsAtFault() {
    Setting list = new Setting.Items(List.of(text("plain"), text("x")), new Written("f:9:9"));
    assertEquals(List.of(new Plain()), reader.choices("shade", list, Shade.class));
    assertEquals(1, reader.problems().size());
  }

  private Optional<Shade> read(Setting setting) {
    return reader.choice("shade", setting, Shade.class);
  }

  private static Setting text(String word) {
    return new Setting.Text(word, new Written("f:1:2"));
  }

  private static Setting number(double value) {
    return new Setting.Number(value, new Written("f:3:4"));
  }

  private static Setting fields(Object... pairs) {
    Map<String, Setting> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put((String) pairs[i], (Setting) pairs[i + 1]);
    }
    return new Setting.Fields(fields, new Written("f:5:6"));
  }
}
