package org.lamina.opencl;

/** A program of its own for tests of what happens when a process starts: lists the devices. */
public final class ListDevices {

  private ListDevices() {}

  /** Prints the devices, or the error and the error of a second try. */
  public static void main(String[] arguments) {
    for (int attempt = 1; attempt <= 2; attempt++) {
      try {
        System.out.println("devices " + Device.all().size());
      } catch (ClException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    System.out.println("tmpdir " + System.getProperty("java.io.tmpdir"));
  }
}
