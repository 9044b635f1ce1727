package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lamina.layer.Join;
import org.lamina.layer.Layer;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads lists of layers: {@code - conv: {name: conv1, filters: 96, kernel: 11}}. */
final class ItemReader {

  /** All layer types by key. */
  static final Map<String, RecordType> TYPES = RecordType.permittedBy(Layer.class);

  /** The type of a layer that could not be read. */
  static final String UNREADABLE = "unreadable";

  /** The types whose layers may have branches. */
  static final Set<String> JOINING =
      TYPES.values().stream()
          .filter(type -> Join.class.isAssignableFrom(type.schema().type()))
          .map(RecordType::key)
          .collect(Collectors.toUnmodifiableSet());

  /** What every layer may have besides its parameters. */
  static final List<String> COMMON = List.of("name", "from", "device");

  /** The most layers of a network; far more than the deepest network published. */
  static final int MAX_LAYERS = 10_000;

  // Names go into files of weights and into command lines.
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./:+-]{0,199}");

  private static final List<String> REPEAT_KEYS =
      List.of("block", "times", "with", "first", "last");

  private final Problems problems;
  private final Map<String, Set<String>> blocks;
  private int count;

  /**
   * Makes a reader.
   *
   * @param blocks the arguments of each block
   */
  ItemReader(Problems problems, Map<String, Set<String>> blocks) {
    this.problems = problems;
    this.blocks = blocks;
  }

  /**
   * Reads a list of layers; those at fault are left out.
   *
   * @param what how messages call the list
   * @throws Fault if the value is no list or there are too many layers
   */
  List<Item> list(String what, Value value) {
    if (!(value instanceof Sequence list)) {
      throw new Fault(
          value.place(),
          "%s must be a list of layers, but is %s".formatted(what, value.describe()));
    }
    List<Item> items = new ArrayList<>();
    for (Value entry : list.items()) {
      if (++count > MAX_LAYERS) {
        throw new Fault(entry.place(), "there are more than %d layers".formatted(MAX_LAYERS));
      }
      items.add(problems.attempt(() -> item(entry)).orElseGet(() -> unreadable(entry)));
    }
    return items;
  }

  /**
   * Returns something that holds the place of a layer, so that the others are read as if it were.
   */
  private static Item unreadable(Value value) {
    Item item = new Item(UNREADABLE, value.place(), new ArrayList<>());
    item.flaw();
    if (value instanceof Mapping mapping) {
      mapping.fields().values().stream()
          .map(Field::value)
          .filter(Mapping.class::isInstance)
          .map(body -> ((Mapping) body).fields().get("name"))
          .filter(name -> name != null && name.value() instanceof Scalar)
          .findFirst()
          .ifPresent(name -> item.name(((Scalar) name.value()).text(), name.value().place()));
    }
    return item;
  }

  /**
   * Reads one layer.
   *
   * @throws Fault if it is not a layer at all; mistakes inside it are added to the problems
   */
  Item item(Value value) {
    if (value instanceof Scalar scalar && !scalar.isNothing()) {
      return new Item(type(scalar.text(), scalar.place()), scalar.place(), new ArrayList<>());
    }
    if (!(value instanceof Mapping mapping) || mapping.fields().isEmpty()) {
      throw new Fault(
          value.place(),
          "a layer must be its type and its fields, such as 'relu: {name: relu1}', but is "
              + (value instanceof Mapping ? "empty" : value.describe()));
    }
    Field first = mapping.fields().values().iterator().next();
    String type = type(first.key(), first.place());
    if (mapping.fields().size() > 1) {
      Field second = new ArrayList<>(mapping.fields().values()).get(1);
      throw new Fault(
          second.place(),
          "a layer has one key, its type, but this has '%s' and '%s'; fields go under the type, indented"
              .formatted(first.key(), second.key()));
    }
    return body(type, first);
  }

  private String type(String key, Place place) {
    if (!TYPES.containsKey(key) && !blocks.containsKey(key) && !key.equals(Block.REPEAT)) {
      List<String> known = new ArrayList<>(TYPES.keySet());
      known.add(Block.REPEAT);
      known.addAll(blocks.keySet());
      throw new Fault(
          place, "there is no layer type '%s'%s".formatted(key, Values.suggest(key, known)));
    }
    return key;
  }

  /** Returns the fields that layers of a type have besides those that all have. */
  private List<String> keys(String type) {
    if (type.equals(Block.REPEAT)) {
      return REPEAT_KEYS;
    }
    return blocks.containsKey(type) ? List.copyOf(blocks.get(type)) : TYPES.get(type).keys();
  }

  private Item body(String type, Field field) {
    List<Branch> branches = new ArrayList<>();
    Item item = new Item(type, field.place(), branches);
    if (field.value() instanceof Mapping body) {
      entries(item, body.fields());
    } else if (field.value() instanceof Sequence && JOINING.contains(type)) {
      branches(item, field.value());
    } else if (!(field.value() instanceof Scalar scalar && scalar.isNothing())) {
      List<String> keys = keys(type);
      throw new Fault(
          field.value().place(),
          "%s takes its fields as a mapping, {%s: …}, but this is %s"
              .formatted(type, keys.isEmpty() ? "name" : keys.get(0), field.value().describe()));
    }
    return item;
  }

  private void entries(Item item, Map<String, Field> fields) {
    // The name first, whatever the order: messages about the others begin with it.
    Field name = fields.get("name");
    if (name != null) {
      problems
          .attempt(() -> name("name", name.value()))
          .ifPresentOrElse(text -> item.name(text, name.value().place()), item::flaw);
    }
    for (Field field : fields.values()) {
      if (field != name && problems.attempt(() -> entry(item, field)).isEmpty()) {
        item.flaw();
      }
    }
  }

  private Item entry(Item item, Field entry) {
    String key = entry.key();
    if (key.equals("branches") && JOINING.contains(item.type())) {
      branches(item, entry.value());
    } else {
      requireKnown(item, entry);
      item.set(entry);
    }
    return item;
  }

  /**
   * Refuses a field that a layer does not have.
   *
   * @throws Fault if so
   */
  void requireKnown(Item item, Field field) {
    List<String> keys = keys(item.type());
    List<String> common = new ArrayList<>(COMMON);
    if (JOINING.contains(item.type())) {
      common.add("branches");
    }
    if (!keys.contains(field.key()) && !common.contains(field.key())) {
      throw new Fault(
          field.place(), item.where() + Values.unknownKey(item.type(), keys, field.key(), common));
    }
  }

  /**
   * Reads a name.
   *
   * @param key what the name is for
   * @throws Fault if it is none or has characters that a name must not have
   */
  static String name(String key, Value value) {
    if (!(value instanceof Scalar scalar) || scalar.isNothing()) {
      throw new Fault(
          value.place(), "%s must be a name, but is %s".formatted(key, value.describe()));
    }
    if (!NAME.matcher(scalar.text()).matches()) {
      throw new Fault(
          value.place(),
          "%s must be 1 to 200 letters, digits or _ . / : + - and begin with a letter, a digit or _, but is %s"
              .formatted(key, value.describe()));
    }
    return scalar.text();
  }

  private void branches(Item item, Value value) {
    if (!(value instanceof Sequence list)) {
      throw new Fault(
          value.place(),
          "%sthe branches must be a list of lists of layers, but are %s"
              .formatted(item.where(), value.describe()));
    }
    for (Value branch : list.items()) {
      item.branches().add(branch(item, branch));
    }
    if (item.branches().stream().filter(Branch::conditional).count() > 1
        || item.branches().size() == 1 && item.branches().get(0).conditional()) {
      throw new Fault(
          value.place(),
          "%sonly one branch may be '%s', and others must say what the shape is"
              .formatted(item.where(), Block.CONDITIONAL));
    }
  }

  /** Reads {@code [layers]}, or {@code {layers: […], device: …}}, conditional or not. */
  private Branch branch(Item item, Value value) {
    if (value instanceof Sequence) {
      return Branch.of(list("a branch", value));
    }
    Map<String, Field> fields = value instanceof Mapping mapping ? mapping.fields() : Map.of();
    Field plain = fields.get("layers");
    Field conditional = fields.get(Block.CONDITIONAL);
    if ((plain == null) == (conditional == null)
        || fields.size() > (fields.containsKey("device") ? 2 : 1)) {
      throw new Fault(
          value.place(),
          "%sa branch must be a list of layers, or have the key layers or %s and perhaps device, but is %s; its layers begin with '- -'"
              .formatted(item.where(), Block.CONDITIONAL, value.describe()));
    }
    if (conditional != null && !item.type().equals("add")) {
      throw new Fault(
          conditional.place(),
          "%s'%s' makes a shortcut, which only add has".formatted(item.where(), Block.CONDITIONAL));
    }
    Field layers = plain == null ? conditional : plain;
    return new Branch(
        list(layers.key(), layers.value()),
        conditional != null,
        Optional.ofNullable(fields.get("device")));
  }

  /**
   * Names the layers that have no name: {@code relu1} is the first unnamed ReLU, unless a layer of
   * that name exists.
   */
  static void nameAll(List<Item> items) {
    Set<String> taken = new HashSet<>();
    Item.walk(items, item -> item.name().ifPresent(taken::add));
    Map<String, Integer> counters = new TreeMap<>();
    Item.walk(
        items,
        item -> {
          if (item.name().isEmpty()) {
            String name;
            do {
              name = item.type() + counters.merge(item.type(), 1, Integer::sum);
            } while (!taken.add(name));
            item.name(name, item.place());
          }
        });
  }
}
