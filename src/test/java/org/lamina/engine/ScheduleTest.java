package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Add;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.Family;
import org.lamina.layer.Initializer;
import org.lamina.layer.Layer;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Relu;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Tanh;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;

/** What a schedule decides, without a device. */
class ScheduleTest {

  private static final Chw IMAGE = new Chw(16, 10, 10);
  private static final Initializer CONSTANT = new Initializer.Constant(1);

  @Test
  void anActivationIsFusedOnlyIfNobodyElseReadsTheResultBetween() {
    Network network =
        network(
            Entry.of("conv", convolution(16), "data"),
            Entry.of("relu", new Relu(), "conv"),
            Entry.of("tail", new Dropout(0.5), "relu"));
    assertEquals(
        List.of("copy data", "conv + relu", "tail", "copy tail"),
        labels(schedule(network, Set.of())));
    assertTrue(labels(schedule(network, Set.of("conv"))).containsAll(List.of("conv", "relu")));

    Network shared =
        network(
            Entry.of("conv", convolution(16), "data"),
            Entry.of("relu", new Relu(), "conv"),
            Entry.of("sum", new Add(), "relu", "conv"));
    assertFalse(labels(schedule(shared, Set.of())).contains("conv + relu"));
  }

  @Test
  void normalisationAndSumsJoinTheConvolutionBeforeThem() {
    Layer norm = new BatchNormalization(1e-5, 0.1, true, CONSTANT, CONSTANT);
    Network network =
        network(
            Entry.of("a", convolution(16), "data"),
            Entry.of("a_norm", norm, "a"),
            Entry.of("a_relu", new Relu(), "a_norm"),
            Entry.of("b", convolution(16), "a_relu"),
            Entry.of("b_norm", norm, "b"),
            Entry.of("short", convolution(16), "a_relu"),
            Entry.of("short_norm", norm, "short"),
            Entry.of("sum", new Add(), "b_norm", "short_norm"),
            Entry.of("relu", new Relu(), "sum"),
            Entry.of("pool", MaxPooling.of(2, 2), "relu"));
    List<String> all = labels(schedule(network, Set.of()));
    // b comes before what it is added to, so the other one adds.
    assertEquals(
        List.of(
            "copy data",
            "a + a_norm + a_relu",
            "b + b_norm",
            "short + short_norm + sum + relu",
            "pool",
            "copy pool"),
        all);
    List<String> asked = labels(schedule(network, Set.of("b", "short_norm", "sum")));
    assertTrue(
        asked.containsAll(List.of("b", "b_norm", "short + short_norm", "sum", "relu")),
        asked::toString);
    Schedule planar = Schedule.of(network, Family.GPU, 2);
    assertTrue(labels(planar).contains("short + short_norm + sum + relu"), "on GPUs");
  }

  @Test
  void aSumThatStretchesOrIsOfOneResultTwiceStaysByItself() {
    Network twice =
        network(
            Entry.of("conv", convolution(16), "data"), Entry.of("sum", new Add(), "conv", "conv"));
    assertTrue(labels(schedule(twice, Set.of())).contains("sum"));
    Network wide =
        network(
            Entry.of("pool", MaxPooling.of(10, 10), "data"),
            Entry.of("conv", convolution(16), "data"),
            Entry.of("sum", new Add(), "conv", "pool"));
    assertTrue(labels(schedule(wide, Set.of())).contains("sum"));
  }

  @Test
  void aResultLiesOverItsInputOnlyIfNobodyReadsThatLater() {
    Network chain =
        network(
            Entry.of("conv", convolution(16), "data"),
            Entry.of("drop", new Dropout(0.5), "conv"),
            Entry.of("sigmoid", new Sigmoid(), "drop"));
    assertTrue(share(schedule(chain, Set.of()), "conv", "sigmoid"));
    assertFalse(share(schedule(chain, Set.of("conv")), "conv", "copy conv"));

    Network late =
        network(
            Entry.of("conv", convolution(16), "data"),
            Entry.of("sigmoid", new Sigmoid(), "conv"),
            Entry.of("sum", new Add(), "sigmoid", "conv"));
    Schedule schedule = schedule(late, Set.of("conv"));
    assertFalse(share(schedule, "conv", "sigmoid"));
    assertTrue(share(schedule, "sigmoid", "sum"));
  }

  @Test
  void partsOfAConcatenationAreWrittenWhereTheyWillStand() {
    Network network =
        network(
            Entry.of("a", convolution(8), "data"),
            Entry.of("b", convolution(12), "data"),
            Entry.of("c", convolution(8), "data"),
            Entry.of("all", new Concat(), "a", "b", "c"));
    Schedule schedule = schedule(network, Set.of());
    assertTrue(share(schedule, "a", "all"));
    assertTrue(share(schedule, "b", "all"));
    // c begins at channel 20, in the middle of a block of 8: it is copied.
    assertFalse(share(schedule, "c", "all"));
  }

