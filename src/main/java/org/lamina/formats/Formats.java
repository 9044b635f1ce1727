package org.lamina.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lamina.formats.caffe.CaffeExporter;
import org.lamina.formats.caffe.CaffeImporter;
import org.lamina.formats.cfg.ConvnetImporter;
import org.lamina.formats.cfg.DarknetImporter;
import org.lamina.formats.onnx.OnnxExporter;
import org.lamina.formats.onnx.OnnxImporter;
import org.lamina.formats.states.StateDictImporter;

/** The foreign formats that are known. */
public final class Formats {

  /** In the order in which files are offered to them. */
  private static final List<Importer> IMPORTERS =
      List.of(
          new CaffeImporter(),
          new ConvnetImporter(),
          new DarknetImporter(),
          new OnnxImporter(),
          new StateDictImporter());

  private static final List<Exporter> EXPORTERS = List.of(new OnnxExporter(), new CaffeExporter());

  private Formats() {}

  /** Returns what reads networks. */
  public static List<Importer> importers() {
    return IMPORTERS;
  }

  /** Returns what writes networks. */
  public static List<Exporter> exporters() {
    return EXPORTERS;
  }

  /**
   * Returns what reads these files.
   *
   * @param files at least one
   * @throws FormatException if they are, together, of no known format; lists those that are
   */
  public static Importer importer(List<Path> files) {
    return IMPORTERS.stream()
        .filter(importer -> importer.accepts(files))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    "%s: together of no known format; there are%n  %s"
                        .formatted(
                            files.stream().map(Path::toString).collect(Collectors.joining(", ")),
                            IMPORTERS.stream()
                                .map(i -> i.format() + ": " + i.files())
                                .collect(Collectors.joining("%n  ".formatted())))));
  }

  /** Returns whether a file's name has an ending, whatever its case. */
  public static boolean endsWith(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
