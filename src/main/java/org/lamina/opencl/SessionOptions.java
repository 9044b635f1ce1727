package org.lamina.opencl;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a session works.
 *
 * @param profiling whether the time of every launch is recorded, see {@link Session#takeTimings};
 *     default false
 * @param cache the folder where built programs are kept for the next process, or empty for none;
 *     default {@link CacheFolders#kernels}. A folder that cannot be written is no error, and one
 *     that others can write is not used
 * @param onBuild told the name of a kernel file before it is built from source, which takes about a
 *     second, and not if it comes from the cache; default: nobody
 */
public record SessionOptions(boolean profiling, Optional<Path> cache, Consumer<String> onBuild) {

  /** Refuses null. */
  public SessionOptions {
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(onBuild, "onBuild");
  }

  /** Returns the defaults. */
  public static SessionOptions defaults() {
    return new SessionOptions(false, CacheFolders.kernels(), file -> {});
  }

  /** Returns these options with profiling on or off. */
  public SessionOptions withProfiling(boolean on) {
    return new SessionOptions(on, cache, onBuild);
  }

  /** Returns these options with another cache folder, created when it is needed. */
  public SessionOptions withCache(Path folder) {
    return new SessionOptions(profiling, Optional.of(folder), onBuild);
  }

  /** Returns these options without a cache. */
  public SessionOptions withoutCache() {
    return new SessionOptions(profiling, Optional.empty(), onBuild);
  }

  /** Returns these options with a listener for builds. */
  public SessionOptions withOnBuild(Consumer<String> listener) {
    return new SessionOptions(profiling, cache, listener);
  }
}
