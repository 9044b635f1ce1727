package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.formats.onnx.Operand.Constant;

/**
 * Products of matrices, one of which is known beforehand.
 *
 * <p>A row of values times a matrix is a fully connected layer. Several rows are pixels: the matrix
 * is a convolution by 1×1 windows whose channels are the columns. Several matrices are groups.
 */
final class MatrixRules {

  private MatrixRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    rules.put("MatMul", (Operators.One) MatrixRules::matMul);
    rules.put("Gemm", (Operators.One) MatrixRules::gemm);
  }

  private static Activation matMul(Call call) {
    if (call.input(0) instanceof Constant && !(call.input(1) instanceof Constant)) {
      return fromLeft(call, call.constant(0), call.activation(1));
    }
    return fromRight(call, call.activation(0), call.constant(1));
  }

  private static Activation gemm(Call call) {
    boolean transA = call.integer("transA", 0) != 0;
    boolean transB = call.integer("transB", 0) != 0;
    if (call.input(0).dims().size() != 2 || call.input(1).dims().size() != 2) {
      throw Unfit.because("its matrices are not matrices");
    }
    float alpha = call.number("alpha", 1);
    float beta = call.number("beta", 1);
    Activation product;
    if (call.input(0) instanceof Constant && !(call.input(1) instanceof Constant)) {
      Values a = scaled(transposed(call.constant(0), transA), alpha);
      product = fromLeft(call, a, transposed(call, call.activation(1), transB));
    } else {
      Values b = scaled(transposed(call.constant(1), transB), alpha);
      product = fromRight(call, transposed(call, call.activation(0), transA), b);
    }
    return beta == 0 || !call.has(2) ? product : plus(call, product, beta);
  }

  private static Activation plus(Call call, Activation product, float beta) {
    if (call.net().batched()
        && !(call.input(2) instanceof Constant)
        && !call.input(2).dims().equals(product.dims())) {
      call.constant(2);
    }
    if (call.input(2) instanceof Constant constant) {
      return ArithmeticRules.plus(call, product, scaled(constant.values(), beta), true);
    }
    Activation c = call.activation(2);
    Activation scaled =
        beta == 1
            ? c
            : FunctionRules.apply(call, "power", Map.of("scale", FunctionRules.decimal(beta)), c);
    return Joins.join(call, "add", List.of(product, scaled));
  }

  private static Values scaled(Values values, float factor) {
    return factor == 1 ? values : Folding.unary(values, value -> value * factor);
  }

  private static Values transposed(Values matrix, boolean wanted) {
    return wanted ? Folding.transposed(matrix, new int[] {1, 0}) : matrix;
  }

  private static Activation transposed(Call call, Activation matrix, boolean wanted) {
    return wanted ? Permutations.transpose(call, matrix, new int[] {1, 0}) : matrix;
  }

  /** Adds x·b: x is [..., M, K] or [K], b is [K, J], [K] or [..., K, J]. */
  private static Activation fromRight(Call call, Activation x, Values b) {
    Assembly net = call.net();
    List<Integer> dims = new ArrayList<>(x.dims());
    int k = dims.get(dims.size() - 1);
    Values matrix = b.dims().size() == 1 ? b.withDims(List.of(b.count(), 1)) : b;
    int rank = matrix.dims().size();
    int j = matrix.dims().get(rank - 1);
    if (matrix.dims().get(rank - 2) != k) {
      throw Unfit.because("%s and %s do not go together", Dims.text(x.dims()), Dims.text(b.dims()));
    }
    if (net.batched() && dims.size() == 1) {
      throw Unfit.mixesBatch("a product with a row");
    }
    dims.remove(dims.size() - 1);
    List<Integer> made = new ArrayList<>(dims);
    if (b.dims().size() > 1) {
      made.add(j);
    }
    if (Dims.count(matrix.dims(), 0, rank - 2) > 1) {
      return grouped(call, x, matrix);
    }
    Values flat = Folding.transposed(matrix.withDims(List.of(k, j)), new int[] {1, 0});
    int rows = Dims.count(net.item(x.dims())) / k;
    if (rows == 1) {
      Activation y = net.add(call.hint(b), "fc", Map.of("units", j, "bias", false), List.of(j), x);
      net.weight(y, "weight", flat);
      return y.withDims(made);
    }
    Activation columns = net.permuted(net.as(x, rows, 1, k), call.hint() + "_in", List.of(2, 1, 0));
    Activation y =
        net.add(
            call.hint(b),
            "conv",
            Call.fields("filters", j, "kernel", 1, "bias", false),
            List.of(j, rows),
            columns);
    net.weight(y, "weight", flat);
    Activation back = net.permuted(y, call.hint() + "_out", List.of(2, 1, 0));
    return back.withDims(made);
  }

  /** Adds a·x: a is [M, K] or [..., M, K], x is [..., K, J] or [K]. */
  private static Activation fromLeft(Call call, Values a, Activation x) {
    Assembly net = call.net();
    if (net.batched()) {
      throw Unfit.mixesBatch("a product with a matrix from the left");
    }
    Values matrix = a.dims().size() == 1 ? a.withDims(List.of(1, a.count())) : a;
    List<Integer> right = x.dims().size() == 1 ? List.of(x.dims().get(0), 1) : x.dims();
    int rank = right.size();
    int k = right.get(rank - 2);
    int j = right.get(rank - 1);
    int m = matrix.dims().get(matrix.dims().size() - 2);
    if (matrix.dims().get(matrix.dims().size() - 1) != k) {
      throw Unfit.because("%s and %s do not go together", Dims.text(a.dims()), Dims.text(x.dims()));
    }
    List<Integer> outer = right.subList(0, rank - 2);
    List<Integer> others = matrix.dims().subList(0, matrix.dims().size() - 2);
    if (!Dims.broadcast(outer, others).equals(outer)) {
      throw Unfit.because("there are more matrices on the left than on the right");
    }
    int groups = Dims.count(outer);
    Values weights = repeated(matrix, outer, m, k);
    Activation y =
        net.add(
            call.hint(a),
            "conv",
            Call.fields("filters", groups * m, "kernel", 1, "groups", groups, "bias", false),
            List.of(groups, m, j),
            net.as(x, groups * k, 1, j));
    net.weight(y, "weight", weights);
    List<Integer> made = new ArrayList<>(outer);
    if (a.dims().size() > 1) {
      made.add(m);
    }
    if (x.dims().size() > 1) {
      made.add(j);
    }
    return y.withDims(made);
  }

  private static Values repeated(Values matrix, List<Integer> outer, int rows, int columns) {
    List<Integer> all = new ArrayList<>(outer);
    all.addAll(List.of(rows, columns));
    return Folding.expanded(matrix.withDims(Dims.padded(matrix.dims(), all.size())), all);
  }

  /** Adds x·b for several matrices b: x is [..., M, K], b is [..., K, J]. */
  private static Activation grouped(Call call, Activation given, Values b) {
    Assembly net = call.net();
    int rank = Math.max(given.dims().size(), b.dims().size());
    List<Integer> left = Dims.padded(given.dims(), rank);
    if (net.batched() && given.dims().size() < rank) {
      throw Unfit.mixesBatch("a product with several matrices");
    }
    List<Integer> matrix = Dims.padded(b.dims(), rank);
    if (net.batched() && matrix.get(0) != 1) {
      throw Unfit.mixesBatch("a product with several matrices");
    }
    int k = left.get(rank - 1);
    int m = left.get(rank - 2);
    int j = matrix.get(rank - 1);
    List<Integer> outer = Dims.broadcast(left.subList(0, rank - 2), matrix.subList(0, rank - 2));
    List<Integer> full = new ArrayList<>(outer);
    full.addAll(List.of(m, k));
    Activation x = Joins.stretched(call, given.withDims(left), full);
    List<Integer> item = net.item(outer);
    int groups = Dims.count(item);
    Values flat = b.withDims(matrix.subList(rank - net.item(matrix).size(), rank));
    Values weights = weights(flat, item, k, j);
    Activation columns =
        net.permuted(net.as(x, groups, m, k), call.hint() + "_in", List.of(0, 2, 1));
    Activation y =
        net.add(
            call.hint(b),
            "conv",
            Call.fields("filters", groups * j, "kernel", 1, "groups", groups, "bias", false),
            List.of(groups * j, m),
            net.as(columns, groups * k, 1, m));
    net.weight(y, "weight", weights);
    Activation back = net.permuted(net.as(y, groups, j, m), call.hint() + "_out", List.of(0, 2, 1));
    List<Integer> made = new ArrayList<>(outer);
    if (given.dims().size() > 1) {
      made.add(m);
    }
    made.add(j);
    return back.withDims(made);
  }

  /** Returns the matrices as the weights of groups: [groups*J, K]. */
  private static Values weights(Values b, List<Integer> outer, int k, int j) {
    Values all = repeated(b, outer, k, j);
    int[] order = new int[all.dims().size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    order[order.length - 1] = order.length - 2;
    order[order.length - 2] = order.length - 1;
    return Folding.transposed(all, order);
  }
}
