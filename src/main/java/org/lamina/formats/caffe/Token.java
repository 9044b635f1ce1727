package org.lamina.formats.caffe;

/**
 * A word of the text format.
 *
 * @param kind what it is
 * @param text as it stands in the file; of a string, what is between the quotes
 * @param place where it begins
 */
record Token(Kind kind, String text, Place place) {

  /** What a word may be. */
  enum Kind {
    /** A field's name, a constant, {@code true}, {@code inf}. */
    NAME,
    /** A number without its sign. */
    NUMBER,
    /** Text in quotes; escapes are still in it. */
    TEXT,
    /** One of <code>{ } &lt; &gt; [ ] : ; , -</code>. */
    SYMBOL,
    /** The end of the file. */
    END
  }

  /**
   * A place in a file, counted from 1.
   *
   * @param line its line
   * @param column its column
   */
  record Place(int line, int column) {
    @Override
    public String toString() {
      return line + ":" + column;
    }
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Returns it as a message shows it. */
  String shown() {
    return kind == Kind.END ? "the end of the file" : "'" + text + "'";
  }
}
