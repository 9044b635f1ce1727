package org.lamina.yaml;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;

/**
 * Reads the blocks and layers of a description, whose files are all known by now, puts the layers
 * of blocks where they are used, and does the edits.
 */
final class Composer {

  private static final List<String> BLOCK_KEYS = List.of("args", "layers");

  private final Description description;
  private final Scope variables;
  private final Problems problems;
  private final Map<String, Set<String>> arguments = new HashMap<>();

  Composer(Description description, Scope variables, Problems problems) {
    this.description = description;
    this.variables = variables;
    this.problems = problems;
  }

  /** Fills the description's layers; mistakes are added to the problems. */
  void compose() {
    Map<String, Field> known = new LinkedHashMap<>();
    description
        .blocks()
        .forEach((name, field) -> problems.attempt(() -> declare(name, field, known)));
    ItemReader reader = new ItemReader(problems, arguments);
    Map<String, Block> blocks = new LinkedHashMap<>();
    known.forEach(
        (name, field) ->
            problems.attempt(() -> block(name, field, reader)).ifPresent(b -> blocks.put(name, b)));
    int before = problems.size();
    description
        .section("layers")
        .flatMap(field -> problems.attempt(() -> reader.list("layers", field.value())))
        .ifPresentOrElse(description.layers()::addAll, description::flaw);
    ItemReader.nameAll(description.layers());
    Blocks uses = new Blocks(blocks, variables, problems);
    Edits edits = new Edits(description, uses, reader, problems);
    if (!description.layers().isEmpty()) {
      edits.applyToBlocks();
    }
    uses.expand(description.layers());
    if (!description.layers().isEmpty()) {
      edits.applyToLayers();
    }
    if (problems.size() > before && !description.edits().isEmpty()) {
      description.flaw();
    }
  }

  private String declare(String name, Field field, Map<String, Field> known) {
    ItemReader.name("a block", new Scalar(field.place(), name, true));
    if (ItemReader.TYPES.containsKey(name) || name.equals(Block.REPEAT) || name.contains(".")) {
      throw new Fault(
          field.place(),
          name.contains(".")
              ? "a block's name must have no '.', but is '%s'".formatted(name)
              : "a block cannot be called '%s', for that is a type of layer".formatted(name));
    }
    if (!(field.value() instanceof Mapping mapping)) {
      throw new Fault(
          field.value().place(),
          "a block must be a mapping with args and layers, but is " + field.value().describe());
    }
    Field args = mapping.fields().get("args");
    arguments.put(
        name,
        args != null && args.value() instanceof Mapping declared
            ? declared.fields().keySet()
            : Set.of());
    known.put(name, field);
    return name;
  }

  private Block block(String name, Field field, ItemReader reader) {
    Map<String, Field> fields = ((Mapping) field.value()).fields();
    for (Field entry : fields.values()) {
      if (!BLOCK_KEYS.contains(entry.key())) {
        throw new Fault(
            entry.place(),
            "a block has no '%s'%s"
                .formatted(entry.key(), Values.suggest(entry.key(), BLOCK_KEYS)));
      }
    }
    Field args = fields.get("args");
    if (args != null && !(args.value() instanceof Mapping)) {
      throw new Fault(
          args.value().place(),
          "args must be a mapping, such as {filters: int, stride: 1}, but is "
              + args.value().describe());
    }
    Map<String, Field> declared = args == null ? Map.of() : ((Mapping) args.value()).fields();
    declared.values().forEach(Composer::requireArgument);
    Field layers = fields.get("layers");
    if (layers == null) {
      throw new Fault(field.place(), "'layers' is missing; a block cannot do without it");
    }
    List<Item> items = reader.list("layers", layers.value());
    if (items.isEmpty()) {
      throw new Fault(layers.value().place(), "a block must have layers, but this has none");
    }
    ItemReader.nameAll(items);
    return new Block(name, field.place(), declared, items);
  }

  private static void requireArgument(Field argument) {
    Variables.requireName("an argument", argument);
    if (ItemReader.COMMON.contains(argument.key())) {
      throw new Fault(
          argument.place(),
          "an argument cannot be called '%s', for every layer has a field of that name"
              .formatted(argument.key()));
    }
    if (!(argument.value() instanceof Scalar scalar) || scalar.isNothing()) {
      throw new Fault(
          argument.value().place(),
          "an argument must be a type (bool, int, float, word) or a default, but '%s' is %s"
              .formatted(argument.key(), argument.value().describe()));
    }
  }
}
