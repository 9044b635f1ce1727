package org.lamina.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places blocks of memory with known lifetimes in as little memory as it finds: largest first, each
 * at the lowest place where it overlaps no block that lives at the same time.
 *
 * <p>Greedy by size is the strategy that Pisarchyk and Lee (2020, "Efficient memory management for
 * deep neural net inference", section 5.2) found within a few percent of the lower bound on
 * convnets.
 */
final class Placement {

  /** Places are multiples of this many floats: 128 bytes, a cache line pair and a GPU segment. */
  static final long ALIGNMENT = 32;

  /**
   * A block to be placed.
   *
   * @param owner whose memory it is
   * @param floats its size
   * @param first the first operation that touches it
   * @param last the last operation that touches it
   */
  record Block(Object owner, long floats, int first, int last) {
    private boolean meets(Block other) {
      return first <= other.last && other.first <= last;
    }
  }

  /**
   * Where a block lies.
   *
   * @param arena which arena
   * @param offset floats from its start
   */
  record Place(int arena, long offset) {}

  private final long largestArena;
  private final Map<Object, Place> places = new IdentityHashMap<>();
  private final List<List<Block>> arenas = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private final int reused;

  /**
   * Places the blocks.
   *
   * @param largestArena floats that may be allocated at once; a block that is larger still gets an
   *     arena of its own, which the device will refuse
   */
  Placement(List<Block> blocks, long largestArena) {
    this(blocks, List.of(), largestArena);
  }

  /**
   * Places the blocks, and others whose memory nobody else ever gets.
   *
   * @param lasting those others; together less than {@code largestArena}
   * @param largestArena floats that may be allocated at once
   */
  Placement(List<Block> blocks, List<Block> lasting, long largestArena) {
    this.largestArena = largestArena;
    blocks.stream()
        .sorted(Comparator.comparingLong(Block::floats).reversed().thenComparing(Block::first))
        .forEach(this::place);
    reused = sizes.size();
    long offset = 0;
    for (Block block : lasting) {
      places.put(block.owner(), new Place(reused, offset));
      offset += aligned(block.floats());
    }
    if (offset > 0) {
      sizes.add(offset);
    }
  }

  /** Returns how many of the first arenas hold blocks that take turns. */
  int reused() {
    return reused;
  }

  /** Returns whether nobody else ever gets a block's memory. */
  boolean lasts(Object owner) {
    return of(owner).arena() >= reused;
  }

  /** Returns where a block lies. */
  Place of(Object owner) {
    return places.get(owner);
  }

  /** Returns the sizes of the arenas in floats. */
  List<Long> arenas() {
    return List.copyOf(sizes);
  }

  private void place(Block block) {
    for (int arena = 0; ; arena++) {
      if (arena == arenas.size()) {
        arenas.add(new ArrayList<>());
        sizes.add(0L);
      }
      long offset = lowest(arenas.get(arena), block);
      if (offset == 0 || offset + block.floats() <= largestArena) {
        arenas.get(arena).add(block);
        sizes.set(arena, Math.max(sizes.get(arena), offset + aligned(block.floats())));
        places.put(block.owner(), new Place(arena, offset));
        return;
      }
    }
  }

  private long lowest(List<Block> placed, Block block) {
    List<Block> neighbours =
        placed.stream()
            .filter(block::meets)
            .sorted(Comparator.comparingLong(other -> of(other.owner()).offset()))
            .toList();
    long offset = 0;
    for (Block other : neighbours) {
      long start = of(other.owner()).offset();
      if (offset + block.floats() <= start) {
        break;
      }
      offset = Math.max(offset, start + aligned(other.floats()));
    }
    return offset;
  }

  private static long aligned(long floats) {
    return (floats + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
