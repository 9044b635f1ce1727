package org.lamina;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arrows of docs/design.md: who may know whom.
 *
 * <p>A package that is missing in {@link #arrows} fails, and so does one there that has no class.
 */
final class ArchitectureTest {
  private static final JavaClasses LAMINA =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.lamina");

  /** What one package may use: packages of ours by their short names, libraries by their full. */
  private record Arrow(String from, List<String> ours, List<String> libraries) {
    @Override
    public String toString() {
      return from + " may use " + ours + " " + libraries;
    }

    private String[] targets() {
      Stream<String> own = Stream.concat(Stream.of(from), ours.stream());
      return Stream.of(
              own.map(p -> "org.lamina." + p), libraries.stream(), Stream.of("java", "javax"))
          .flatMap(names -> names)
          .map(name -> name + "..")
          .toArray(String[]::new);
    }
  }

  private static List<Arrow> arrows() {
    return List.of(
        new Arrow("tensor", List.of(), List.of()),
        new Arrow("opencl", List.of(), List.of("org.jocl")),
        new Arrow("layer", List.of("tensor", "opencl"), List.of()),
        new Arrow("network", List.of("layer", "tensor"), List.of()),
        new Arrow("yaml", List.of("network", "layer", "tensor"), List.of("org.yaml.snakeyaml")),
        new Arrow("engine", List.of("network", "layer", "opencl", "tensor"), List.of()),
        new Arrow(
            "weights", List.of("network", "layer", "tensor"), List.of("com.fasterxml.jackson")),
        new Arrow("data", List.of("network", "tensor"), List.of()),
        new Arrow(
            "formats",
            List.of("yaml", "weights", "network", "layer", "tensor"),
            List.of("com.google.protobuf")),
        new Arrow(
            "model",
            List.of(
                "formats", "yaml", "engine", "weights", "data", "network", "layer", "opencl",
                "tensor"),
            List.of()),
        new Arrow(
            "train",
            List.of(
                "model", "yaml", "engine", "weights", "data", "network", "layer", "opencl",
                "tensor"),
            List.of("com.fasterxml.jackson", "com.google.protobuf")),
        new Arrow(
            "cli",
            List.of(
                "train", "model", "formats", "yaml", "engine", "weights", "data", "network",
                "layer", "opencl", "tensor"),
            List.of("picocli", "com.fasterxml.jackson", "me.tongfei.progressbar")));
  }

  @ParameterizedTest
  @MethodSource("arrows")
  void aPackageUsesOnlyWhatIsBelowIt(Arrow arrow) {
    classes()
        .that()
        .resideInAPackage("org.lamina." + arrow.from() + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(arrow.targets()))
        .check(LAMINA);
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> known =
        arrows().stream().map(Arrow::from).collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        LAMINA.stream()
            .map(c -> c.getPackageName().replaceFirst("^org\\.lamina\\.?", "").split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, found);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.lamina.(*)..").should().beFreeOfCycles().check(LAMINA);
  }

  @Test
  void onlyTheCommandWritesToTheStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.lamina.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(LAMINA);
  }

  @Test
  void theImportFoundTheClasses() {
    assertFalse(LAMINA.isEmpty());
    assertFalse(LAMINA.contain("org.lamina.ArchitectureTest"), "tests must not be imported");
  }
}
