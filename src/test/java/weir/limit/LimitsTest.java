package weir.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the index finds is what trying every limit finds, in the same order. */
final class LimitsTest {
    private static final List<String> VALUES = List.of("", "a", "ab", "b", "c");
    private static final List<String> PATTERNS = List.of("", "a", "ab", "a*", "*", "b", "c");
    private final Random random = new Random(27);

    @Test
    void findsWhatAppliesInTheFilesOrder() {
        int found = 0;
        for (int round = 0; round < 300; round++) {
            List<Limit> all = new ArrayList<>();
            for (int i = 0; i < 1 + round % 40; i++) {
                all.add(limit("limit-" + i));
            }
            Limits limits = new Limits(all);
            assertEquals(all, limits.all());
            for (int i = 0; i < 50; i++) {
                Subject subject = subject();
                List<Limit> expected =
                        all.stream().filter(l -> l.match().matches(subject)).toList();
                assertEquals(expected, limits.matching(subject));
                found += expected.size();
            }
        }
        assertTrue(found > 1_000, "something applies at all");
    }

    private Limit limit(String name) {
        Match match =
                new Match(
                        globs(4),
                        globs(4),
                        globs(2),
                        globs(2),
                        globs(4),
                        random.nextInt(3) == 0
                                ? Map.of(one(List.of("team", "env")), List.of(glob()))
                                : Map.of());
        return new Limit(name, match, List.of(), List.of(), Policy.DEFAULT);
    }

    /** Nothing most of the time, else up to three patterns. */
    private List<Glob> globs(int seldom) {
        List<Glob> globs = new ArrayList<>();
        for (int i = 0; random.nextInt(seldom) == 0 && i < 3; i++) {
            globs.add(glob());
        }
        return globs;
    }

    private Glob glob() {
        return new Glob(one(PATTERNS));
    }

    private Subject subject() {
        return new Subject(
                one(VALUES),
                one(VALUES),
                random.nextInt(5) == 0 ? List.of() : List.of(one(VALUES)),
                one(VALUES),
                one(VALUES),
                one(VALUES),
                random.nextBoolean() ? Map.of() : Map.of("team", one(VALUES)),
                name -> "");
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
