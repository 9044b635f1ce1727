package org.lamina.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.source.DataFiles.png;
import static org.lamina.data.source.DataFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.TestData;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.source.DataFiles.TarFile;

/** Every kind of place is recognised by what is there, and gives pictures, labels and names. */
final class DatasetsTest {

  @TempDir private Path folder;

  private Splits open() {
    return Datasets.open(folder.toString());
  }

  private static int red(Dataset set, int index) {
    return set.read(index).rgb()[0] & 0xFF;
  }

  private static String message(Path place) {
    return assertThrows(DataException.class, () -> Datasets.open(place.toString())).getMessage();
  }

  @Test
  void aFolderForEachClass() {
    write(folder.resolve("dog/b.PNG"), png(20));
    write(folder.resolve("dog/deep/a.png"), png(30));
    write(folder.resolve("cat/x.png"), png(10));
    write(folder.resolve("cat/notes.txt"), "no picture");
    write(folder.resolve(".hidden/x.png"), png(99));
    try (Splits splits = open()) {
      assertEquals("image folder: 3 to train, 2 classes", splits.toString());
      assertEquals(List.of("cat", "dog"), splits.classes());
      Dataset train = splits.train();
      assertArrayEquals(new int[] {0, 1, 1}, labels(train));
      assertArrayEquals(
          new int[] {10, 20, 30}, IntStream.range(0, 3).map(i -> red(train, i)).toArray());
      assertEquals(folder.resolve("dog/b.PNG").toString(), train.sample(1));
      assertTrue(splits.unseen().isEmpty());
    }
  }

  private static int[] labels(Dataset set) {
    return IntStream.range(0, set.size()).map(set::label).toArray();
  }

  @Test
  void partsHaveTheClassesOfTheTrainingPart() {
    for (String file : List.of("train/a/1", "train/b/2", "train/c/3", "val/b/4", "Test/c/5")) {
      write(folder.resolve("set").resolve(file + ".png"), png(file.charAt(file.length() - 1)));
    }
    try (Splits splits = open()) {
      assertEquals(
          "image folder: 3 to train, 1 to validate, 1 to test, 3 classes", splits.toString());
      assertArrayEquals(new int[] {1}, labels(splits.validation().orElseThrow()));
      assertArrayEquals(new int[] {2}, labels(splits.test().orElseThrow()));
      assertEquals('5', red(splits.test().orElseThrow(), 0));
      assertEquals(splits.validation(), splits.unseen());
    }
    write(folder.resolve("set/val/bb/6.png"), png(6));
    assertEquals(
        folder
            + ": the class 'bb' of a picture to validate is none of those to train on, did you"
            + " mean 'b'?",
        message(folder).replace(", did you mean 'a'?", ", did you mean 'b'?"));
  }

  @Test
  void whereNothingIsItSaysWhatWasLookedFor() {
    write(folder.resolve("notes.txt"), "nothing");
    String message = message(folder);
    assertTrue(message.startsWith(folder + ": no data set of a known kind is here"), message);
    for (String kind : List.of("MNIST: ", "CIFAR: ", "tar files", "image folder: ")) {
      assertTrue(message.contains("\n  " + kind), message);
    }
    assertEquals(
        folder.resolve("none")
            + ": there is no such file or folder; 'shapes' needs none, its pictures are drawn",
        message(folder.resolve("none")));
    write(folder.resolve("a.png"), png(1));
    assertEquals(
        folder + ": there are pictures, but not in folders that are called by their classes",
        message(folder));
  }

