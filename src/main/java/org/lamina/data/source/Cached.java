package org.lamina.data.source;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.lamina.data.Picture;

/**
 * A data set whose pictures stay in memory once they have been decoded, as far as there is room:
 * the second epoch of a small set costs no decoding. Closing it closes the data set behind it.
 */
public final class Cached implements Dataset {

  /** Of Java's memory, the share that pictures may take. */
  private static final int SHARE = 8;

  /** What a picture takes besides its pixels. */
  private static final int OVERHEAD = 64;

  private final Dataset set;
  private final AtomicReferenceArray<Picture> pictures;
  private final AtomicLong room;

  private Cached(Dataset set, long room) {
    this.set = set;
    this.room = new AtomicLong(room);
    pictures = new AtomicReferenceArray<>(set.size());
  }

  /**
   * Returns a data set with an eighth of Java's memory for pictures; itself if reading is cheap.
   */
  public static Dataset of(Dataset set) {
    return set.isCheap() ? set : of(set, Runtime.getRuntime().maxMemory() / SHARE);
  }

  /** Returns a data set with room for so many bytes. */
  static Dataset of(Dataset set, long room) {
    return new Cached(set, room);
  }

  @Override
  public Picture read(int index) {
    Picture known = pictures.get(index);
    if (known != null) {
      return known;
    }
    Picture picture = set.read(index);
    long bytes = picture.rgb().length + OVERHEAD;
    if (room.get() >= bytes && pictures.compareAndSet(index, null, picture)) {
      room.addAndGet(-bytes);
    }
    return picture;
  }

  @Override
  public boolean isCheap() {
    return true;
  }

  @Override
  public String name() {
    return set.name();
  }

  @Override
  public List<String> classes() {
    return set.classes();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public int label(int index) {
    return set.label(index);
  }

  @Override
  public String sample(int index) {
    return set.sample(index);
  }

  @Override
  public Optional<byte[]> encoded(int index) {
    return set.encoded(index);
  }

  @Override
  public long fingerprint() {
    return set.fingerprint();
  }

  @Override
  public void close() {
    set.close();
  }
}
