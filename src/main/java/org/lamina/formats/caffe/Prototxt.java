package org.lamina.formats.caffe;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lamina.formats.FormatException;
import org.lamina.formats.caffe.Token.Kind;
import org.lamina.formats.caffe.Token.Place;
import org.lamina.network.Names;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;

/**
 * Reads the text format of protobuf into a message: {@code name: value}, <code>name { … }</code>.
 *
 * <p>All mistakes are reported at once, with their lines. A field that the schema does not have is
 * one; only those in {@link #HARMLESS} are passed over.
 */
final class Prototxt {

  /** Fields of Caffe's descendants that say how they compute, not what. */
  private static final Set<String> HARMLESS =
      Set.of(
          "backward_math",
          "backward_type",
          "compile_net_state",
          "cudnn_convolution_algo_seeker",
          "cudnn_math_override",
          "default_backward_math",
          "default_backward_type",
          "default_cudnn_math_override",
          "default_forward_math",
          "default_forward_type",
          "engine_sequence",
          "forward_math",
          "forward_type",
          "freeze",
          "fuse_type",
          "global_grad_scale",
          "global_grad_scale_adaptive",
          "no_syncing");

  /** Characters; a network of 1,000 layers has about a hundred thousand. */
  private static final int LONGEST = 4 << 20;

  /** A message costs some hundred bytes of memory, but only two characters. */
  private static final int MOST_MESSAGES = 100_000;

  private static final int DEEPEST = 32;
  private static final int MOST_PROBLEMS = 50;

  private final Tokens tokens;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, List<Place>> places = new HashMap<>();
  private final String file;
  private int messages;

  private Prototxt(Path file, String text) {
    this.file = file.toString();
    this.tokens = new Tokens(text);
  }

  /**
   * A message and where its fields stand.
   *
   * @param places of the fields of the message itself, by name, each time they are there
   */
  record Parsed<M>(M message, Map<String, List<Place>> places) {

    /** Returns the line of a field; 0 if it was not read from a text. */
    int line(String field, int index) {
      List<Place> known = places.getOrDefault(field, List.of());
      return index < known.size() ? known.get(index).line() : 0;
    }
  }

  /**
   * Reads a file.
   *
   * @param builder an empty message, which is filled
   * @throws FormatException that lists what is wrong
   */
  static <B extends Message.Builder> Parsed<B> read(Path file, B builder) {
    return parse(file, text(file), builder);
  }

