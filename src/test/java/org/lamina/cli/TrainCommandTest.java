package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina train} and {@code lamina evaluate}, from pictures to a report. */
final class TrainCommandTest {

  private static final String DATA = "shapes:size=8,train=64,test=20,seed=3";

  @TempDir private Path folder;
  private Path network;

  @BeforeEach
  void write() throws IOException {
    network = folder.resolve("n.yaml");
    Files.writeString(
        network,
        """
        network: n
        let: {classes: 7}
        input: {shape: [3, 8, 8]}
        preprocess: [{resize: 8}, {mean: 128}, {std: 64}]
        layers: [conv: {name: c, filters: 8, kernel: 3}, relu: , fc: {name: head, units: =classes}, softmax: ]
        training: {batch: 8, epochs: 2, learning_rate: 0.05, augment: [mirror]}
        """);
  }

  @Test
  void picturesBecomeWeightsAndAReport() throws IOException {
    Path run = folder.resolve("run");
    Outcome trained = Outcome.of("train", network, "--data", DATA, "-o", run).succeeded();
    assertTrue(trained.out().contains("done after 16 steps"), trained.out());
    assertTrue(trained.err().contains("validation: loss"), trained.err());
    for (String file :
        new String[] {
          "report.html", "loss.svg", "accuracy.svg", "filters.png", "inputs.png", "confusion.png"
        }) {
      assertTrue(Files.size(run.resolve(file)) > 100, file);
    }
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("Worst mistakes") && page.endsWith("</html>\n"), "the page is whole");
    assertFalse(
        page.contains("src=\"http") || page.contains("href=\"http"), "needs nothing beside it");

    Outcome measured =
        Outcome.of(
                "evaluate",
                run.resolve("network.yaml"),
                "--weights",
                run.resolve("best.safetensors"),
                "--data",
                DATA)
            .succeeded();
    assertTrue(measured.out().contains("20 pictures"), measured.out());
    assertTrue(measured.out().contains("is \\ taken for"), measured.out());
    Outcome crops =
        Outcome.of(
                "evaluate",
                run.resolve("network.yaml"),
                "-w",
                run.resolve("last.safetensors"),
                "--data",
                DATA,
                "--part",
                "train",
                "--json")
            .succeeded();
    assertTrue(crops.out().contains("\"samples\": 64"), crops.out());

    Outcome.of("train", network, "--data", DATA, "-o", run).failed(ExitCode.DATA, "--resume");
    Outcome again = Outcome.of("train", "--resume", run).succeeded();
    assertTrue(again.err().contains("goes on after step 16 of 16"), again.err());

    Path other = folder.resolve("other");
    Outcome tuned =
        Outcome.of(
                "train",
                network,
                "--data",
                DATA,
                "--finetune",
                run.resolve("best.safetensors"),
                "--freeze",
                "c",
                "--steps",
                "3",
                "--seed",
                "9",
                "-o",
                other)
            .succeeded();
    assertTrue(tuned.err().contains("4 tensors taken, none begins anew"), tuned.err());
  }

  @Test
  void aDryRunWritesNothing() {
    Outcome dry =
        Outcome.of("train", network, "--data", DATA, "--dry-run", "-o", folder.resolve("x"))
            .succeeded();
    assertTrue(dry.out().contains("nothing was written"), dry.out());
    assertTrue(dry.out().contains("device memory"), dry.out());
    assertFalse(Files.exists(folder.resolve("x")));
  }

  @Test
  void mistakesAreToldApart() throws IOException {
    Outcome.of("train").failed(ExitCode.USAGE, "which network?");
    Outcome.of("train", network).failed(ExitCode.USAGE, "which pictures?");
    Outcome.of("train", network, "--data", folder.resolve("none"))
        .failed(ExitCode.DATA, "there is no such file");
    Outcome.of("train", "--resume", folder).failed(ExitCode.DATA, "holds no run");
    Outcome.of("train", network, "--data", DATA, "--batch", "x")
        .failed(ExitCode.USAGE, "must be a number or auto");
    Outcome.of("train", network, "--data", DATA, "--let", "classes=3")
        .failed(ExitCode.USAGE, "3 classes", "has 10");
    Files.writeString(network, Files.readString(network).replace("batch", "bach"));
    Outcome.of("train", network, "--data", DATA)
        .failed(ExitCode.USAGE, "n.yaml:6:", "did you mean 'batch'?");
    assertEquals(1, folder.toFile().list().length);
  }
}
