package org.lamina.yaml;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/layers.md says what the records say. */
final class LayerPageTest {

  @Test
  void thePageIsWhatTheRecordsSay() throws IOException {
    Generated.requireUpToDate(
        Path.of("docs", "layers.md"), LayerPage.generate(), LayerPageTest.class);
  }
}
