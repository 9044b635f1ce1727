package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * The way back through convolutions that are large enough for every algorithm to be chosen
 * somewhere, against the plain kernels: dx, dw and dbias on both families and, in turn, on all
 * widths, with weights packed on the device.
 */
final class ConvolutionGradientsTest {

  // Shares of the largest value; Winograd's transforms lose digits.
  private static final double TOLERANCE = 1e-4;
  private static final int IMAGES = 3;
  private static final List<Family> WIDTHS = List.of(Family.cpu(8), Family.cpu(4), Family.cpu(16));

  private static final List<LayerCase> CASES =
      List.of(
          LayerCase.of(Convolution.of(48, 3).pad(1), new Chw(32, 13, 15)),
          LayerCase.of(Convolution.of(32, 3), new Chw(64, 12, 11)),
          LayerCase.of(Convolution.of(64, 3).pad(1).groups(2), new Chw(64, 9, 9)),
          LayerCase.of(Convolution.of(32, 5).pad(2).groups(2), new Chw(64, 11, 13)),
          LayerCase.of(Convolution.of(20, 3).pad(1), new Chw(50, 10, 7)),
          LayerCase.of(Convolution.of(40, 1), new Chw(24, 7, 9)),
          LayerCase.of(Convolution.of(24, 1).stride(2), new Chw(17, 8, 9)),
          LayerCase.of(Convolution.of(24, 3).pad(1).stride(2), new Chw(20, 15, 14)),
          LayerCase.of(Convolution.of(16, 11).stride(4), new Chw(3, 39, 43)),
          LayerCase.of(Convolution.of(6, 3).pad(1).groups(2), new Chw(10, 9, 8)));

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  @Test
  void everyAlgorithmAgreesWithThePlainOne() throws IOException {
    Set<String> ran = new TreeSet<>();
    for (LayerCase each : CASES) {
      GradientValues values = GradientValues.of(each, IMAGES);
      Convolution layer = (Convolution) each.layer();
      List<float[]> expected;
      try (GradientRun plain =
          new GradientRun(
              session,
              Family.cpu(4),
              values,
              IMAGES,
              false,
              site -> PlainConvolutionGradient.compile(layer, site))) {
        expected = results(plain);
      }
      Family turn = WIDTHS.get(CASES.indexOf(each) % WIDTHS.size());
      for (Family family : List.of(Family.GPU, turn)) {
        try (GradientRun run = new GradientRun(session, family, values, IMAGES + 1, false)) {
          List<float[]> found = results(run);
          run.assertRestUntouched();
          ran.addAll(run.kernels());
          for (int k = 0; k < found.size(); k++) {
            compare("%s of %s on %s".formatted(k, each, family), expected.get(k), found.get(k));
          }
        }
      }
    }
    Set<String> left = kernels();
    left.removeAll(ran);
    assertEquals(Set.of(), left, "no convolution here is large enough for these kernels");
  }

  private static List<float[]> results(GradientRun run) {
    run.run(false);
    return List.of(
        run.inputGradient(0),
        run.parameterGradient(0).orElseThrow(),
        run.parameterGradient(1).orElseThrow());
  }

  private static void compare(String what, float[] expected, float[] found) {
    assertEquals(expected.length, found.length, what);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double distance = Math.abs(expected[i] - found[i]);
      error = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.max(error, distance);
    }
    assertTrue(error <= TOLERANCE * largest, what + " differs by " + error / largest);
  }

  /** Returns all kernels of the ways back and of Winograd's, which GPUs only use for inference. */
  private static Set<String> kernels() throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern kernel = Pattern.compile("^kernel .*?void (\\w+)\\(", Pattern.MULTILINE);
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("opencl"))) {
      all.filter(
              path ->
                  path.getFileName()
                      .toString()
                      .matches("(convolution_(gradient|winograd(?!_gpu))|winograd_input).*\\.cl"))
          .forEach(files::add);
    }
    for (Path file : files) {
      Matcher matcher = kernel.matcher(Files.readString(file));
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    assertTrue(names.contains("winograd_products"), names::toString);
    return names;
  }
}