  @Test
  void aPartOfAConcatenationStaysWhereItIs() {
    Network network =
        network(
            Entry.of("a", convolution(8), "data"),
            Entry.of("b", convolution(8), "data"),
            Entry.of("first", new Concat(), "a", "b"),
            Entry.of("after", convolution(8), "first"),
            Entry.of("second", new Concat(), "b", "after"),
            Entry.of("tanh", new Tanh(), "a"));
    Schedule schedule = schedule(network, Set.of());
    assertTrue(share(schedule, "a", "first"));
    assertFalse(share(schedule, "first", "second"));
    // Nobody reads a or first later, but a is only a part of what lies there.
    assertFalse(share(schedule, "first", "tanh"));
  }

  @Test
  void activationsTakeLittleMoreThanWhatIsAliveAtOnce() {
    Network network =
        network(
            Entry.of("a", convolution(32), "data"),
            Entry.of("b", convolution(64), "a"),
            Entry.of("c", convolution(16), "b"),
            Entry.of("d", convolution(64), "c"));
    Schedule schedule = schedule(network, Set.of());
    assertTrue(schedule.activationBytes() >= schedule.liveBytes());
    assertTrue(schedule.activationBytes() <= schedule.liveBytes() * 1.15);
  }

  @Test
  void tooLittleMemoryIsExplained() {
    Network network =
        network(
            Entry.of("small", convolution(8), "data"),
            Entry.of("large", convolution(64), "small"),
            Entry.of("end", convolution(8), "large"));
    Schedule schedule = Schedule.of(network, Family.cpu(8), 100);
    long enough = schedule.bytes();
    InsufficientMemoryException.check(schedule, "a device", enough, enough);
    InsufficientMemoryException error =
        assertThrows(
            InsufficientMemoryException.class,
            () -> InsufficientMemoryException.check(schedule, "a device", enough / 2, enough));
    int fits = error.largestBatch();
    assertTrue(Schedule.of(network, Family.cpu(8), fits).bytes() <= enough / 2);
    assertTrue(Schedule.of(network, Family.cpu(8), fits + 1).bytes() > enough / 2);
    assertTrue(
        error
            .getMessage()
            .matches(
                "network 'test' with batch 100 needs [0-9.]+ MiB, but a device has [0-9.]+ MiB \\(at"
                    + " most [0-9.]+ MiB in one piece\\); the largest layers are large [0-9.]+ MiB,"
                    + " .*; the largest batch that fits is "
                    + fits),
        error.getMessage());
    assertTrue(
        assertThrows(
                InsufficientMemoryException.class,
                () -> InsufficientMemoryException.check(schedule, "a device", 100, 100))
            .getMessage()
            .endsWith("not even one image fits: take another device or a smaller network"));
  }

  @Test
  void batchesThatDoNotFitATransferAreExplained() {
    Network network = network(Entry.of("relu", new Relu(), "data"));
    Schedule schedule = Schedule.of(network, Family.cpu(8), 500_000);
    InsufficientMemoryException error =
        assertThrows(
            InsufficientMemoryException.class,
            () ->
                InsufficientMemoryException.check(
                    schedule, "a device", Long.MAX_VALUE, Long.MAX_VALUE));
    assertEquals(
        "network 'test' with batch 500000 moves 3,051.8 MiB to or from the device at once, but a"
            + " transfer has at most 2,048.0 MiB; the largest batch that fits is 335544",
        error.getMessage());
  }

  @Test
  void tensorsThatCannotBeCountedAreRefused() {
    Network wide =
        Network.of(
            "wide",
            Map.of("data", new Chw(64, 30_000, 30_000)),
            List.of(Entry.of("relu", new Relu(), "data")),
            Preprocessing.NONE);
    assertEquals(
        "layer 'relu': it makes 64×30000×30000 of 64×30000×30000; a tensor, with its padding, may"
            + " have at most 2,147,483,647 elements",
        assertThrows(NetworkException.class, () -> schedule(wide, Set.of())).getMessage());
    Network deep =
        Network.of(
            "deep",
            Map.of("data", new Chw(3, 20_000, 20_000)),
            List.of(Entry.of("conv", convolution(2_000_000), "data")),
            Preprocessing.NONE);
    assertThrows(NetworkException.class, () -> schedule(deep, Set.of()));
  }

  private static Schedule schedule(Network network, Set<String> kept) {
    return Schedule.of(network, Family.cpu(8), 2, kept, Long.MAX_VALUE);
  }

  private static List<String> labels(Schedule schedule) {
    return schedule.operations().operations().stream().map(Operation::label).toList();
  }

  private static boolean share(Schedule schedule, String a, String b) {
    return find(schedule, a).output().root() == find(schedule, b).output().root();
  }

  private static Operation find(Schedule schedule, String label) {
    return schedule.operations().operations().stream()
        .filter(operation -> operation.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static Network network(Entry... entries) {
    return Network.of("test", Map.of("data", IMAGE), List.of(entries), Preprocessing.NONE);
  }

  private static Convolution convolution(int filters) {
    return new Convolution(
        filters,
        Extent.of(3),
        Extent.of(1),
        Padding.of(1),
        Extent.of(1),
        1,
        true,
        new Initializer.Kaiming(Initializer.Mode.FAN_IN),
        new Initializer.Constant(0));
  }
}
