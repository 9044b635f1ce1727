package org.lamina.opencl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps OpenCL objects in order of creation and releases those that are left in reverse order. */
final class Owner {

  private final Set<Owned<?>> objects = new LinkedHashSet<>();

  <T> Owned<T> own(T object, String name, Runnable release) {
    Owned<T> owned = new Owned<>(object, name, release);
    objects.add(owned);
    return owned;
  }

  /** Releases one object before the others; does nothing if it was released. */
  void release(Owned<?> owned) {
    objects.remove(owned);
    owned.release();
  }

  void releaseAll() {
    List<Owned<?>> inOrder = new ArrayList<>(objects);
    objects.clear();
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      inOrder.get(i).release();
    }
  }
}
