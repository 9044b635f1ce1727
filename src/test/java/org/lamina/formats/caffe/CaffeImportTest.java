package org.lamina.formats.caffe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.TestData;
import org.lamina.formats.FormatException;
import org.lamina.formats.Formats;
import org.lamina.formats.ImportOptions;
import org.lamina.formats.Imported;
import org.lamina.network.Network;
import org.lamina.network.NetworkDiff;
import org.lamina.network.NetworkDiff.LayerChange;
import org.lamina.tensor.Chw;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** Networks that come in from Caffe. */
final class CaffeImportTest {

  private static Network read(List<Path> files, ImportOptions options) {
    try (Imported imported = Formats.importer(files).read(files, options)) {
      // Whatever comes in can be written, and is the same when it is read again.
      Network network = imported.network();
      String yaml = NetworkWriter.print(network);
      assertTrue(NetworkDiff.of(network, NetworkFile.parse("again.yaml", yaml)).isEmpty());
      return network;
    }
  }

  private static Network data(String... files) {
    List<Path> paths = new ArrayList<>();
    for (String file : files) {
      paths.add(TestData.file(file));
    }
    return read(paths, ImportOptions.DEFAULTS);
  }

  /** Returns the fields in which layers differ, and the layers that only one network has. */
  private static String differences(Network network, String shipped) {
    NetworkDiff diff = NetworkDiff.of(NetworkFile.find(shipped), network);
    TreeSet<String> fields = new TreeSet<>();
    for (LayerChange change : diff.layers()) {
      if (!change.kind().equals("changed")) {
        fields.add(change.kind() + " " + change.name());
      }
      change.fields().forEach(field -> fields.add(field.field()));
    }
    return String.join(", ", fields);
  }

