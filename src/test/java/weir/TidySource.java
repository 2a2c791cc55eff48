package weir;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeKind;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What {@link TidyTest} needs to know of one source file, as the JDK's own parser sees it.
 *
 * @param emptyCatches places in the file, as are the two after it
 */
record TidySource(
        Path file,
        List<Type> types,
        List<Method> methods,
        List<String> emptyCatches,
        List<String> prints,
        List<String> floats) {

    /** A class, record, enum or interface with a name of its own. */
    record Type(Path file, String name, boolean isClass, Set<Modifier> modifiers) {}

    /**
     * A method or constructor.
     *
     * @param name with its class before it
     * @param lines from its first annotation or modifier to its closing brace
     * @param ofRecord whether it is a record's constructor, which repeats the record's header
     */
    record Method(
            Path file,
            long line,
            String name,
            long lines,
            List<String> parameterTypes,
            boolean overrides,
            boolean ofRecord) {}

    static List<TidySource> parse(List<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<TidySource> sources = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                // Relative, as the files were given: the object's own URI is absolute.
                Path file =
                        Path.of("")
                                .toAbsolutePath()
                                .relativize(Path.of(unit.getSourceFile().toUri()));
                Reader reader = new Reader(file, unit, positions);
                reader.scan(unit, null);
                sources.add(reader.source);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    /** Walks one file and fills in what it sees. */
    private static final class Reader extends TreeScanner<Void, Void> {
        private final TidySource source;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Deque<ClassTree> around = new ArrayDeque<>();

        Reader(Path file, CompilationUnitTree unit, SourcePositions positions) {
            this.source =
                    new TidySource(
                            file,
                            new ArrayList<>(),
                            new ArrayList<>(),
                            new ArrayList<>(),
                            new ArrayList<>(),
                            new ArrayList<>());
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree node, Void unused) {
            String name = node.getSimpleName().toString();
            if (!name.isEmpty()) {
                source.types.add(
                        new Type(
                                source.file,
                                name,
                                node.getKind() == Tree.Kind.CLASS,
                                node.getModifiers().getFlags()));
            }
            around.push(node);
            super.visitClass(node, null);
            around.pop();
            return null;
        }

        @Override
        public Void visitMethod(MethodTree node, Void unused) {
            ClassTree owner = around.element();
            boolean constructor = node.getReturnType() == null;
            long first = line(positions.getStartPosition(unit, node));
            long last = line(positions.getEndPosition(unit, node));
            source.methods.add(
                    new Method(
                            source.file,
                            first,
                            owner.getSimpleName() + "." + node.getName(),
                            last - first + 1,
                            node.getParameters().stream().map(p -> p.getType().toString()).toList(),
                            node.getModifiers().getAnnotations().stream()
                                    .anyMatch(a ->
                                            a.getAnnotationType().toString().equals("Override")),
                            constructor && owner.getKind() == Tree.Kind.RECORD));
            return super.visitMethod(node, null);
        }

        @Override
        public Void visitCatch(CatchTree node, Void unused) {
            if (node.getBlock().getStatements().isEmpty()) {
                source.emptyCatches.add(place(node));
            }
            return super.visitCatch(node, null);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree node, Void unused) {
            if (Set.of("System.out", "System.err").contains(node.toString())) {
                source.prints.add(place(node));
            }
            return super.visitMemberSelect(node, null);
        }

        @Override
        public Void visitPrimitiveType(PrimitiveTypeTree node, Void unused) {
            if (Set.of(TypeKind.FLOAT, TypeKind.DOUBLE).contains(node.getPrimitiveTypeKind())) {
                source.floats.add(place(node));
            }
            return super.visitPrimitiveType(node, null);
        }

        private String place(Tree node) {
            return source.file + ":" + line(positions.getStartPosition(unit, node));
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
