package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * Channels of zeros before and after those of the input.
 *
 * <pre>
 *   y[n, before + c, h, w] = x[n,c,h,w], and 0 in all other channels
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, before + C + after, H, W]. After a pooling with a 1×1 window,
 * which only skips pixels, this is the shortcut without parameters of residual networks. Source:
 * He, Zhang, Ren and Sun: Deep Residual Learning for Image Recognition (2015), section 3.3, option
 * A; they do not say on which side the zeros are.
 *
 * @param before channels of zeros before the input's, at least 0
 * @param after channels of zeros after the input's, at least 0
 */
@Key("pad_channels")
public record PadChannels(@Default("0") int before, @Default("0") int after) implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is negative
   */
  public PadChannels {
    Check.atLeast("before", 0, before);
    Check.atLeast("after", 0, after);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    int channels = Check.fitsInt("after", "channels", (long) before + x.c() + after);
    return Signature.of(inputs, new Chw(channels, x.h(), x.w()));
  }

  @Override
  public LayerProgram compile(Site site) {
    Chw x = site.signature().input();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel kernel = bindings.program("pad_channels.cl").kernel("pad_channels_forward");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          int blocks = bindings.output().blocks();
          kernel
              .set("blocks", blocks)
              .set("before", before)
              .set("channels", x.c())
              .set("height", x.h())
              .set("width", x.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * blocks)));
        });
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return CopyGradients.slice(site, before);
  }
}
