package org.lamina.formats.caffe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.caffe.WireReader.Wire;
import org.lamina.weights.InputFile;
import org.lamina.weights.WeightsException;

/**
 * A .solverstate: how far a training had come, and what its optimiser remembers of each parameter:
 * for SGD the last step, in the order of the layers and of their tensors.
 *
 * @param file the open file
 * @param iteration steps done
 * @param history what is remembered
 */
record SolverState(InputFile file, long iteration, List<Blob> history) {

  private static final int ITERATION = 1;
  private static final int HISTORY = 3;
  private static final int MOST = 100_000;

  /**
   * Opens a file.
   *
   * @throws WeightsException if it is missing, unreadable or no .solverstate
   */
  static SolverState open(Path path) {
    InputFile file = InputFile.open(path);
    try {
      long iteration = 0;
      List<Blob> history = new ArrayList<>();
      for (WireReader state = WireReader.of(file); state.next(); ) {
        if (state.field() == ITERATION && state.wire() == Wire.VARINT) {
          iteration = state.number();
        } else if (state.field() == HISTORY) {
          history.add(Blob.scan(state));
        }
        if (history.size() > MOST) {
          throw state.fault(state.begin(), "a solver remembers more than %,d tensors", MOST);
        }
      }
      if (history.isEmpty()) {
        throw new WeightsException(path + ": holds nothing that a solver of Caffe remembers");
      }
      return new SolverState(file, iteration, history);
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }
}