  @Test
  void mnistFiles() {
    byte[] pixels = new byte[2 * 3 * 4];
    pixels[12 + 4 * 2 + 3] = (byte) 200;
    write(folder.resolve("train-images-idx3-ubyte"), DataFiles.idx(pixels, 2, 3, 4));
    write(
        folder.resolve("train-labels-idx1-ubyte.gz"),
        DataFiles.gzip(DataFiles.idx(new byte[] {7, 1}, 2)));
    write(folder.resolve("t10k-images.idx3-ubyte"), DataFiles.idx(new byte[] {9}, 1, 1, 1));
    write(folder.resolve("t10k-labels.idx1-ubyte"), DataFiles.idx(new byte[] {2}, 1));
    try (Splits splits = open()) {
      assertEquals("MNIST files: 2 to train, 1 to test, 8 classes", splits.toString());
      assertArrayEquals(new int[] {7, 1}, labels(splits.train()));
      Picture picture = splits.train().read(1);
      assertEquals("4×3", picture.toString());
      assertEquals((byte) 200, picture.rgb()[3 * 11 + 1]);
      assertEquals(8, splits.test().orElseThrow().classes().size());
    }
    String images = folder.resolve("train-images-idx3-ubyte").toString();
    try (Splits one = Datasets.open(images)) {
      assertEquals("MNIST files: 2 to train, 8 classes", one.toString());
    }
  }

