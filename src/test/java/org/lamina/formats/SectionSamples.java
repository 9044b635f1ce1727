package org.lamina.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lamina.tensor.Chw;

/** Good files of Darknet and cuda-convnet, which are written in sections. */
final class SectionSamples {

  private static final String DARKNET =
      """
      [net]
      width=8
      height=8
      channels=2
      learning_rate=0.001
      max_batches=500
      policy=steps
      steps=400,450
      scales=.1,.1

      [convolutional]
      batch_normalize=1
      filters=3
      size=3
      stride=1
      pad=1
      activation=leaky

      [maxpool]
      size=2
      stride=2

      [route]
      layers=-1

      [convolutional]
      filters=2
      size=1
      stride=1
      activation=linear
      """;

  private static final String CONVNET =
      """
      [data]
      type=data
      dataIdx=0

      [labels]
      type=data
      dataIdx=1

      [conv1]
      type=conv
      inputs=data
      channels=3
      filters=16
      padding=1
      stride=1
      filterSize=3
      neuron=relu
      initW=0.01
      partialSum=1
      sharedBiases=1

      [pool1]
      type=pool
      pool=max
      inputs=conv1
      start=0
      sizeX=3
      stride=2
      outputsX=0
      channels=16

      [fc10]
      type=fc
      outputs=10
      inputs=pool1
      initW=0.01

      [probs]
      type=softmax
      inputs=fc10

      [logprob]
      type=cost.logreg
      inputs=labels,probs
      """;

  private SectionSamples() {}

  /** Returns a file for every reader. */
  static List<HostileSamples> all(Path folder) throws IOException {
    byte[] config = DARKNET.getBytes(StandardCharsets.UTF_8);
    Path good = Files.write(folder.resolve("good.cfg"), config);
    // Version, images seen, then bias, scale, mean, variance and weights; bias and weights.
    int floats = 4 * 3 + 3 * 2 * 9 + 2 + 2 * 3;
    ByteBuffer weights = ByteBuffer.allocate(20 + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
    weights.putInt(0).putInt(2).putInt(5).putLong(1000);
    for (int i = 0; i < floats; i++) {
      weights.putFloat(i + 1);
    }
    ImportOptions input = ImportOptions.DEFAULTS.withInput(new Chw(3, 16, 16));
    return List.of(
        new HostileSamples("net.cfg", config, HostileSamples::readNetwork),
        new HostileSamples(
            "net.weights", weights.array(), path -> HostileSamples.readNetwork(good, path)),
        new HostileSamples(
            "layers.cfg",
            CONVNET.getBytes(StandardCharsets.UTF_8),
            path -> Formats.importer(List.of(path)).read(List.of(path), input).close()));
  }
}
