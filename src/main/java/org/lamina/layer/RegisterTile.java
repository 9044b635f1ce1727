package org.lamina.layer;

/**
 * How many accumulators a CPU kernel keeps in registers: {@code pixels} × {@code blocks} vectors.
 *
 * @param pixels output pixels (or images) computed together; each weight loaded serves all of them
 * @param blocks blocks of output channels computed together; each input loaded serves all of them
 */
record RegisterTile(int pixels, int blocks) {

  private static final int BLOCKS = 2;
  // What another kernel must gain, which takes a second to build.
  private static final double WORTH_A_KERNEL = 1.05;
  private static final int FEW = 18;

  /**
   * Returns the tile for rows of {@code width} pixels.
   *
   * <p>AVX-512 has 32 vector registers and multiplies by a value straight from memory: 14 × 2
   * accumulators and 2 weights. AVX2, SSE and NEON get 6 × 2, which with 2 weights and the value
   * fits 16. Of the larger half of the possible widths the one is taken that wastes the fewest
   * products at the end of the row; the 2 stands for the loads that every tile pays.
   */
  static RegisterTile forRow(int width, int vector) {
    int most = Math.min(width, mostPixels(vector));
    int best = most;
    for (int pixels = most; pixels >= (most + 1) / 2; pixels--) {
      if (cost(width, pixels) < cost(width, best)) {
        best = pixels;
      }
    }
    return new RegisterTile(best, BLOCKS);
  }

  /** Returns the tile for a fully connected layer over {@code images} images. */
  static RegisterTile forImages(int images, int vector) {
    // With one image only memory matters: more blocks keep more loads in flight.
    return images == 1
        ? new RegisterTile(1, 2 * BLOCKS)
        : new RegisterTile(Math.min(images, mostPixels(vector)), BLOCKS);
  }

  /**
   * Returns the tile for {@code count} values that stand in a row and may be repeated to fill it:
   * of few sizes, so that few kernels are built.
   */
  static RegisterTile forRun(long count, int vector) {
    int[] sizes = vector == 16 ? new int[] {14, 8, 4} : new int[] {6, 4};
    int best = sizes[0];
    for (int pixels : sizes) {
      if (runCost(count, pixels) < runCost(count, best)) {
        best = pixels;
      }
    }
    return new RegisterTile(best, BLOCKS);
  }

  /**
   * Returns the tile for so few values in a row that a tile of another shape may waste less:
   * Winograd's tiles of one small image. 4 × 3 has as many accumulators as 6 × 2 and fewer loads.
   *
   * @param count how many values
   * @param blocks how many blocks of output channels
   */
  static RegisterTile forFew(long count, int blocks, int vector) {
    RegisterTile usual = forRun(count, vector);
    RegisterTile deep = new RegisterTile(4, 3);
    boolean better = deep.work(count, blocks) * WORTH_A_KERNEL < usual.work(count, blocks);
    return vector < 16 && count <= FEW && better ? deep : usual;
  }

  /** Returns the products that are made, with what is wasted and what smaller tiles lose. */
  private double work(long count, int blocks) {
    long values = (count + pixels - 1) / pixels * pixels;
    int channels = (blocks + this.blocks - 1) / this.blocks * this.blocks;
    return values * channels * (pixels * this.blocks < 12 ? 1.125 : 1);
  }

  /**
   * Returns into how many values a run of {@code count} is cut: whole tiles, at most {@code most}
   * values if that is a tile, in pieces of nearly the same size.
   */
  int runs(long count, int most) {
    long pieces = (count + most - 1) / most;
    long each = (count + pieces - 1) / pieces;
    return Math.max(1, Math.min(most / pixels, (int) ((each + pixels - 1) / pixels))) * pixels;
  }

  private static long runCost(long count, int pixels) {
    return (count + pixels - 1) / pixels * (pixels + 2);
  }

  private static int mostPixels(int vector) {
    return vector == 16 ? 14 : 6;
  }

  private static int cost(int width, int pixels) {
    return (width + pixels - 1) / pixels * (pixels + 2);
  }
}
