package org.lamina.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.source.Folders.Part;
import org.lamina.data.source.Tar.Archive;
import org.lamina.data.source.Tar.Item;

/**
 * Finds the samples in tar files. A sample's files have the same path up to the first dot of the
 * file's name; of them the picture counts, and the label in {@code .cls}. Where no picture has one,
 * the folder that a picture is in is its class. A folder above it, or else the name of the tar
 * file, may say to which part it belongs.
 */
final class TarSamples {

  private static final String LABEL = "cls";

  /** A picture and what its path says. */
  private record Candidate(Item item, String key, Part part, Optional<String> folder) {}

  private final Path place;
  private final List<Archive> archives;
  private final List<Candidate> pictures = new ArrayList<>();
  private final Map<String, Item> labels = new HashMap<>();

  TarSamples(Path place, List<Archive> archives) throws IOException {
    this.place = place;
    this.archives = archives;
    for (Archive archive : archives) {
      TarHeaders headers = new TarHeaders(archive.file(), archive.channel());
      Optional<TarHeaders.Entry> entry = headers.next();
      while (entry.isPresent()) {
        take(new Item(archive, entry.get()));
        entry = headers.next();
      }
    }
  }

  private void take(Item item) {
    List<String> path =
        Arrays.stream(item.entry().name().split("/"))
            .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."))
            .toList();
    if (path.isEmpty() || path.get(path.size() - 1).startsWith(".")) {
      return;
    }
    String file = path.get(path.size() - 1);
    List<String> folders = path.subList(0, path.size() - 1);
    int dot = file.indexOf('.');
    String stem = dot < 0 ? file : file.substring(0, dot);
    String key = item.archive().file() + "\0" + String.join("/", folders) + "\0" + stem;
    if (file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT).equals(LABEL)) {
      labels.put(key, item);
    } else if (Encoded.isPicture(file)) {
      Optional<Part> named = folders.stream().flatMap(f -> Part.of(f).stream()).findFirst();
      Part part = named.or(() -> ofArchive(item.archive())).orElse(Part.TRAIN);
      Optional<String> folder =
          folders.isEmpty() || Part.of(folders.get(folders.size() - 1)).isPresent()
              ? Optional.empty()
              : Optional.of(Encoded.printable(folders.get(folders.size() - 1)));
      pictures.add(new Candidate(item, key, part, folder));
    }
  }

  /** A single tar file is what it is asked to be, whatever it is called. */
  private Optional<Part> ofArchive(Archive archive) {
    return archives.size() > 1 ? Part.ofFile(Folders.name(archive.file())) : Optional.empty();
  }

  /** Makes the splits; none if there are no pictures. */
  Optional<Splits> splits() {
    if (pictures.stream().anyMatch(picture -> labels.containsKey(picture.key()))) {
      return numbered();
    }
    Found<Item> found = new Found<>(place);
    for (Candidate picture : pictures) {
      String folder =
          picture
              .folder()
              .orElseThrow(
                  () ->
                      new DataException(
                          picture.item().name()
                              + ": has no label: there is no .cls file beside it, nor is it in a"
                              + " folder of a class"));
      found.add(picture.part(), folder, picture.item());
    }
    return found.splits(
        "tar files",
        (name, classes, items, numbers) -> new Tar(name, classes, items, numbers, archives));
  }

  /** Labels are numbers; they stand for the lines of {@code classes.txt}, if that is there. */
  private Optional<Splits> numbered() {
    Map<Part, List<Item>> items = new HashMap<>();
    Map<Part, List<Integer>> numbers = new HashMap<>();
    int most = 0;
    for (Candidate picture : pictures) {
      int label = label(picture);
      most = Math.max(most, label);
      items.computeIfAbsent(picture.part(), part -> new ArrayList<>()).add(picture.item());
      numbers.computeIfAbsent(picture.part(), part -> new ArrayList<>()).add(label);
    }
    Path folder = archives.get(0).file().toAbsolutePath().getParent();
    List<String> classes =
        ClassNames.complete(
            place, ClassNames.beside(folder, "classes.txt", "labels.txt"), most + 1);
    Map<Part, Dataset> parts = new HashMap<>();
    items.forEach(
        (part, list) ->
            parts.put(
                part,
                new Tar(
                    place
                        + (items.size() > 1
                            ? " (" + part.name().toLowerCase(Locale.ROOT) + ")"
                            : ""),
                    classes,
                    list,
                    numbers.get(part).stream().mapToInt(i -> i).toArray(),
                    archives)));
    return Parts.of("tar files (WebDataset)", place, parts);
  }

  private int label(Candidate picture) {
    Item item =
        Optional.ofNullable(labels.get(picture.key()))
            .orElseThrow(
                () ->
                    new DataException(
                        picture.item().name() + ": has no .cls file beside it, but others have"));
    String text = Tar.text(item);
    if (!text.matches("[0-9]{1,6}")) {
      throw new DataException(
          "%s: the label must be a number from 0 to 999999, but is '%s'"
              .formatted(item.name(), Encoded.printable(text)));
    }
    return Integer.parseInt(text);
  }
}