  /** Returns a file's text, if it is of a sensible size. */
  static String text(Path file) {
    try (InputFile input = InputFile.open(file)) {
      if (input.size() > LONGEST) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s: has %,d bytes, but the text of a network may have %,d; is it a .caffemodel?",
                file,
                input.size(),
                LONGEST));
      }
      return new String(input.bytes(0, (int) input.size()), StandardCharsets.UTF_8);
    }
  }

  /** Reads a text that came from a file. */
  static <B extends Message.Builder> Parsed<B> parse(Path file, String text, B builder) {
    Prototxt reader;
    try {
      reader = new Prototxt(file, text);
    } catch (SyntaxFault fault) {
      throw new FormatException(file + ":" + fault.place() + ": " + fault.getMessage());
    }
    try {
      reader.fields(builder, "", 0);
    } catch (SyntaxFault fault) {
      reader.problem(fault.place(), fault.getMessage());
    }
    if (!reader.problems.isEmpty()) {
      throw new FormatException(String.join("\n", reader.problems));
    }
    return new Parsed<>(builder, reader.places);
  }

  private void problem(Place place, String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(file + ":" + place + ": " + problem);
    }
  }

  /** Reads fields up to a closing symbol, or to the end where there is none. */
  private void fields(Message.Builder to, String end, int depth) {
    while (!(end.isEmpty() ? tokens.peek().kind() == Kind.END : tokens.skip(end))) {
      Token name = tokens.take();
      if (name.kind() != Kind.NAME) {
        throw new SyntaxFault(
            name.place(), "expected the name of a field, but found " + shown(name));
      }
      FieldDescriptor field = to.getDescriptorForType().findFieldByName(name.text());
      if (depth == 0) {
        places.computeIfAbsent(name.text(), key -> new ArrayList<>()).add(name.place());
      }
      if (field == null) {
        unknown(to.getDescriptorForType(), name);
        skipValue(depth);
      } else {
        field(to, field, name, depth);
      }
      if (!tokens.skip(";")) {
        tokens.skip(",");
      }
    }
  }

  private void unknown(Descriptor type, Token name) {
    if (!HARMLESS.contains(name.text())) {
      List<String> known = type.getFields().stream().map(FieldDescriptor::getName).toList();
      String shown = Printable.text(name.text());
      problem(
          name.place(),
          "%s has no field '%s'%s".formatted(type.getName(), shown, Names.suggest(shown, known)));
    }
  }

  private void field(Message.Builder to, FieldDescriptor field, Token name, int depth) {
    if (!field.isRepeated() && to.hasField(field)) {
      problem(name.place(), "'" + name.text() + "' is there twice, but may be only once");
      skipValue(depth);
      return;
    }
    boolean colon = tokens.skip(":");
    if (field.isRepeated() && tokens.skip("[")) {
      list(to, field, depth);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      put(to, field, message(to.newBuilderForField(field), depth));
    } else if (!colon) {
      throw new SyntaxFault(
          tokens.peek().place(),
          "expected ':' after '%s', but found %s".formatted(name.text(), shown(tokens.peek())));
    } else {
      scalar(to, field);
    }
  }

  private void list(Message.Builder to, FieldDescriptor field, int depth) {
    if (tokens.skip("]")) {
      return;
    }
    do {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        put(to, field, message(to.newBuilderForField(field), depth));
      } else {
        scalar(to, field);
      }
    } while (tokens.skip(","));
    expect("]");
  }

  private Message message(Message.Builder to, int depth) {
    Token open = tokens.take();
    if (!open.is("{") && !open.is("<")) {
      throw new SyntaxFault(open.place(), "expected '{', but found " + shown(open));
    }
    if (depth == DEEPEST || ++messages > MOST_MESSAGES) {
      throw new SyntaxFault(
          open.place(),
          String.format(
              Locale.ROOT,
              "a network may have %,d messages, %d deep in each other",
              MOST_MESSAGES,
              DEEPEST));
    }
    fields(to, open.is("{") ? "}" : ">", depth + 1);
    return to.build();
  }

  private void scalar(Message.Builder to, FieldDescriptor field) {
    Place place = tokens.peek().place();
    try {
      put(to, field, Scalars.read(tokens, field));
    } catch (SyntaxFault fault) {
      problem(place, field.getName() + " " + fault.getMessage());
    }
  }

  private static void put(Message.Builder to, FieldDescriptor field, Object value) {
    if (field.isRepeated()) {
      to.addRepeatedField(field, value);
    } else {
      to.setField(field, value);
    }
  }

  /** Passes over the value of a field that is not read, whatever it is. */
  private void skipValue(int depth) {
    tokens.skip(":");
    int open = 0;
    do {
      Token token = tokens.take();
      if (token.kind() == Kind.END || (open == 0 && (token.is("}") || token.is(">")))) {
        throw new SyntaxFault(token.place(), "expected a value, but found " + shown(token));
      }
      if (token.is("{") || token.is("<") || token.is("[")) {
        open++;
      } else if (token.is("}") || token.is(">") || token.is("]")) {
        open--;
      } else if (open == 0 && token.is("-")) {
        tokens.take();
      }
    } while (open > 0);
    while (tokens.peek().kind() == Kind.TEXT) {
      tokens.take(); // pieces of one text
    }
  }

  private void expect(String symbol) {
    if (!tokens.skip(symbol)) {
      Token found = tokens.peek();
      throw new SyntaxFault(
          found.place(), "expected '%s', but found %s".formatted(symbol, shown(found)));
    }
  }

  private static String shown(Token token) {
    return Printable.text(token.shown());
  }
}
