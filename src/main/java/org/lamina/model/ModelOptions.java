package org.lamina.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Choices;
import org.lamina.layer.Precision;
import org.lamina.opencl.Device;
import org.lamina.opencl.SessionOptions;

/**
 * How a model runs.
 *
 * @param device where; default {@link Device#best}
 * @param batch the largest number of images that go through the network at once, at least 1; more
 *     go in several batches. Default 1
 * @param keep names of layers whose results are wanted besides the network's outputs; default none
 * @param labels a file with the name of one class on each line; default: see {@link
 *     Classifier#labels}
 * @param session how the device is opened; default {@link SessionOptions#defaults}
 * @param choices how weights are stored and which algorithms are wanted; default {@link
 *     Choices#defaults}, which leaves the one to the network and the other to measurements
 */
public record ModelOptions(
    Optional<Device> device,
    int batch,
    Set<String> keep,
    Optional<Path> labels,
    SessionOptions session,
    Choices choices) {

  /**
   * Copies the names.
   *
   * @throws IllegalArgumentException if the batch is smaller than 1
   */
  public ModelOptions {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch must be at least 1, but is " + batch);
    }
    keep = Collections.unmodifiableSet(new LinkedHashSet<>(keep));
  }

  /** Returns the defaults. */
  public static ModelOptions defaults() {
    return new ModelOptions(
        Optional.empty(),
        1,
        Set.of(),
        Optional.empty(),
        SessionOptions.defaults(),
        Choices.defaults());
  }

  /** Returns these options with a device. */
  public ModelOptions withDevice(Device on) {
    return new ModelOptions(Optional.of(on), batch, keep, labels, session, choices);
  }

  /**
   * Returns these options with a device that is named as for {@link Device#select}.
   *
   * @throws org.lamina.opencl.ClException if there is no such device
   */
  public ModelOptions withDevice(String selector) {
    return withDevice(Device.select(selector));
  }

  /** Returns these options with a largest batch. */
  public ModelOptions withBatch(int images) {
    return new ModelOptions(device, images, keep, labels, session, choices);
  }

  /** Returns these options with layers whose results are wanted. */
  public ModelOptions withKeep(Set<String> layers) {
    return new ModelOptions(device, batch, layers, labels, session, choices);
  }

  /** Returns these options with a file of class names. */
  public ModelOptions withLabels(Path file) {
    return new ModelOptions(device, batch, keep, Optional.of(file), session, choices);
  }

  /** Returns these options with others for the session. */
  public ModelOptions withSession(SessionOptions options) {
    return new ModelOptions(device, batch, keep, labels, options, choices);
  }

  /** Returns these options with weights stored in another precision. */
  public ModelOptions withPrecision(Precision precision) {
    return withChoices(choices.precision(precision));
  }

  /** Returns these options with other choices. */
  public ModelOptions withChoices(Choices made) {
    return new ModelOptions(device, batch, keep, labels, session, made);
  }
}