  // What is left has its reason: our AlexNets keep the paper's rounding, which gives the same
  // number of windows; files for
  // inference have no fillers; a network for training calls the softmax of its loss as it can.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bvlc_reference_caffenet/train_val | alexnet-pool-first | round",
        "bvlc_reference_caffenet/deploy | alexnet-pool-first | bias_init, init, round",
        "SqueezeNet_v1.0/train_val | squeezenet-1.0 |",
        "SqueezeNet_v1.0/deploy | squeezenet-1.0 | init",
        "SqueezeNet_v1.1/train_val | squeezenet-1.1 |",
        "SqueezeNet_v1.1/deploy | squeezenet-1.1 | init",
      })
  void publishedNetworksAreTheShippedOnes(String file, String shipped, String differences) {
    Network network = data("meta/prototxt/" + file + ".prototxt");
    assertEquals(differences == null ? "" : differences, differences(network, shipped));
  }

  @Test
  void alexNetOfCaffeHasItsCounts() {
    Network network =
        data(
            "meta/prototxt/bvlc_alexnet/train_val.prototxt",
            "meta/prototxt/bvlc_alexnet/solver.prototxt");
    assertEquals(60_965_224, network.parameters());
    assertEquals(60_965_224, data("meta/prototxt/bvlc_alexnet/deploy.prototxt").parameters());
    // The paper's multiplies the sum by alpha itself and adds 2, pools with floor, starts biases at
    // 1.
    assertEquals("alpha, average, bias_init, init, k, round", withAlpha(network));
    assertEquals(
        """
        loss: softmax_cross_entropy
        training:
          batch: 256
          steps: 450000
          optimizer: {sgd: {momentum: 0.9, weight_decay: 5.0e-4}}
          learning_rate: {step: {start: 0.01, factor: 0.1, every: 100000}}
          augment: [{random_crop: 227}, {mirror: 0.5}]
          rates: {"*.bias": {learning_rate: 2, weight_decay: 0}}
        """,
        training(network));
  }

  private static String withAlpha(Network network) {
    String differences = differences(network, "alexnet");
    return differences.startsWith("alpha") ? differences : "alpha, " + differences;
  }

  private static String training(Network network) {
    String yaml = NetworkWriter.print(network);
    return yaml.substring(yaml.indexOf("loss:"));
  }

  @Test
  void googLeNetIsTheShippedOneButForItsLastPooling() {
    assertEquals(
        "count_padding, kernel, pad, round, stride, type",
        differences(data("meta/prototxt/bvlc_googlenet/deploy.prototxt"), "googlenet"));
    Network training =
        data(
            "meta/prototxt/bvlc_googlenet/train_val.prototxt",
            "meta/prototxt/bvlc_googlenet/quick_solver.prototxt");
    Network shipped = NetworkFile.find("googlenet-training");
    assertEquals(shipped.parameters(), training.parameters());
    assertEquals(shipped.macs(), training.macs());
    assertEquals(List.of("loss1/prob", "loss2/prob", "loss3/prob"), training.outputs());
    assertTrue(
        training(training).contains("losses: {loss1/prob: 0.3, loss2/prob: 0.3, loss3/prob: 1}"));
  }

  @Test
  void resNet50HasTheBlocksOfItsAuthors() {
    Network network = data("meta/prototxt/ResNet-50-deploy.prototxt");
    // Beside torchvision's 25,557,032: conv1 has a bias here.
    assertEquals(25_557_032 + 64, network.parameters());
    assertEquals(new Chw(1000, 1, 1), network.shape("prob"));
    String yaml = NetworkWriter.print(network);
    assertTrue(
        yaml.contains(
            """
              - add:
                  name: res2b
                  branches:
                    - []
                    - - conv:       {name: res2b_branch2a, filters: 64, kernel: 1, bias: false}
                      - batch_norm: {name: bn2b_branch2a, momentum: 0.001}
                      - relu:       {name: res2b_branch2a_relu}
            """),
        yaml);
  }

  @Test
  void cifarNetworkTakesItsMeanAndRecipe() {
    Network network =
        data(
            "models/cifar10_quick/cifar10_quick_train_test.prototxt",
            "models/cifar10_quick/cifar10_quick_solver.prototxt",
            "cifar10/mean.binaryproto");
    assertEquals("", differences(network, "cifar10-quick"));
    assertEquals(
        """
        preprocess:
          - resize: 32
          - mean: [125.3069, 122.9504, 113.8654]
        """,
        NetworkWriter.print(network)
            .lines()
            .filter(line -> line.matches("preprocess:|  - (resize|mean|channels).*"))
            .collect(Collectors.joining("\n", "", "\n")));
    assertEquals(
        """
        loss: softmax_cross_entropy
        training:
          batch: 100
          steps: 4000
          optimizer: {sgd: {momentum: 0.9, weight_decay: 0.004}}
          learning_rate: 0.001
          rates: {"*.bias": {learning_rate: 2, weight_decay: 1}}
        """,
        training(network));
  }

  @Test
  void aShapeThatTheFileLeavesOpenIsAskedFor() {
    Path file = TestData.file("models/lenet/lenet_train_test.prototxt");
    FormatException e =
        assertThrows(
            FormatException.class,
            () -> new CaffeImporter().read(List.of(file), ImportOptions.DEFAULTS));
    assertEquals(
        file
            + ": layer 'mnist' (Data) does not say how large a picture is; give the shape of the input, such as 3,227,227",
        e.getMessage());
    Network network = read(List.of(file), ImportOptions.DEFAULTS.withInput(new Chw(1, 28, 28)));
    assertEquals("", differences(network, "lenet"));
    assertEquals(NetworkFile.find("lenet").preprocessing(), network.preprocessing());
  }

  @Test
  void aSolverFindsItsNetworkBesideIt() {
    Network network =
        read(
            List.of(TestData.file("models/lenet/lenet_solver.prototxt")),
            ImportOptions.DEFAULTS.withInput(new Chw(1, 28, 28)));
    assertTrue(
        training(network)
            .contains("learning_rate: {inverse: {start: 0.01, gamma: 1.0e-4, power: 0.75}}"));
  }

  @Test
  void aModelAloneDescribesItsNetwork() {
    Path file = TestData.file("models/lenet/lenet_iter_10000.caffemodel");
    Network network = read(List.of(file), ImportOptions.DEFAULTS.withInput(new Chw(1, 28, 28)));
    assertEquals("", differences(network, "lenet"));
  }

  @Test
  void aModelFillsANetworkThatIsKnown() {
    Path file = TestData.file("models/lenet/lenet_iter_10000.caffemodel");
    Network lenet = NetworkFile.find("lenet");
    try (Imported imported =
        new CaffeImporter().read(List.of(file), ImportOptions.DEFAULTS.withNetwork(lenet))) {
      assertEquals(lenet, imported.network());
      assertEquals("ip2 blob 1", imported.origins().get("ip2.bias").name());
    }
  }
}
