package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Turns YAML text into values with places.
 *
 * <p>Works on the parser's events, so nothing is ever constructed from a tag, no scalar is resolved
 * the YAML 1.1 way, and the limits hold while reading, not afterwards. Tags, merge keys, repeated
 * keys, several documents, and aliases that refer to themselves are refused.
 */
final class YamlText {

  /** The longest file, in characters: a hundred times the longest shipped one. */
  static final int MAX_CHARACTERS = 1 << 20;

  /** The deepest nesting; a branch within a branch costs five levels. */
  static final int MAX_DEPTH = 64;

  /** The most values of a document, counting what an alias stands for each time it is used. */
  static final int MAX_VALUES = 100_000;

  /** A finished value, how many values it consists of, and how deep it is. */
  private record Sized(Value value, int size, int height) {}

  private final Source source;
  private final Problems problems;
  private final Parser parser;
  private final Map<String, Optional<Sized>> anchors = new HashMap<>();
  private final int lastVisible;
  private int values;

  private YamlText(Source source, String text, Problems problems) {
    this.source = source;
    this.problems = problems;
    String visible = text.stripTrailing();
    lastVisible = visible.codePointCount(0, visible.length());
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS + 1);
    parser = new ParserImpl(new StreamReader(text), options);
  }

  /**
   * Reads the only document of a text. Repeated keys, tags and merge keys are added to the
   * problems; what cannot be read on from ends the reading.
   *
   * @throws Fault if the text is not YAML, exceeds a limit or is not exactly one document
   */
  static Value read(Source source, Problems problems) {
    return read(source, source.text(), problems);
  }

  /**
   * Reads the only document of a text that is part of a source.
   *
   * @param source what places refer to
   * @param text the text, everything in it where it stands in the source
   * @throws Fault if the text is not YAML, exceeds a limit or is not exactly one document
   */
  static Value read(Source source, String text, Problems problems) {
    requirePrintable(source, text);
    YamlText reader = new YamlText(source, text, problems);
    try {
      return reader.document();
    } catch (MarkedYAMLException e) {
      throw reader.syntax(e);
    } catch (YAMLException e) {
      throw new Fault(new Place(source, 0, 0), "this is not YAML: " + e.getMessage());
    }
  }

  private static void requirePrintable(Source source, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new Fault(
          new Place(source, 0, 0),
          "a network file may have %d characters, but this has %d"
              .formatted(MAX_CHARACTERS, text.length()));
    }
    int line = 0;
    int column = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (!StreamReader.isPrintable(point)) {
        throw new Fault(
            new Place(source, line, column),
            "the character U+%04X may not stand in a YAML file".formatted(point));
      }
      i += Character.charCount(point);
      boolean ends =
          point == '\n'
              || point == '\u0085'
              || point == '\u2028'
              || point == '\u2029'
              || point == '\r' && !(i < text.length() && text.charAt(i) == '\n');
      line += ends ? 1 : 0;
      column = ends ? 0 : column + 1;
    }
  }

  private Value document() {
    parser.getEvent(); // the start of the stream
    if (parser.checkEvent(Event.ID.StreamEnd)) {
      throw new Fault(new Place(source, 0, 0), "the file is empty");
    }
    parser.getEvent(); // the start of the document
    Value root = value(1).value();
    parser.getEvent(); // the end of the document
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new Fault(
          place(parser.peekEvent().getStartMark()),
          "a network file is one document, but a second one begins here");
    }
    return root;
  }

  private Sized value(int depth) {
    Event event = parser.getEvent();
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    Place place = place(event.getStartMark());
    requireDepth(depth, place);
    count(1, place);
    Optional<String> anchor = Optional.ofNullable(((NodeEvent) event).getAnchor());
    anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
    Sized sized;
    if (event instanceof ScalarEvent scalar) {
      sized = new Sized(scalar(scalar, place), 1, 1);
    } else if (event instanceof SequenceStartEvent start) {
      refuseTag(start.getTag(), place);
      sized = sequence(place, depth);
    } else {
      refuseTag(((MappingStartEvent) event).getTag(), place);
      sized = mapping(place, depth);
    }
    anchor.ifPresent(name -> anchors.put(name, Optional.of(sized)));
    return sized;
  }

  private Sized alias(AliasEvent event, int depth) {
    String name = event.getAnchor();
    Place place = place(event.getStartMark());
    Optional<Sized> target = anchors.get(name);
    if (target == null) {
      throw new Fault(place, "there is no anchor '&%s' before this alias".formatted(name));
    }
    Sized sized =
        target.orElseThrow(
            () -> new Fault(place, "the alias '*%s' stands for itself".formatted(name)));
    requireDepth(depth + sized.height() - 1, place);
    count(sized.size(), place);
    return sized;
  }

  private Value scalar(ScalarEvent event, Place place) {
    refuseTag(event.getTag(), place);
    return new Scalar(place, event.getValue(), event.getScalarStyle() == ScalarStyle.PLAIN);
  }

  private Sized sequence(Place place, int depth) {
    List<Value> items = new ArrayList<>();
    int size = 1;
    int height = 1;
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      Sized item = value(depth + 1);
      items.add(item.value());
      size += item.size();
      height = Math.max(height, item.height() + 1);
    }
    parser.getEvent();
    return new Sized(new Sequence(place, items), size, height);
  }

  private Sized mapping(Place place, int depth) {
    Map<String, Field> fields = new LinkedHashMap<>();
    int size = 1;
    int height = 1;
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Value key = value(depth + 1).value();
      Sized item = value(depth + 1);
      add(fields, key, item.value());
      size += item.size() + 1;
      height = Math.max(height, item.height() + 1);
    }
    parser.getEvent();
    return new Sized(new Mapping(place, fields), size, height);
  }

  private void add(Map<String, Field> fields, Value key, Value value) {
    if (!(key instanceof Scalar scalar)) {
      problems.add(key.place(), "a key must be a word, but this is " + key.describe());
    } else if (scalar.text().equals("<<")) {
      problems.add(
          key.place(), "merge keys ('<<') are not YAML 1.2; use 'defaults' or 'extends' instead");
    } else {
      Field first = fields.putIfAbsent(scalar.text(), new Field(key.place(), scalar.text(), value));
      if (first != null) {
        problems.add(
            key.place(),
            "the key %s is given twice, first at %s".formatted(key.describe(), first.place()));
      }
    }
  }

  private void refuseTag(String tag, Place place) {
    // The parser reports the non-specific tag '!' as "!", and no tag as null.
    if (tag != null) {
      problems.add(place, "tags are not allowed, but this has the tag '%s'".formatted(tag));
    }
  }

  private void requireDepth(int depth, Place place) {
    if (depth > MAX_DEPTH) {
      throw new Fault(place, "lists and mappings nest more than %d deep".formatted(MAX_DEPTH));
    }
  }

  private void count(int more, Place place) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Fault(
          place,
          "the document has more than %d values, counting each use of an alias"
              .formatted(MAX_VALUES));
    }
  }

  private Fault syntax(MarkedYAMLException e) {
    Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    if (mark != null && e.getContextMark() != null && mark.getIndex() >= lastVisible) {
      mark = e.getContextMark(); // what is open is a better place than the end of the file
    }
    Place place = mark == null ? new Place(source, 0, 0) : place(mark);
    int[] line = source.line(place.line()).codePoints().toArray();
    if (place.column() < line.length && line[place.column()] == '\t') {
      return new Fault(place, "a tab cannot stand here; indent with spaces");
    }
    String context = e.getContext() == null ? "" : " " + e.getContext();
    return new Fault(place, "this is not YAML: " + e.getProblem() + context);
  }

  private Place place(Mark mark) {
    return new Place(source, mark.getLine(), mark.getColumn());
  }
}
