package org.lamina.formats.pytorch;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

/**
 * The tensors of a file that {@code torch.save} wrote: {@code .pt}, {@code .pth}, {@code .th},
 * {@code .bin}. Nothing in it is executed, see {@link Pickle}. Views, transposed tensors and
 * storages that several tensors share are read as PyTorch would.
 *
 * <p>Safe for several threads.
 */
public final class TorchFile implements TensorFile {

  /** Gathered elements are read in rows of at most so many. */
  private static final int MOST_AT_ONCE = 1 << 16;

  private final InputFile file;
  private final String format;
  private final ByteOrder order;
  private final Map<String, StridedTensor> tensors;
  private final Map<String, Long> begins;
  private final Consumer<String> verify;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, ElementType> types = new LinkedHashMap<>();

  /**
   * Makes an open file.
   *
   * @param tensors by name
   * @param begins where in the file each storage begins, by its key
   * @param verify checks a storage, by its key, before it is first read
   */
  TorchFile(
      InputFile file,
      String format,
      ByteOrder order,
      Map<String, StridedTensor> tensors,
      Map<String, Long> begins,
      Consumer<String> verify) {
    this.file = file;
    this.format = format;
    this.order = order;
    this.tensors = tensors;
    this.begins = begins;
    this.verify = verify;
    tensors.forEach(
        (name, tensor) -> {
          shapes.put(name, tensor.shape());
          types.put(name, tensor.type());
        });
    requireReasonable();
  }

  /** A few bytes could otherwise describe any number of large tensors: views that repeat them. */
  private void requireReasonable() {
    long most = 8 * file.size() + (1 << 24);
    long total = 0;
    for (Map.Entry<String, StridedTensor> tensor : tensors.entrySet()) {
      StridedTensor view = tensor.getValue();
      long own = view.type().bytes(view.shape().extents());
      long bytes = own < 0 ? own : Math.max(own, (view.reach() + 1) * view.type().bytes());
      total += Math.min(bytes, most + 1);
      if (bytes < 0 || total > most) {
        throw new WeightsException(
            where(tensor.getKey())
                + view.shape()
                + " repeats what is stored: the tensors together reach over more than eight times"
                + " the bytes of the file");
      }
    }
  }

  /** Returns the path of the file. */
  @Override
  public String origin() {
    return file.path().toString();
  }

  /** Returns {@code PyTorch (zip)} or {@code PyTorch (legacy)}. */
  @Override
  public String format() {
    return format;
  }

  @Override
  public Map<String, Shape> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, ElementType> types() {
    return Collections.unmodifiableMap(types);
  }

  @Override
  public Optional<Tensor> read(String name) {
    StridedTensor tensor = tensors.get(name);
    if (tensor == null) {
      return Optional.empty();
    }
    if (!tensor.type().readable()) {
      throw new WeightsException(
          where(name) + "holds " + tensor.type() + "; only F32, F16, BF16 and F64 can be read");
    }
    if (tensor.shape().volume() > Integer.MAX_VALUE - 8) {
      throw new WeightsException(where(name) + "has more elements than a Java array can hold");
    }
    float[] values = new float[(int) tensor.shape().volume()];
    int[] done = {0};
    stream(
        name,
        (piece, offset, count) -> {
          System.arraycopy(piece, offset, values, done[0], count);
          done[0] += count;
        });
    return Optional.of(new Tensor(tensor.shape(), values));
  }

  @Override
  public void stream(String name, Pieces to) {
    StridedTensor tensor = tensors.get(name);
    if (tensor == null) {
      return;
    }
    if (!tensor.type().real()) {
      throw new WeightsException(
          where(name) + "holds " + tensor.type() + ", which is not read as real numbers");
    }
    Storage storage = tensor.storage();
    verify.accept(storage.key());
    long begin =
        begins.get(storage.key())
            + storage.offset() * storage.type().bytes()
            + tensor.offset() * tensor.type().bytes();
    if (tensor.contiguous()) {
      file.stream(begin, tensor.shape().volume(), tensor.type(), order, to);
    } else {
      gather(tensor, begin, to);
    }
  }

  /** Reads the part of the storage that is used, then takes the elements out of it, in order. */
  private void gather(StridedTensor tensor, long begin, Pieces to) {
    if (tensor.shape().volume() == 0) {
      return;
    }
    float[] used = file.floats(begin, (int) requireArray(tensor), tensor.type(), order);
    int rank = tensor.shape().rank();
    int[] index = new int[rank];
    float[] piece = new float[(int) Math.min(MOST_AT_ONCE, tensor.shape().volume())];
    int filled = 0;
    long at = 0;
    for (long left = tensor.shape().volume(); left > 0; left--) {
      piece[filled++] = used[(int) at];
      if (filled == piece.length) {
        to.accept(piece, 0, filled);
        filled = 0;
      }
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += tensor.strides().get(axis);
        if (++index[axis] < tensor.shape().extent(axis)) {
          break;
        }
        at -= tensor.strides().get(axis) * index[axis];
        index[axis] = 0;
      }
    }
    to.accept(piece, 0, filled);
  }

  private long requireArray(StridedTensor tensor) {
    long count = tensor.reach() + 1;
    if (count > Integer.MAX_VALUE - 8) {
      throw new WeightsException(
          file.path() + ": a view reaches over more elements than a Java array can hold");
    }
    return count;
  }

  private String where(String name) {
    return file.path() + ": tensor '" + Printable.text(name) + "' ";
  }

  /** Closes the file; tensors that were read stay. */
  @Override
  public void close() {
    file.close();
  }
}
