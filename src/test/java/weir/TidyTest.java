package weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.TidyExceptions.JMH;
import static weir.TidyExceptions.LONG_FILES;
import static weir.TidyExceptions.OPEN_CLASSES;
import static weir.TidyExceptions.TWINS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;
import weir.TidySource.Method;

/**
 * Style that a machine can hold. Every message says what to do; an exception carries its reason.
 */
final class TidyTest {
    private static final Path MAIN = Path.of("src/main/java");

    /** May print: a seed, a figure, what is missing on this machine. */
    private static final Path TESTS = Path.of("src/test/java");

    private static final List<Path> ROOTS =
            List.of(MAIN, Path.of("src/main/resources"), TESTS, Path.of("loadtest/src"), JMH);

    private static final int MAX_COLUMNS = 100;
    private static final int MAX_FILE_LINES = 300;
    private static final int MAX_METHOD_LINES = 50;
    private static final int MAX_PARAMETERS = 5;

    private static final Set<String> DRAWERS =
            Set.of("util", "utils", "common", "model", "dto", "service", "impl", "helper");
    private static final Set<String> NUMBERS =
            Set.of(
                    "boolean", "byte", "short", "int", "long", "float", "double", "Boolean",
                    "Integer", "Long");

    /** Where money and limits are counted. */
    private static final Set<String> EXACT = Set.of("limit", "price", "usage", "ledger", "config");

    private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final List<Path> FILES = ROOTS.stream().flatMap(TidyTest::filesUnder).toList();
    private static final List<Path> JAVA =
            FILES.stream().filter(f -> f.toString().endsWith(".java")).toList();
    private static final List<Path> LUA =
            FILES.stream().filter(f -> f.toString().endsWith(".lua")).toList();
    private static final List<TidySource> SOURCES = TidySource.parse(JAVA);

    @Test
    void theFilesWereFound() {
        assertTrue(JAVA.size() > 30, () -> "only " + JAVA);
        assertTrue(SOURCES.stream().mapToInt(s -> s.methods().size()).sum() > 100);
    }

    @Test
    void linesFitTheScreen() {
        holds("break the line", lines(line -> line.codePoints().count() > MAX_COLUMNS));
    }

    @Test
    void indentationIsSpaces() {
        holds("use four spaces", lines(line -> line.indexOf('\t') >= 0));
    }

    @Test
    void nothingIsLeftForLater() {
        holds("do it now, or file an issue", lines(line -> LATER.matcher(line).find()));
    }

    @Test
    void filesAreShort() {
        holds(
                "split the file by subject, or give its reason in LONG_FILES",
                FILES.stream()
                        .filter(f -> code(f) && read(f).size() > MAX_FILE_LINES)
                        .filter(f -> !LONG_FILES.containsKey(f.getFileName().toString()))
                        .map(f -> f + " has " + read(f).size() + " lines"));
    }

    @Test
    void packagesAreFeatures() {
        holds(
                "name the package after what it does, not after what kind of thing is in it",
                JAVA.stream()
                        .filter(f -> Stream.of(f.toString().split("/")).anyMatch(DRAWERS::contains))
                        .map(Path::toString));
    }

    @Test
    void methodsAreShort() {
        holds(
                "name the steps and give each a method",
                methods(m -> m.lines() > MAX_METHOD_LINES, m -> "has " + m.lines() + " lines"));
    }

    /** Where a method overrides, the choice was made above it. */
    @Test
    void parametersAreFew() {
        holds(
                "group what belongs together in a record",
                methods(
                        m ->
                                m.parameterTypes().size() > MAX_PARAMETERS
                                        && !m.overrides()
                                        && !m.ofRecord(),
                        m -> "has " + m.parameterTypes().size() + " parameters"));
    }

    @Test
    void parametersCannotBeMixedUp() {
        holds(
                "use an enum or a record, or give the reason in TWINS",
                methods(
                        m ->
                                inMain(m.file())
                                        && hasTwins(m.parameterTypes())
                                        && !m.overrides()
                                        && !m.ofRecord()
                                        && !TWINS.containsKey(m.name()),
                        m -> "takes " + m.parameterTypes()));
    }

    @Test
    void classesAreClosed() {
        holds(
                "make it final, sealed or a record (a test's base class may be abstract)",
                SOURCES.stream()
                        .flatMap(s -> s.types().stream())
                        .filter(t -> t.isClass() && !isClosed(t) && !t.file().startsWith(JMH))
                        .filter(t -> !OPEN_CLASSES.containsKey(t.name()))
                        .map(t -> t.file() + ": " + t.name()));
    }

    @Test
    void noErrorIsSwallowed() {
        holds(
                "handle it, or throw on with the cause",
                SOURCES.stream().flatMap(s -> s.emptyCatches().stream()));
    }

