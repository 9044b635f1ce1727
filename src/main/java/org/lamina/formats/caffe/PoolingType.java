package org.lamina.formats.caffe;

import org.lamina.formats.caffe.Blobs.Value;
import org.lamina.formats.caffe.schema.LayerParameter;
import org.lamina.formats.caffe.schema.PoolingParameter;
import org.lamina.formats.caffe.schema.PoolingParameter.PoolMethod;
import org.lamina.formats.caffe.schema.PoolingParameter.RoundMode;
import org.lamina.layer.AveragePooling;
import org.lamina.layer.Extent;
import org.lamina.layer.GlobalAveragePooling;
import org.lamina.layer.GlobalMaxPooling;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Rounding;
import org.lamina.tensor.Chw;

/** Caffe's pooling: it rounds the number of windows up. */
final class PoolingType {

  private PoolingType() {}

  static void translate(LayerParameter layer, Translation to) {
    PoolingParameter pooling = layer.getPoolingParam();
    Value value = to.bottom(layer);
    Unfit.unless(
        pooling.getPool() != PoolMethod.STOCHASTIC,
        "pools by chance (STOCHASTIC); pool: AVE is near to what it does in inference");
    Unfit.unless(layer.getTopCount() == 1, "makes a mask beside its result");
    boolean max = pooling.getPool() == PoolMethod.MAX;
    if (pooling.getGlobalPooling()) {
      Unfit.unless(
          !pooling.hasKernelSize() && !pooling.hasKernelH() && !pooling.hasKernelW(),
          "pools over everything and has a window as well");
      to.add(layer, max ? new GlobalMaxPooling() : new GlobalAveragePooling(), 4);
      return;
    }
    Extent kernel =
        pooling.hasKernelSize()
            ? Extent.of(pooling.getKernelSize())
            : new Extent(pooling.getKernelH(), pooling.getKernelW());
    Extent stride =
        pooling.hasStrideH()
            ? new Extent(pooling.getStrideH(), pooling.getStrideW())
            : Extent.of(pooling.getStride());
    Padding pad =
        pooling.hasPadH() || pooling.hasPadW()
            ? new Padding(
                pooling.getPadH(), pooling.getPadW(), pooling.getPadH(), pooling.getPadW())
            : Padding.of(pooling.getPad());
    Rounding round = pooling.getRoundMode() == RoundMode.FLOOR ? Rounding.FLOOR : Rounding.CEIL;
    if (pad.isNone() && round == Rounding.CEIL && value.shape().isPresent()) {
      requireFullWindows(value.shape().get(), kernel, stride);
    }
    to.add(
        layer,
        max
            ? new MaxPooling(kernel, stride, pad, round)
            : new AveragePooling(kernel, stride, pad, round, true),
        4);
  }

  /** Without padding Caffe keeps a last window that begins behind the picture; it holds nothing. */
  static void requireFullWindows(Chw x, Extent kernel, Extent stride) {
    requireFull(x.h(), kernel.h(), stride.h());
    requireFull(x.w(), kernel.w(), stride.w());
  }

  private static void requireFull(int in, int kernel, int stride) {
    if (kernel < 1 || stride < 1 || kernel > in) {
      return; // the layer itself says what is wrong
    }
    long windows = ((long) in - kernel + stride - 1) / stride;
    Unfit.unless(
        windows * stride < in,
        "its last window begins at pixel %d of %d; Caffe gives nonsense there",
        windows * stride,
        in);
  }
}