  @Test
  void cifarFiles() {
    byte[] one = new byte[3073];
    one[0] = 9;
    one[1] = 11;
    one[1 + 1024 + 33] = 22;
    one[3072] = 33;
    write(folder.resolve("data_batch_1.bin"), one);
    write(folder.resolve("data_batch_2.bin"), new byte[3 * 3073]);
    write(folder.resolve("test_batch.bin"), one);
    write(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nlast\n\n");
    try (Splits splits = open()) {
      assertEquals("CIFAR files: 4 to train, 1 to test, 10 classes", splits.toString());
      assertEquals("last", splits.classes().get(9));
      assertArrayEquals(new int[] {9, 0, 0, 0}, labels(splits.train()));
      byte[] rgb = splits.train().read(0).rgb();
      assertEquals(11, rgb[0]);
      assertEquals(22, rgb[3 * 33 + 1]);
      assertEquals(33, rgb[3 * 1023 + 2]);
      assertTrue(splits.train().sample(2).endsWith("data_batch_2.bin #1"));
    }
  }

  @Test
  void fineLabelsOfCifar100() {
    byte[] two = new byte[2 * 3074];
    two[0] = 19;
    two[1] = 99;
    two[3074 + 2] = 5;
    Path file = write(folder.resolve("train.bin"), two);
    try (Splits splits = Datasets.open(file.toString())) {
      assertEquals(100, splits.classes().size());
      assertArrayEquals(new int[] {99, 0}, labels(splits.train()));
      assertEquals(5, red(splits.train(), 1));
    }
  }

  @Test
  void aTarOfClassFolders() {
    byte[] tar =
        new TarFile()
            .add("./set/", '5', new byte[0])
            .add("set/train/b/1.png", png(1))
            .add("set/train/a/2.x.png", png(2))
            .add("set/train/a/._2.png", png(3))
            .add("set/test/b/link.png", '2', new byte[0])
            .add("../../set/test/b/4.png", png(4))
            .end();
    Path plain = write(folder.resolve("plain/set.tar"), tar);
    Path packed = write(folder.resolve("packed/set.tgz"), DataFiles.gzip(tar));
    for (Path file : List.of(plain, packed, plain.getParent())) {
      try (Splits splits = Datasets.open(file.toString())) {
        assertEquals("tar files: 2 to train, 1 to test, 2 classes", splits.toString());
        assertArrayEquals(new int[] {1, 0}, labels(splits.train()));
        assertEquals(1, red(splits.train(), 0));
        assertEquals(4, red(splits.test().orElseThrow(), 0));
        assertTrue(
            splits.train().sample(1).endsWith(": set/train/a/2.x.png"), splits.train().sample(1));
      }
    }
  }

  @Test
  void webDataset() {
    write(
        folder.resolve("train-000.tar"),
        new TarFile().add("0001.png", png(1)).add("0001.cls", "2\n".getBytes()).end());
    write(
        folder.resolve("train-001.tar"),
        new TarFile()
            .add("0001.cls", "0".getBytes())
            .add("0001.json", "{}".getBytes())
            .add("0001.seg.png", png(7))
            .end());
    write(
        folder.resolve("val-000.tar"),
        new TarFile().add("x/y.png", png(3)).add("x/y.cls", "1".getBytes()).end());
    write(folder.resolve("classes.txt"), "ant\nbee\ncow\n");
    try (Splits splits = open()) {
      assertEquals(
          "tar files (WebDataset): 2 to train, 1 to validate, 3 classes", splits.toString());
      assertArrayEquals(new int[] {2, 0}, labels(splits.train()));
      assertEquals(List.of("ant", "bee", "cow"), splits.classes());
      assertEquals(7, red(splits.train(), 1));
    }
  }

  @Test
  void longNamesInTars() {
    String name = "train/" + "a".repeat(150) + "/" + "b".repeat(200) + ".png";
    String record = " path=" + name + "\n";
    int length = record.length() + 3;
    byte[] tar =
        new TarFile()
            .add("././@LongLink", 'L', (name + "\0").getBytes())
            .add("short.png", png(1))
            .add("PaxHeader", 'x', (length + record).getBytes())
            .add("other.png", png(2))
            .end();
    Path file = write(folder.resolve("long.tar"), tar);
    try (Splits splits = Datasets.open(file.toString())) {
      assertEquals(List.of("a".repeat(150)), splits.classes());
      assertEquals(2, splits.train().size());
      assertTrue(splits.train().sample(1).endsWith(name));
    }
  }

  @Test
  void aDamagedPictureIsNamed() {
    write(folder.resolve("cat/x.png"), new byte[] {1, 2, 3});
    Dataset set = open().train();
    ImageException e = assertThrows(ImageException.class, () -> set.read(0));
    assertTrue(e.getMessage().startsWith(folder.resolve("cat/x.png") + ": "), e.getMessage());
    Path tar =
        write(folder.resolve("t.tar"), new TarFile().add("cat/\u001bx.png", new byte[9]).end());
    try (Splits splits = Datasets.open(tar.toString())) {
      e = assertThrows(ImageException.class, () -> splits.train().read(0));
      assertTrue(e.getMessage().startsWith(tar + ": cat/\ufffdx.png: this is "), e.getMessage());
    }
  }

  @Test
  void aShareOfEveryClassIsHeldOut() {
    Splits shapes = Shapes.of(8, 1000, 10, 1).holdOut(0.1, 7);
    Dataset held = shapes.validation().orElseThrow();
    assertEquals(900, shapes.train().size());
    assertEquals(100, held.size());
    int[] counts = new int[10];
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      counts[held.label(i)]++;
      names.add(held.sample(i));
    }
    assertArrayEquals(IntStream.generate(() -> 10).limit(10).toArray(), counts);
    for (int i = 0; i < 900; i++) {
      assertTrue(names.add(shapes.train().sample(i)));
    }
    Dataset same = Shapes.of(8, 1000, 10, 1).holdOut(0.1, 7).validation().orElseThrow();
    assertEquals(held.fingerprint(), same.fingerprint());
    Dataset other = Shapes.of(8, 1000, 10, 1).holdOut(0.1, 8).validation().orElseThrow();
    assertNotEquals(held.fingerprint(), other.fingerprint());
    assertEquals(1, Shapes.of(8, 2, 1, 1).holdOut(0.01, 1).validation().orElseThrow().size());
    assertEquals(1, Shapes.of(8, 2, 1, 1).holdOut(0.99, 1).train().size());
  }

  @Test
  void realFiles() throws IOException {
    try (Splits mnist = Datasets.open(TestData.file("mnist").toString())) {
      assertEquals("MNIST files: 60,000 to train, 10,000 to test, 10 classes", mnist.toString());
      assertArrayEquals(
          new int[] {5, 0, 4, 1, 9}, IntStream.range(0, 5).map(mnist.train()::label).toArray());
    }
    try (Splits cifar = Datasets.open(TestData.file("cifar10").resolve("train-4000.bin") + "")) {
      assertEquals("CIFAR files: 4,000 to train, 10 classes", cifar.toString());
      assertEquals("airplane", cifar.classes().get(0));
    }
    Path tar = TestData.file("flowers12").resolve("flowers12.tar");
    try (Splits flowers = Datasets.open(tar.toString())) {
      assertEquals("tar files: 720 to train, 120 to test, 12 classes", flowers.toString());
      assertEquals("224×224", flowers.train().read(100).toString());
      assertArrayEquals(
          flowers.train().encoded(3).orElseThrow(), flowers.train().encoded(3).orElseThrow());
    }
    assertTrue(Files.exists(tar));
  }
}
