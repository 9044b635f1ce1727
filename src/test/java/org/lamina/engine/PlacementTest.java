package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lamina.engine.Placement.Block;
import org.lamina.engine.Placement.Place;

class PlacementTest {

  @Test
  void blocksThatLiveAtTheSameTimeNeverOverlap() {
    for (int seed = 0; seed < 200; seed++) {
      List<Block> blocks = random(seed);
      Placement placement = new Placement(blocks, 5000);
      for (Block a : blocks) {
        Place pa = placement.of(a.owner());
        assertTrue(pa.offset() % Placement.ALIGNMENT == 0, "alignment");
        assertTrue(pa.offset() + a.floats() <= placement.arenas().get(pa.arena()), "inside");
        for (Block b : blocks) {
          Place pb = placement.of(b.owner());
          boolean together = a.first() <= b.last() && b.first() <= a.last();
          boolean overlap =
              pa.arena() == pb.arena()
                  && pa.offset() < pb.offset() + b.floats()
                  && pb.offset() < pa.offset() + a.floats();
          assertTrue(a == b || !together || !overlap, a + " and " + b + " overlap");
        }
      }
    }
  }

  @Test
  void memoryIsReusedWhenItsOwnerIsGone() {
    Placement placement =
        new Placement(
            List.of(
                new Block("a", 320, 0, 1), new Block("b", 320, 1, 2), new Block("c", 320, 2, 3)),
            Long.MAX_VALUE);
    assertEquals(List.of(640L), placement.arenas());
    assertEquals(placement.of("a"), placement.of("c"));
  }

  @Test
  void whatDoesNotFitOneAllocationGoesToAnotherArena() {
    Placement placement =
        new Placement(List.of(new Block("a", 320, 0, 1), new Block("b", 320, 0, 1)), 400);
    assertEquals(List.of(320L, 320L), placement.arenas());
  }

  private static List<Block> random(int seed) {
    Random random = new Random(seed);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int first = random.nextInt(20);
      blocks.add(new Block("b" + i, 1 + random.nextInt(1000), first, first + random.nextInt(6)));
    }
    return blocks;
  }

  @Test
  void whatLastsHasMemoryOfItsOwn() {
    List<Block> turns = List.of(new Block("a", 320, 0, 1), new Block("b", 320, 2, 3));
    List<Block> lasting = List.of(new Block("c", 33, 0, 0), new Block("d", 5, 2, 2));
    Placement placement = new Placement(turns, lasting, 1000);
    assertEquals(List.of(320L, 96L), placement.arenas());
    assertEquals(1, placement.reused());
    assertEquals(new Placement.Place(1, 0), placement.of("c"));
    assertEquals(new Placement.Place(1, 64), placement.of("d"));
    assertTrue(placement.lasts("c") && placement.lasts("d"));
    assertFalse(placement.lasts("a") || placement.lasts("b"));
  }
}
