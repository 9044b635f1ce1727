package org.lamina.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;

/**
 * Puts the layers of blocks where blocks are used, and keeps them in step with edits of the use.
 */
final class Blocks {

  /** How deep blocks may use blocks. */
  private static final int MAX_DEPTH = 16;

  private final Map<String, Block> blocks;
  private final Scope variables;
  private final Problems problems;
  private int made;

  Blocks(Map<String, Block> blocks, Scope variables, Problems problems) {
    this.blocks = blocks;
    this.variables = variables;
    this.problems = problems;
  }

  /** Returns all definitions. */
  Collection<Block> all() {
    return blocks.values();
  }

  /** Expands every use in a list of layers and inside them; mistakes are added to the problems. */
  void expand(List<Item> items) {
    for (Item item : items) {
      if (isUse(item)) {
        if (problems.in(item.where()).attempt(() -> update(item)).isEmpty()) {
          item.flaw();
          item.branches().clear();
        }
      } else {
        item.branches().forEach(branch -> expand(branch.layers()));
      }
    }
  }

  /** Returns whether a layer stands for layers of a block. */
  boolean isUse(Item item) {
    return item.isRepeat() || blocks.containsKey(item.type());
  }

  /**
   * Makes a use consist of what its fields now say. Uses of the same block that are there already
   * keep their layers, with what edits did to them.
   *
   * @throws Fault if it names no block, the wrong arguments, or too many layers
   */
  Item update(Item use) {
    if (use.isFlawed()) {
      return use;
    }
    Block block = block(use);
    requireNoCircle(use, block);
    int times = times(use);
    checkArguments(use, block);
    List<Branch> branches = use.branches();
    if (branches.stream().anyMatch(branch -> !isOf(branch, block))) {
      branches.clear();
    }
    while (branches.size() > times) {
      branches.remove(branches.size() - 1);
    }
    while (branches.size() < times) {
      branches.add(instance(use, block, branches.size()));
    }
    for (Branch branch : branches) {
      Item.walk(branch.layers(), item -> item.scope().ifPresent(Arguments::forget));
      expand(branch.layers());
    }
    return use;
  }

  private static boolean isOf(Branch branch, Block block) {
    return branch.layers().stream()
        .flatMap(item -> item.scope().stream())
        .allMatch(scope -> scope.block() == block);
  }

  private Block block(Item use) {
    if (!use.isRepeat()) {
      return blocks.get(use.type());
    }
    Field field = use.fields().get("block");
    if (field == null) {
      throw new Fault(use.place(), "'block' is missing; repeat cannot do without it");
    }
    String name = ItemReader.name("block", field.value());
    Block block = blocks.get(name);
    if (block == null) {
      throw new Fault(
          field.value().place(),
          "there is no block '%s'%s"
              .formatted(
                  name,
                  blocks.isEmpty()
                      ? "; 'blocks' defines none"
                      : Values.suggest(name, blocks.keySet())));
    }
    return block;
  }

  private static void requireNoCircle(Item use, Block block) {
    List<String> open = new ArrayList<>(List.of(block.name()));
    Optional<Arguments> outer = use.scope();
    while (outer.isPresent()) {
      open.add(outer.get().block().name());
      if (outer.get().block().name().equals(block.name())) {
        Collections.reverse(open);
        throw new Fault(
            use.place(),
            "the block '%s' is used inside itself: %s"
                .formatted(block.name(), String.join(" → ", open)));
      }
      outer = outer.get().use().scope();
    }
    if (open.size() > MAX_DEPTH) {
      throw new Fault(use.place(), "more than %d blocks use each other".formatted(MAX_DEPTH));
    }
  }

  private int times(Item use) {
    Field field = use.fields().get("times");
    if (field == null) {
      return 1;
    }
    Scope scope = use.scope().<Scope>map(outer -> outer).orElse(variables);
    int times = new Values(scope).integer("times", field.value());
    if (times < 1 || times > ItemReader.MAX_LAYERS) {
      throw new Fault(
          field.value().place(),
          "times must be 1 to %d, but is %d".formatted(ItemReader.MAX_LAYERS, times));
    }
    return times;
  }

  private static void checkArguments(Item use, Block block) {
    for (String key : List.of("with", "first", "last")) {
      Field field = use.isRepeat() ? use.fields().get(key) : null;
      if (field != null && !(field.value() instanceof Mapping)) {
        throw new Fault(
            field.value().place(),
            "%s must be a mapping of arguments, but is %s"
                .formatted(key, field.value().describe()));
      }
      if (field != null) {
        for (Field argument : ((Mapping) field.value()).fields().values()) {
          requireArgument(block, argument);
        }
      }
    }
  }

  private static void requireArgument(Block block, Field argument) {
    if (!block.arguments().containsKey(argument.key())) {
      throw new Fault(
          argument.place(),
          "the block %s has no argument '%s'%s"
              .formatted(
                  block.name(),
                  argument.key(),
                  block.arguments().isEmpty()
                      ? "; it has none"
                      : Values.suggest(argument.key(), block.arguments().keySet())));
    }
  }

  private Branch instance(Item use, Block block, int index) {
    String name = use.name().orElseThrow();
    String prefix = use.isRepeat() ? Block.prefix(name, index + 1) : Block.prefix(name);
    Arguments arguments = new Arguments(use, index, block, variables);
    Item.walk(block.layers(), item -> made++);
    if (made > ItemReader.MAX_LAYERS) {
      throw new Fault(
          use.place(), "there are more than %d layers".formatted(ItemReader.MAX_LAYERS));
    }
    return Branch.of(block.instantiate(prefix, arguments));
  }
}
