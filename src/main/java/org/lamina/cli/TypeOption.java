package org.lamina.cli;

import org.lamina.weights.ElementType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How values are stored in a file that is written. */
final class TypeOption {

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "f32",
      converter = Converter.class,
      description =
          "How values are stored: f32, f16 or bf16, the latter two in safetensors alone. Default:"
              + " f32.")
  private ElementType type;

  /** Returns the type. */
  ElementType get() {
    return type;
  }

  /** Reads the words. */
  static final class Converter implements ITypeConverter<ElementType> {
    @Override
    public ElementType convert(String word) {
      return switch (word) {
        case "f32" -> ElementType.F32;
        case "f16" -> ElementType.F16;
        case "bf16" -> ElementType.BF16;
        default -> throw new TypeConversionException("'" + word + "' is none of f32, f16, bf16");
      };
    }
  }
}
