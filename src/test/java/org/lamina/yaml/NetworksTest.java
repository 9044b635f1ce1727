package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.data.Preprocessor;
import org.lamina.layer.PadChannels;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** The shipped networks have the shapes and counts that their sources give. */
final class NetworksTest {

  private static final Path FOLDER = Path.of("networks");

  // Parameters and operations as published: AlexNet's own towers, the Caffe networks and ZFNet are
  // counted from their layer files and papers; alexnet-owt, vgg-*, *-torchvision and resnet-18 to
  // resnet-152 are
  // torchvision's, whose billions of operations are 0.71; 7.61, 11.31, 15.47, 19.63; and 1.81,
  // 3.66,
  // 4.09, 7.80, 11.51. Those of googlenet were summed up over Caffe's deploy.prototxt by another
  // program. resnet-20 to resnet-56 have the parameters of akamaster's with option A (0.27, 0.46,
  // 0.66, 0.85 million in He et al. 2015, table 6); 14,155,776 operations come with each block of
  // three stages. mobilenet-v1 has the trainable parameters of Keras's (4,253,864 less 21,888
  // running
  // statistics) and the 569 million operations of its paper, table 4.
  @ParameterizedTest
  @CsvSource({
    "alexnet, 60965224, 724406816",
    "alexnet-2012, 60965224, 724406816",
    "alexnet-224, 49430888, 643026048",
    "alexnet-32, 417738, 17238528", // summed up by hand
    "alexnet-one-tower, 62378344, 1135256096",
    "alexnet-owt, 61100840, 714188480",
    "alexnet-pool-first, 60965224, 724406816",
    "alexnet-split-conv3, 60522856, 649646624",
    "cifar10-13pct, 1116490, 18517248",
    "cifar10-18pct, 89578, 12298240",
    "cifar10-full, 89578, 12298240",
    "cifar10-quick, 145578, 12354176",
    "googlenet, 6998552, 1582671872",
    "googlenet-torchvision, 6624904, 1498376192",
    "googlenet-training, 13378280, 1591044096", // each head: conv, fc and classifier, twice
    "lenet, 431080, 2293000",
    "mobilenet-v1, 4231976, 568740352",
    "nin, 7595176, 1100188800",
    "quickstart, 105834, 4924672",
    "resnet-101, 44549160, 7801405440",
    "resnet-152, 60192808, 11513626624",
    "resnet-18, 11689512, 1814073344",
    "resnet-20, 269722, 40551040",
    "resnet-32, 464154, 68862592",
    "resnet-34, 21797672, 3663761408",
    "resnet-44, 658586, 97174144",
    "resnet-50, 25557032, 4089184256",
    "resnet-56, 853018, 125485696",
    "squeezenet-1.0, 1248424, 861339936",
    "squeezenet-1.0-torchvision, 1248424, 818924576",
    "squeezenet-1.1-torchvision, 1235496, 349151936",
    "squeezenet-1.1, 1235496, 387747520",
    "vgg-11-bn, 132868840, 7609090048",
    "vgg-13-bn, 133053736, 11308466176",
    "vgg-16-bn, 138365992, 15470264320",
    "vgg-19-bn, 143678248, 19632062464",
    "vgg-11, 132863336, 7609090048",
    "vgg-13, 133047848, 11308466176",
    "vgg-16, 138357544, 15470264320",
    "vgg-19, 143667240, 19632062464",
    "zfnet, 62357608, 1168032896",
  })
  void everyNetworkHasItsParametersAndOperations(String name, long parameters, long macs) {
    Network network = NetworkFile.find(name);
    assertEquals(name, network.name());
    assertEquals(parameters, network.parameters());
    assertEquals(macs, network.macs());
    assertEquals(name.equals("googlenet-training") ? 3 : 1, network.outputs().size());
  }

  @Test
  void theTableAboveIsComplete() throws Exception {
    long rows =
        NetworksTest.class
            .getDeclaredMethod(
                "everyNetworkHasItsParametersAndOperations", String.class, long.class, long.class)
            .getAnnotation(CsvSource.class)
            .value()
            .length;
    assertEquals(rows, NetworkFile.shipped().size());
  }

