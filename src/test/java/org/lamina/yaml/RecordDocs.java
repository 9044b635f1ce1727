package org.lamina.yaml;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the Javadoc of the records says, read from their sources by the compiler's own parser: the
 * schema and the reference of the layers have no text of their own about a layer.
 */
final class RecordDocs {

  /**
   * The comment of a type.
   *
   * @param text all of it but the block tags
   * @param components what {@code @param} says about each component, by its name in Java
   * @param constants what stands at each constant of an enum, by its word in YAML
   */
  record Doc(DocText text, Map<String, String> components, Map<String, String> constants) {}

  private static final Path SOURCES = Path.of("src", "main", "java", "org", "lamina");

  private final Map<String, Doc> docs = new HashMap<>();

  private RecordDocs() {}

  /** Reads the sources of the layers and of what describes a network. */
  static RecordDocs read() {
    RecordDocs result = new RecordDocs();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
            compiler.getStandardFileManager(null, Locale.ROOT, null);
        Stream<Path> layers = Files.list(SOURCES.resolve("layer"));
        Stream<Path> network = Files.list(SOURCES.resolve("network"))) {
      List<Path> files =
          Stream.concat(layers, network).filter(f -> f.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        result.new Types(trees, unit.getPackageName().toString()).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  /** Returns the comment of a type; a type without one is a mistake. */
  Doc of(Class<?> type) {
    return Optional.ofNullable(docs.get(type.getCanonicalName()))
        .orElseThrow(() -> new AssertionError("no Javadoc of " + type));
  }

  /** Collects the comments of the types in one file. */
  private final class Types extends TreePathScanner<Void, Void> {

    private final DocTrees trees;
    private String outer;

    Types(DocTrees trees, String packageName) {
      this.trees = trees;
      outer = packageName;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      String before = outer;
      outer = outer + "." + type.getSimpleName();
      comment(getCurrentPath())
          .ifPresent(
              comment ->
                  docs.put(
                      outer,
                      new Doc(
                          DocText.of(comment.getFullBody()),
                          components(comment),
                          constants(type))));
      super.visitClass(type, nothing);
      outer = before;
      return null;
    }

    private Optional<DocCommentTree> comment(TreePath path) {
      return Optional.ofNullable(trees.getDocCommentTree(path));
    }

    private Map<String, String> components(DocCommentTree comment) {
      Map<String, String> components = new LinkedHashMap<>();
      for (DocTree tag : comment.getBlockTags()) {
        if (tag instanceof ParamTree param) {
          components.put(param.getName().toString(), DocText.of(param.getDescription()).summary());
        }
      }
      return components;
    }

    private Map<String, String> constants(ClassTree type) {
      Map<String, String> constants = new LinkedHashMap<>();
      for (var member : type.getMembers()) {
        if (member instanceof VariableTree constant) {
          comment(new TreePath(getCurrentPath(), constant))
              .ifPresent(
                  comment ->
                      constants.put(
                          constant.getName().toString().toLowerCase(Locale.ROOT),
                          DocText.of(comment.getFullBody()).summary()));
        }
      }
      return constants;
    }
  }
}
