package org.lamina.layer;

import org.lamina.opencl.Macros;

/**
 * A tile of a matrix product as {@code opencl/common/gemm_tile.clh} computes it. Local memory: 16
 * to 18 KB for any of them.
 *
 * @param m rows of a work-group, of filters
 * @param n columns of a work-group, of pixels
 * @param k products that are in local memory at a time
 * @param itemM rows of a work-item
 * @param itemN columns of a work-item
 * @param efficiency how much of a compute unit's peak it is expected to reach: a larger tile reads
 *     less of local memory for each product. From the ratio of loads to products, not measured
 */
record GemmTile(int m, int n, int k, int itemM, int itemN, double efficiency) {

  static final GemmTile LARGE = new GemmTile(128, 128, 8, 8, 8, 0.9);
  static final GemmTile MEDIUM = new GemmTile(64, 64, 16, 8, 4, 0.75);
  static final GemmTile SMALL = new GemmTile(32, 64, 16, 4, 4, 0.55);

  /** For matrix units, whose sub-groups share it out: 32 sums for a work-item. */
  static final GemmTile MATRIX = new GemmTile(64, 64, 16, 4, 8, 2.5);

  /** What starting a kernel takes, in products of a whole device: some 5 microseconds. */
  static final double LAUNCH = 2.5e7;

  /** What reading a float from memory takes, in products of a whole device. */
  static final double FLOAT = 40;

  // Where nobody knows the device: that of a middling GPU.
  private static final int USUAL_UNITS = 48;

  /** Returns the compute units of the device that a site is for, or a usual number. */
  static int units(Site site) {
    int known = site.choices().measurements().map(Measurements::computeUnits).orElse(0);
    return known > 0 ? known : USUAL_UNITS;
  }

  /** Returns the work-items of a work-group. */
  int group() {
    return m / itemM * (n / itemN);
  }

  /** Returns {@code 64x64}. */
  String name() {
    return m + "x" + n;
  }

  /** Returns macros with those of the tile. */
  Macros macros(Macros others) {
    return others
        .define("TILE_M", m)
        .define("TILE_N", n)
        .define("TILE_K", k)
        .define("ITEM_M", itemM)
        .define("ITEM_N", itemN);
  }

  /** Returns how many tiles of {@code tile} cover {@code count}. */
  static int cover(long count, int tile) {
    return Math.toIntExact((count + tile - 1) / tile);
  }

  /**
   * Returns what so many tiles cost, in products of a whole device: every unit does one tile after
   * another, and one tile alone cannot hide how long memory takes.
   *
   * @param tiles all tiles
   * @param depth products of each sum
   */
  double cost(double tiles, double depth, int units) {
    double rounds = Math.ceil(tiles / units);
    double products = (double) m * n * Math.ceil(depth / k) * k;
    return rounds * units * products / efficiency * (1 + 0.5 / rounds);
  }
}