  @ParameterizedTest
  @CsvSource({
    "squeezenet-1.0, conv1, 96×111×111",
    "squeezenet-1.0, pool1, 96×55×55",
    "squeezenet-1.0, fire2/concat, 128×55×55",
    "squeezenet-1.0, pool4, 256×27×27",
    "squeezenet-1.0, fire6/concat, 384×27×27",
    "squeezenet-1.0, pool8, 512×13×13",
    "squeezenet-1.0, conv10, 1000×15×15",
    "squeezenet-1.0, prob, 1000×1×1",
    "squeezenet-1.1, conv1, 64×113×113",
    "squeezenet-1.1, pool3, 128×28×28",
    "squeezenet-1.1, pool5, 256×14×14",
    "squeezenet-1.1, conv10, 1000×14×14",
    "lenet, pool2, 50×4×4",
    "cifar10-quick, pool1, 32×16×16",
    "cifar10-quick, pool3, 64×4×4",
    "cifar10-full, norm1, 32×16×16",
    "cifar10-18pct, pool3, 64×4×4",
    "cifar10-13pct, pool2, 64×6×6",
    "cifar10-13pct, local4, 32×6×6",
    "nin, conv1, 96×54×54",
    "nin, pool0, 96×27×27",
    "nin, pool3, 384×6×6",
    "googlenet, inception_3b/output, 480×28×28",
    "googlenet, inception_4e/output, 832×14×14",
    "googlenet, pool4/3x3_s2, 832×7×7",
    "resnet-50, stage1.1.conv3, 256×56×56",
    "resnet-50, stage4.3.conv2, 512×7×7",
    "resnet-20, stage3.1.zeros, 64×8×8",
    "vgg-16, pool5, 512×7×7",
    "mobilenet-v1, conv8.5.pointwise, 512×14×14",
    "zfnet, conv1, 96×110×110",
    "zfnet, norm1, 96×55×55",
    "zfnet, conv2, 256×26×26",
    "zfnet, norm2, 256×13×13",
    "zfnet, pool5, 256×6×6",
  })
  void networksHaveTheShapesOfTheirSources(String network, String layer, String shape) {
    assertEquals(shape, NetworkFile.find(network).shape(layer).toString());
  }

  @Test
  void shortcutsWithoutParametersAreOnlyWhereTheShapeChanges() {
    Network network = NetworkFile.find("resnet-20");
    assertEquals(
        List.of("stage2.1.zeros", "stage3.1.zeros"),
        network.nodes().stream()
            .filter(node -> node.layer() instanceof PadChannels)
            .map(Node::name)
            .toList());
    assertEquals(new PadChannels(8, 8), network.node("stage2.1.zeros").layer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"alexnet", "mobilenet-v1", "resnet-18", "resnet-20", "resnet-50", "vgg-16"})
  void networksCanBeHalfAsWide(String name) {
    Network half = NetworkFile.parse("half", "extends: " + name + "\nlet: {width: 0.5}\n");
    assertTrue(half.macs() < 0.5 * NetworkFile.find(name).macs());
  }

  @Test
  void thePreparedPictureHasTheShapeOfTheInput() {
    for (String name : NetworkFile.shipped()) {
      Network network = NetworkFile.find(name);
      assertEquals(
          network.inputs().values().iterator().next(), Preprocessor.of(network).shape(), name);
    }
  }

  @Test
  void variantsAreAsShortAsTheirDescription() throws IOException {
    for (String name : NetworkFile.shipped()) {
      List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".yaml"));
      assertTrue(lines.get(0).startsWith("# "), name + " does not begin with its source");
      boolean derived = lines.stream().anyMatch(line -> line.startsWith("extends:"));
      boolean blocks = lines.contains("blocks:");
      int most = !derived ? 80 : blocks ? 25 : 10;
      assertTrue(lines.size() <= most, name + " has " + lines.size() + " lines");
    }
    assertTrue(Files.readAllLines(FOLDER.resolve("resnet-34.yaml")).size() <= 6);
    assertTrue(Files.readAllLines(FOLDER.resolve("googlenet.yaml")).size() <= 60);
    assertTrue(Files.readAllLines(FOLDER.resolve("alexnet.yaml")).size() <= 45);
  }

  @Test
  void shippedNetworksAreFoundByNameAndByPath() {
    for (String name : NetworkFile.shipped()) {
      assertEquals(NetworkFile.find(name), NetworkFile.find("networks/" + name + ".yaml"));
      assertEquals(NetworkFile.find(name), NetworkFile.read(FOLDER.resolve(name + ".yaml")));
    }
  }
}
