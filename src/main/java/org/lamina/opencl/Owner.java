package org.lamina.opencl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps OpenCL objects in order of creation and releases those that are left in reverse order. */
final class Owner {

  private final Set<Owned<?>> objects = new LinkedHashSet<>();

  /**
   * Takes an object into ownership.
   *
   * @param name what it is, for messages: {@code the buffer}
   * @param release releases it; called once
   */
  <T> Owned<T> own(T object, String name, Runnable release) {
    Owned<T> owned = new Owned<>(object, name, release);
    objects.add(owned);
    return owned;
  }

  /** Releases one object before the others; does nothing if it was released. */
  void release(Owned<?> owned) {
    objects.remove(owned);
    ClCalls.checked(
        "release " + owned.name(),
        () -> {
          owned.release();
          return true;
        });
  }

  /**
   * Releases everything, also after a failure.
   *
   * @throws ClException the first failure, if there was one
   */
  void releaseAll() {
    List<Owned<?>> inOrder = new ArrayList<>(objects);
    objects.clear();
    Optional<ClException> failure = Optional.empty();
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      try {
        release(inOrder.get(i));
      } catch (ClException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
