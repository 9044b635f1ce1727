package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.lamina.engine.Profile;
import org.lamina.engine.Roofline;
import org.lamina.layer.Basis;
import org.lamina.tensor.Chw;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Where layers stand under the roof, and that the picture is one. */
final class RooflinePictureTest {

  private static final Roofline ROOF = new Roofline(200, 40, 20, 5);

  private static Profile.Stage stage(String name, String type, long macs, long bytes, long nanos) {
    return new Profile.Stage(
        name, type, "", Basis.ONLY, new Chw(1, 1, 1), macs, bytes, List.of(nanos));
  }

  private static Profile profile(Profile.Stage... stages) {
    return new Profile(1, List.of(1_000_000L), List.of(stages));
  }

  private static Document draw(Profile profile) throws Exception {
    String svg = RooflinePicture.of("a <net> & more", "device", profile, ROOF);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document document, String tag, String className) {
    NodeList all = document.getElementsByTagName(tag);
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      if (element.getAttribute("class").equals(className)) {
        found.add(element);
      }
    }
    return found;
  }

  @Test
  void theShareIsThatOfTheLowerRoof() {
    // 100,000 products are 200,000 operations: 1000 ns at 200 in each; 20,000 bytes: 1000 ns, too.
    assertEquals(0.5, RooflinePicture.share(stage("a", "conv", 100_000, 1, 2000), ROOF), 1e-12);
    assertEquals(0.25, RooflinePicture.share(stage("a", "lrn", 0, 20_000, 4000), ROOF), 1e-12);
    assertEquals(0, RooflinePicture.share(stage("a", "dropout", 0, 20_000, 0), ROOF));
  }

  @Test
  void layersWithProductsArePlotted() throws Exception {
    Document document =
        draw(
            profile(
                stage("conv1", "conv", 1_000_000, 10_000, 20_000),
                stage("norm1", "lrn", 0, 10_000, 5_000),
                stage("fc1", "fc", 1_000_000, 4_000_000, 300_000)));
    List<Element> dots = elements(document, "circle", "dot");
    assertEquals(2, dots.size());
    double conv = Double.parseDouble(dots.get(1).getAttribute("cx")); // the smaller comes later
    double fc = Double.parseDouble(dots.get(0).getAttribute("cx"));
    assertTrue(conv > fc, "a convolution does more for each byte");
    for (Element dot : dots) {
      double y = Double.parseDouble(dot.getAttribute("cy"));
      assertTrue(y > RooflinePlot.TOP && y < RooflinePlot.TOP + RooflinePlot.HEIGHT, "inside");
    }
    assertEquals("a <net> & more", elements(document, "text", "title").get(0).getTextContent());
  }

  @Test
  void aPictureWithoutAnyProductIsStillOne() throws Exception {
    assertTrue(
        elements(draw(profile(stage("pool", "max_pool", 0, 100, 10))), "circle", "dot").isEmpty());
  }

  @Test
  void aDeepNetworkShowsWhatTakesLongest() throws Exception {
    Profile.Stage[] stages = new Profile.Stage[200];
    for (int i = 0; i < stages.length; i++) {
      stages[i] = stage("conv" + i, "conv", 1_000_000, 10_000, 20_000 + i);
    }
    Document document = draw(profile(stages));
    assertEquals(200, elements(document, "circle", "dot").size());
    String text = document.getDocumentElement().getTextContent();
    assertTrue(text.contains("conv199") && text.contains("and 164 that take less"), text);
  }

  @Test
  void ticksAreRoundNumbers() {
    assertEquals(List.of(0.5, 1.0, 2.0, 5.0, 10.0), RooflinePlot.ticks(0.4, 12));
    assertFalse(RooflinePlot.ticks(1, 1000).isEmpty());
  }
}
