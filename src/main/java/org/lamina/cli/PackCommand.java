package org.lamina.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lamina.data.source.Dataset;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.PackOptions;
import org.lamina.data.source.Packer;
import org.lamina.data.source.Splits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamina pack}: many small files become a few large ones. */
@Command(
    name = "pack",
    description = {
      "Pack a data set into shards: a few large files with check sums, which are read fast anywhere.",
      "Every kind of data set that training takes can be packed."
    })
final class PackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description = "A data set: a folder or file of any known kind, or 'shapes'.")
  private String data = "";

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FOLDER",
      description = "The folder that is made.")
  private Path output = Path.of("");

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Scale larger pictures down to this shorter side. Default: leave them.")
  private int size;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "keep",
      description = {
        "keep: the files as they are, JPEG where they are scaled; jpeg, png; raw: pixels, which",
        "need no decoding. Default: keep."
      })
  private String format = "";

  @Option(
      names = "--quality",
      paramLabel = "Q",
      defaultValue = "90",
      description = "The quality of JPEG, 1 to 100. Default: 90.")
  private int quality;

  @Option(
      names = "--shard",
      paramLabel = "MIB",
      defaultValue = "256",
      description = "About how large a shard is. Default: 256.")
  private long shard;

  @Option(
      names = "--strict",
      description = "End if a picture cannot be read. Default: leave it out.")
  private boolean strict;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() {
    PackOptions options = options();
    try (Splits splits = Datasets.open(data)) {
      int pictures =
          splits.train().size()
              + splits.validation().map(Dataset::size).orElse(0)
              + splits.test().map(Dataset::size).orElse(0);
      Packer.Summary summary;
      try (PhotoProgress progress = PhotoProgress.of(pictures, quiet)) {
        summary = Packer.pack(splits, output, options, progress::step);
      }
      return report(splits, summary);
    }
  }

  private PackOptions options() {
    try {
      PackOptions usual = PackOptions.defaults();
      if (shard < 1 || shard > 1 << 20) {
        throw new IllegalArgumentException("shard must be from 1 to 1048576, but is " + shard);
      }
      return new PackOptions(size, parsed(format), quality, shard << 20, usual.threads(), !strict);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private static PackOptions.Format parsed(String word) {
    for (PackOptions.Format format : PackOptions.Format.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
        return format;
      }
    }
    throw new IllegalArgumentException("format must be keep, jpeg, png or raw, but is " + word);
  }

  private int report(Splits splits, Packer.Summary summary) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(splits);
    out.printf(
        Locale.ROOT,
        "packed %,d pictures, %s, as %d shard%s in %s%n",
        summary.samples(),
        Units.bytes(summary.bytes()),
        summary.shards(),
        summary.shards() == 1 ? "" : "s",
        output);
    Optional<Integer> left = Optional.of(summary.unreadable().size()).filter(number -> number > 0);
    left.ifPresent(
        number -> {
          Failures.print(
              spec.commandLine(),
              "%d picture%s could not be read:".formatted(number, number == 1 ? "" : "s"));
          summary.unreadable().forEach(line -> spec.commandLine().getErr().println("  " + line));
        });
    return left.isPresent() ? ExitCode.DATA : ExitCode.OK;
  }
}
