package org.lamina.data.source;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamina.data.DataException;

/** Finds out what a place holds, by what is there, and opens it. */
public final class Datasets {

  /** A kind of place: what is looked for, and how it is opened. */
  private record Kind(String lookedFor, Opener opener) {}

  /** Opens a place, if it is of its kind. */
  @FunctionalInterface
  private interface Opener {
    Optional<Splits> open(Path place);
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Idx.LOOKED_FOR, Idx::open),
          new Kind(Cifar.LOOKED_FOR, Cifar::open),
          new Kind(Shards.LOOKED_FOR, Shards::open),
          new Kind(Tar.LOOKED_FOR, Tar::open),
          new Kind(ImageFolder.LOOKED_FOR, ImageFolder::open));

  private Datasets() {}

  /**
   * Opens a data set.
   *
   * @param place a file or folder; or {@code shapes}, with options {@code
   *     shapes:size=48,train=20000,test=2000,seed=7}
   * @throws DataException if there is nothing of a known kind, or it is damaged
   */
  public static Splits open(String place) {
    if (Shapes.isMeant(place)) {
      return Shapes.open(place);
    }
    Path path;
    try {
      path = Path.of(place);
    } catch (InvalidPathException e) {
      throw new DataException("'" + place + "' is no path: " + e.getReason(), e);
    }
    if (!Files.exists(path)) {
      throw new DataException(
          place + ": there is no such file or folder; 'shapes' needs none, its pictures are drawn");
    }
    for (Kind kind : KINDS) {
      Optional<Splits> splits = kind.opener().open(path);
      if (splits.isPresent()) {
        return splits.get();
      }
    }
    throw new DataException(
        place
            + ": no data set of a known kind is here; looked for:\n  "
            + KINDS.stream().map(Kind::lookedFor).collect(Collectors.joining("\n  ")));
  }
}
