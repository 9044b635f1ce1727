package org.lamina.formats.caffe;

import java.util.Optional;
import org.lamina.formats.caffe.schema.FillerParameter;
import org.lamina.formats.caffe.schema.FillerParameter.VarianceNorm;
import org.lamina.layer.Initializer;
import org.lamina.layer.Initializer.Mode;

/** Caffe's fillers and our initialisers. */
final class Fillers {

  private Fillers() {}

  /** Returns the initialiser that a filler is; empty if there is no such. */
  static Optional<Initializer> initializer(FillerParameter filler) {
    Mode mode = Mode.values()[filler.getVarianceNorm().ordinal()];
    return Optional.ofNullable(
        switch (filler.getType()) {
          case "constant" -> new Initializer.Constant(decimal(filler.getValue()));
          case "uniform" ->
              filler.getMin() > filler.getMax()
                  ? null
                  : new Initializer.Uniform(decimal(filler.getMin()), decimal(filler.getMax()));
          case "gaussian" ->
              filler.getStd() < 0 || filler.getSparse() >= 0
                  ? null
                  : new Initializer.Normal(decimal(filler.getMean()), decimal(filler.getStd()));
          case "xavier" -> new Initializer.Xavier(mode);
          case "msra" -> new Initializer.Kaiming(mode);
          default -> null;
        });
  }

  /** Returns the filler that an initialiser is. */
  static FillerParameter filler(Initializer initializer) {
    FillerParameter.Builder filler = FillerParameter.newBuilder();
    if (initializer instanceof Initializer.Constant constant) {
      filler.setType("constant").setValue((float) constant.value());
    } else if (initializer instanceof Initializer.Uniform uniform) {
      filler.setType("uniform").setMin((float) uniform.low()).setMax((float) uniform.high());
    } else if (initializer instanceof Initializer.Normal normal) {
      filler.setType("gaussian").setStd((float) normal.std());
      if (normal.mean() != 0) {
        filler.setMean((float) normal.mean());
      }
    } else if (initializer instanceof Initializer.Xavier xavier) {
      norm(filler.setType("xavier"), xavier.mode());
    } else if (initializer instanceof Initializer.Kaiming kaiming) {
      norm(filler.setType("msra"), kaiming.mode());
    }
    return filler.build();
  }

  private static void norm(FillerParameter.Builder filler, Mode mode) {
    if (mode != Mode.FAN_IN) {
      filler.setVarianceNorm(VarianceNorm.values()[mode.ordinal()]);
    }
  }

  /** Returns the double that a person would have written for a float: 0.1 for 0.1f. */
  static double decimal(float value) {
    double decimal = Double.parseDouble(Float.toString(value));
    return decimal == 0 ? 0 : decimal; // never minus zero
  }
}
