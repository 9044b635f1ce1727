package org.lamina.formats.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.Operand.Activation;

/**
 * Axes in another order. A layer permutes three extents, so that axes are put together to three
 * where they stay neighbours; where that is not enough, several layers do it, as few as there can
 * be.
 */
final class Permutations {

  private static final int MOST_AXES = 6;
  private static final List<List<Integer>> ORDERS =
      List.of(
          List.of(1, 0, 2), List.of(0, 2, 1), List.of(2, 1, 0), List.of(1, 2, 0), List.of(2, 0, 1));

  private Permutations() {}

  /**
   * A step on the way: three runs of neighbouring axes in another order.
   *
   * @param before the axes before the step
   * @param first how many axes are in the first run
   * @param second how many are in the second
   * @param order the order of the runs
   */
  private record Move(List<Integer> before, int first, int second, List<Integer> order) {
    List<Integer> after() {
      List<List<Integer>> runs =
          List.of(
              before.subList(0, first),
              before.subList(first, first + second),
              before.subList(first + second, before.size()));
      List<Integer> after = new ArrayList<>();
      order.forEach(run -> after.addAll(runs.get(run)));
      return List.copyOf(after);
    }
  }

  /**
   * Adds what the operator Transpose does.
   *
   * @param order which axis of {@code x} every axis of the result is
   */
  static Activation transpose(Call call, Activation x, int[] order) {
    Assembly net = call.net();
    if (net.batched() && order[0] != 0) {
      throw Unfit.mixesBatch("a transposition");
    }
    List<Integer> dims = IntStream.of(order).mapToObj(x.dims()::get).toList();
    int skip = net.batched() ? 1 : 0;
    List<Integer> item = net.item(x.dims());
    List<Integer> itemOrder =
        IntStream.of(order).skip(skip).map(axis -> axis - skip).boxed().toList();
    List<List<Integer>> runs = runs(item, itemOrder);
    List<Integer> extents = new ArrayList<>();
    List<Integer> goal = new ArrayList<>();
    List<List<Integer>> inPlace = runs.stream().sorted((a, b) -> a.get(0) - b.get(0)).toList();
    for (List<Integer> run : inPlace) {
      extents.add(run.stream().map(item::get).reduce(1, Math::multiplyExact));
    }
    runs.forEach(run -> goal.add(inPlace.indexOf(run)));
    Activation y = x;
    for (Move move : moves(goal)) {
      y = apply(call, y, move, extents);
    }
    return y.withDims(dims);
  }

  /** Returns the axes that are more than 1 long, those that stay neighbours together. */
  private static List<List<Integer>> runs(List<Integer> item, List<Integer> order) {
    List<List<Integer>> runs = new ArrayList<>();
    List<Integer> long1 = order.stream().filter(axis -> item.get(axis) > 1).toList();
    List<Integer> sorted = long1.stream().sorted().toList();
    for (int axis : long1) {
      int place = sorted.indexOf(axis);
      List<Integer> last = runs.isEmpty() ? List.of() : runs.get(runs.size() - 1);
      if (!last.isEmpty() && sorted.indexOf(last.get(last.size() - 1)) == place - 1) {
        last.add(axis);
      } else {
        runs.add(new ArrayList<>(List.of(axis)));
      }
    }
    return runs;
  }

  private static Activation apply(Call call, Activation x, Move move, List<Integer> extents) {
    Assembly net = call.net();
    int[] sizes = {1, 1, 1};
    for (int i = 0; i < move.before().size(); i++) {
      int run = i < move.first() ? 0 : i < move.first() + move.second() ? 1 : 2;
      sizes[run] = Math.multiplyExact(sizes[run], extents.get(move.before().get(i)));
    }
    Activation seen = net.as(x, sizes[0], sizes[1], sizes[2]);
    return net.permuted(seen, call.hint(), move.order());
  }

  /** Returns the shortest way from the natural order to another one. */
  private static List<Move> moves(List<Integer> goal) {
    if (goal.size() > MOST_AXES) {
      throw Unfit.because("it orders %d axes anew; up to %d can be", goal.size(), MOST_AXES);
    }
    List<Integer> start = IntStream.range(0, goal.size()).boxed().toList();
    Map<List<Integer>, Move> cameBy = new HashMap<>();
    Queue<List<Integer>> open = new ArrayDeque<>(List.of(start));
    while (!start.equals(goal) && !cameBy.containsKey(goal)) {
      List<Integer> at = open.remove();
      for (Move move : from(at)) {
        List<Integer> after = move.after();
        if (!after.equals(start) && cameBy.putIfAbsent(after, move) == null) {
          open.add(after);
        }
      }
    }
    List<Move> moves = new ArrayList<>();
    for (List<Integer> at = goal; !at.equals(start); at = moves.get(0).before()) {
      moves.add(0, cameBy.get(at));
    }
    return moves;
  }

  private static List<Move> from(List<Integer> order) {
    List<Move> moves = new ArrayList<>();
    int n = order.size();
    for (int first = 1; first < n; first++) {
      for (int second = 1; first + second <= n; second++) {
        for (List<Integer> runs : ORDERS) {
          moves.add(new Move(order, first, second, runs));
        }
      }
    }
    return moves;
  }
}