    @Test
    void onlyMainPrints() {
        holds(
                "log it, or put it into the assertion's message",
                SOURCES.stream()
                        .filter(s -> !s.file().startsWith(TESTS) && !isProgram(s.file()))
                        .flatMap(s -> s.prints().stream()));
    }

    @Test
    void moneyAndLimitsAreExact() {
        holds(
                "count in whole nano-dollars, tokens or micros; BigDecimal for decimals in text",
                SOURCES.stream()
                        .filter(s -> inMain(s.file()))
                        .filter(s -> EXACT.contains(parentName(s.file())))
                        .flatMap(s -> s.floats().stream()));
    }

    @Test
    void luaSaysWhatItTakesAndGives() {
        holds(
                "open the script with -- lines that name its KEYS, its ARGV and its result",
                LUA.stream().filter(f -> !isExplained(read(f))).map(Path::toString));
    }

    private static boolean isProgram(Path file) {
        return file.getFileName().toString().endsWith("Main.java");
    }

    /** A limit that no file can reach holds nothing. */
    @Test
    void exceptionsAreInUse() {
        Set<String> methods =
                SOURCES.stream()
                        .flatMap(s -> s.methods().stream().map(Method::name))
                        .collect(Collectors.toSet());
        Set<String> types =
                SOURCES.stream()
                        .flatMap(s -> s.types().stream().map(TidySource.Type::name))
                        .collect(Collectors.toSet());
        assertTrue(methods.containsAll(TWINS.keySet()), "remove what is gone from TWINS");
        assertTrue(types.containsAll(OPEN_CLASSES.keySet()), "remove what is gone");
        LONG_FILES
                .keySet()
                .forEach(name ->
                        assertTrue(
                                FILES.stream().anyMatch(f -> f.endsWith(name)), name + " is gone"));
    }

    @Test
    void theRulesThemselvesBite() {
        assertTrue(hasTwins(List.of("String", "long", "long")));
        assertTrue(hasTwins(List.of("boolean", "boolean")));
        assertTrue(!hasTwins(List.of("long", "int", "long", "String", "String")));
        assertTrue(isExplained(List.of("-- KEYS[1] a", "-- ARGV[1] b", "-- result", "return 1")));
        assertTrue(!isExplained(List.of("-- KEYS[1] a", "return ARGV[1] -- result")));
    }

    private static void holds(String cure, Stream<String> violations) {
        List<String> all = violations.sorted().toList();
        assertEquals("", String.join("\n", all), () -> cure + ":\n" + String.join("\n", all));
    }

    /** Literals of tests are data, payloads and tables, which have their own width. */
    private static Stream<String> lines(Predicate<String> wrong) {
        List<String> found = new ArrayList<>();
        for (Path file : FILES) {
            if (code(file)) {
                List<String> lines = read(file);
                boolean data = false;
                for (int i = 0; i < lines.size(); i++) {
                    boolean fence = lines.get(i).contains("\"\"\"");
                    boolean isData = data || lines.get(i).strip().startsWith("\"");
                    if (wrong.test(lines.get(i)) && (inMain(file) || !isData)) {
                        found.add(file + ":" + (i + 1));
                    }
                    data ^= fence;
                }
            }
        }
        return found.stream();
    }

    private static Stream<String> methods(Predicate<Method> wrong, Function<Method, String> what) {
        return SOURCES.stream()
                .flatMap(s -> s.methods().stream())
                .filter(wrong)
                .map(m -> m.file() + ":" + m.line() + ": " + m.name() + " " + what.apply(m));
    }

    private static boolean hasTwins(List<String> types) {
        for (int i = 1; i < types.size(); i++) {
            if (NUMBERS.contains(types.get(i)) && types.get(i).equals(types.get(i - 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isClosed(TidySource.Type type) {
        Set<Modifier> modifiers = type.modifiers();
        return modifiers.contains(Modifier.FINAL)
                || modifiers.contains(Modifier.SEALED)
                || (modifiers.contains(Modifier.ABSTRACT) && !inMain(type.file()));
    }

    private static boolean isExplained(List<String> lua) {
        String head =
                String.join(
                        "\n",
                        lua.stream().takeWhile(l -> l.startsWith("--") || l.isBlank()).toList());
        return Stream.of("KEYS", "ARGV", "esult").allMatch(head::contains);
    }

    private static boolean code(Path file) {
        return file.toString().endsWith(".java") || file.toString().endsWith(".lua");
    }

    private static boolean inMain(Path file) {
        return file.startsWith(MAIN);
    }

    private static String parentName(Path file) {
        Path parent = file.getParent();
        return parent == null ? "" : parent.getFileName().toString();
    }

    private static Stream<Path> filesUnder(Path root) {
        if (!Files.exists(root)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
