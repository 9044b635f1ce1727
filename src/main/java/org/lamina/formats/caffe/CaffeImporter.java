package org.lamina.formats.caffe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.formats.Importer;
import org.lamina.formats.caffe.schema.SolverParameter;
import org.lamina.weights.Printable;

/**
 * Reads networks of Caffe: a .prototxt of any age, with weights, a mean, a solver beside it, each
 * in a file of its own. A .caffemodel alone will do as well: it describes its network.
 *
 * <p>The network is that of the TEST phase. Data layers become inputs and preprocessing, losses
 * become {@code loss}, a solver becomes {@code training}.
 */
public final class CaffeImporter implements Importer {

  private static final Pattern SOLVER =
      Pattern.compile("(?m)^\\s*(base_lr|lr_policy|max_iter|solver_mode|net|train_net)\\s*:");
  private static final Pattern NET = Pattern.compile("(?m)^\\s*layers?\\s*:?\\s*[{<]");

  /** Makes a reader; it remembers nothing. */
  public CaffeImporter() {}

  @Override
  public String format() {
    return "Caffe";
  }

  @Override
  public String files() {
    return "NET.prototxt [WEIGHTS.caffemodel] [SOLVER.prototxt] [MEAN.binaryproto]";
  }

  @Override
  public boolean accepts(List<Path> files) {
    return files.stream().allMatch(file -> is(file, "prototxt", "caffemodel", "binaryproto"))
        && files.stream().anyMatch(file -> is(file, "prototxt", "caffemodel"));
  }

  private static boolean is(Path file, String... endings) {
    for (String ending : endings) {
      if (Formats.endsWith(file, "." + ending)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Imported read(List<Path> files, ImportOptions options) {
    List<Path> nets = new ArrayList<>();
    List<Path> solvers = new ArrayList<>();
    for (Path file : files) {
      if (is(file, "prototxt")) {
        (isSolver(file) ? solvers : nets).add(file);
      }
    }
    Path first = files.get(0);
    only(first, solvers, "solvers");
    Optional<SolverParameter> solver =
        solvers.stream()
            .findFirst()
            .map(file -> Prototxt.read(file, SolverParameter.newBuilder()).message().build());
    if (nets.isEmpty() && solver.isPresent() && with(files, "caffemodel").isEmpty()) {
      nets.add(netOf(solvers.get(0), solver.get()));
    }
    Optional<MeanImage> mean =
        only(first, with(files, "binaryproto"), "means").map(MeanImage::read);
    Optional<Path> model = only(first, with(files, "caffemodel"), "files of weights");
    return new CaffeNetwork(nets, model, solver, mean, options).read();
  }

  private static List<Path> with(List<Path> files, String ending) {
    return files.stream().filter(file -> is(file, ending)).toList();
  }

  private static Optional<Path> only(Path first, List<Path> files, String what) {
    if (files.size() > 1) {
      throw new FormatException(
          "%s: there are %d %s; name one of them".formatted(first, files.size(), what));
    }
    return files.stream().findFirst();
  }

  private static boolean isSolver(Path file) {
    String text = Prototxt.text(file);
    return SOLVER.matcher(text).find() && !NET.matcher(text).find();
  }

  /** A solver names its network by a path; only the folder it lies in itself is looked at. */
  private static Path netOf(Path solver, SolverParameter parameter) {
    String named = parameter.hasNet() ? parameter.getNet() : parameter.getTrainNet();
    String name = named.substring(named.lastIndexOf('/') + 1);
    if (name.matches("[A-Za-z0-9_.+-]+\\.prototxt")) {
      Path beside = solver.resolveSibling(name);
      if (Files.isRegularFile(beside) && !isSolver(beside)) {
        return beside;
      }
    }
    throw new FormatException(
        "%s: is a solver, and its network '%s' is not beside it; name the network's file too"
            .formatted(solver, Printable.text(named)));
  }
}
