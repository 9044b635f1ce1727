package org.lamina.formats.caffe;

import org.lamina.formats.caffe.Token.Place;

/** What is wrong with a text, and where; never leaves the package. */
final class SyntaxFault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Place place;

  SyntaxFault(Place place, String problem) {
    super(problem, null, false, false);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
