package weir;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The house of DESIGN.md, section 8: arrows run one way, and packages on one level do not know each
 * other.
 *
 * <pre>
 * app ──> proxy, admin, inject ──> provider, ledger, key, observe ──> limit, price, usage ──> JDK
 * </pre>
 */
final class LayersTest {
    /** From the top; a package may use those on the levels below its own. */
    private static final List<Set<String>> LEVELS =
            List.of(
                    Set.of("app"),
                    Set.of("proxy", "admin", "inject"),
                    Set.of("provider", "ledger", "key", "observe"),
                    Set.of("limit", "price", "usage"));

    /** Arrows on one level, each with its reason. */
    private static final Map<String, String> SIDEWAYS =
            Map.of(
                    "price -> usage",
                    "a price is a price of each kind of usage, and of nothing else",
                    "price -> limit",
                    "a row's name may be a pattern, as a limit's match may",
                    "provider -> key",
                    "a vendor says in which header a proof of the credential goes",
                    "observe -> key",
                    "a webhook is signed with a secret, which shows itself to nobody");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("weir");

    @Test
    void theClassesWereFound() {
        Set<String> seen = CLASSES.stream().map(LayersTest::area).collect(Collectors.toSet());
        assertTrue(
                seen.containsAll(Set.of("app", "proxy", "provider", "ledger", "key", "limit")),
                () -> "the rules below would hold for nothing; found only " + seen);
    }

    @Test
    void everyClassHasAPlaceInTheHouse() {
        Set<String> unknown =
                CLASSES.stream()
                        .filter(c -> levelOf(area(c)) < 0)
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unknown, "move these into a package of DESIGN.md, section 8");
    }

    @Test
    void arrowsRunOneWay() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            from.getDirectDependenciesFromSelf().stream()
                    .map(d -> d.getTargetClass().getBaseComponentType())
                    .filter(to -> to.getPackageName().startsWith("weir"))
                    .filter(to -> !mayUse(area(from), area(to)))
                    .forEach(to -> wrong.add(from.getName() + " -> " + to.getName()));
        }
        assertEquals(Set.of(), wrong, "turn the arrow round, or move the type a level down");
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("weir.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** An exception to the law that nothing needs any more is a hole in it. */
    @Test
    void sidewaysArrowsAreInUse() {
        Set<String> used =
                CLASSES.stream()
                        .flatMap(from ->
                                from.getDirectDependenciesFromSelf().stream()
                                        .map(d -> area(from) + " -> " + area(d.getTargetClass())))
                        .collect(Collectors.toSet());
        assertTrue(used.containsAll(SIDEWAYS.keySet()), () -> "remove what is not in " + used);
    }

    @Test
    void theLawIsPure() {
        JavaClasses law =
                CLASSES.that(
                        describe(
                                "the law",
                                c -> Set.of("limit", "price", "usage").contains(area(c))));
        assertTrue(law.size() > 10, () -> "law found: " + law.size());
        Set<String> foreign =
                law.stream()
                        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                        .map(d -> d.getTargetClass().getBaseComponentType())
                        .filter(c -> !c.isPrimitive())
                        .map(JavaClass::getName)
                        .filter(name ->
                                Stream.of("java.", "weir.", "org.jspecify.annotations.")
                                        .noneMatch(name::startsWith))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), foreign, "limit, price and usage need nothing but the JDK");
    }

    @Test
    void thereIsOneAsyncTypeAndNoRestFramework() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.smallrye.mutiny..", "jakarta.ws.rs..", "io.vertx.mutiny.."),
                "use io.vertx.core.Future and plain Vert.x");
    }

    @Test
    void onlyAppKnowsTheFramework() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("weir.app..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "jakarta..", "io.quarkus..", "org.eclipse.microprofile.."),
                "take a record or an interface in the constructor; weir.app wires it");
    }

    @Test
    void onlyAppAsksForTheTime() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("weir.app..")
                        .should()
                        .accessTargetWhere(
                                describe(
                                        "the clock or a sleep is asked for",
                                        access ->
                                                isClock(
                                                        access.getTargetOwner().getName(),
                                                        access.getTarget().getName()))),
                "time is an argument, or a LongSupplier that weir.app hands in");
    }

    private static boolean isClock(String owner, String method) {
        return switch (owner) {
            case "java.lang.System" ->
                    method.equals("nanoTime") || method.equals("currentTimeMillis");
            case "java.lang.Thread" -> method.equals("sleep");
            case "java.time.Clock" -> method.startsWith("system");
            default -> owner.startsWith("java.time.") && method.equals("now");
        };
    }

    private static void check(ArchRule rule, String cure) {
        rule.because(cure).check(CLASSES);
    }

    private static boolean mayUse(String from, String to) {
        return from.equals(to)
                || levelOf(from) < levelOf(to)
                || SIDEWAYS.containsKey(from + " -> " + to);
    }

    private static int levelOf(String area) {
        for (int level = 0; level < LEVELS.size(); level++) {
            if (LEVELS.get(level).contains(area)) {
                return level;
            }
        }
        return -1;
    }

    /** The package right under {@code weir}; empty for {@code weir} itself. */
    private static String area(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", 3);
        return parts.length > 1 && parts[0].equals("weir") ? parts[1] : "";
    }
}
