package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Glob;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Unit;
import weir.limit.Window.Period;

final class KeySpaceTest {
    /** 2026-11-27T10:20:30Z. */
    private static final long NOW_MILLIS = 1_795_774_830_000L;

    private static final long DAY_START_MILLIS = 1_795_737_600_000L;

    private static Claim claim(String limit, Meter meter, String tenant, String... scope) {
        List<Dimension> per = new ArrayList<>();
        for (int i = 0; i < scope.length; i++) {
            per.add(new Dimension(Dimension.Source.TENANT, ""));
        }
        Limit rule = new Limit(limit, Match.ALL, per, List.of(meter), Policy.DEFAULT);
        return new Claim(rule, meter, tenant, List.of(scope), 1);
    }

    private static String key(Claim claim) {
        return KeySpace.place(claim, NOW_MILLIS).key();
    }

    @Test
    void theKeysAreThese() {
        assertEquals(
                "weir:{shop}:per-key:requests:shop:600.60000000.600",
                key(claim("per-key", Fixture.rate(Unit.REQUESTS, 600), "shop", "shop")));
        assertEquals(
                "weir:{shop}:per-key:concurrent:shop:gpt-5",
                key(claim("per-key", Fixture.slots(3), "shop", "shop", "gpt-5")));
        Place spend =
                KeySpace.place(
                        claim("daily", Fixture.spend(5, Period.DAY), "shop", "shop"), NOW_MILLIS);
        assertEquals("weir:{shop}:daily:spend:shop:day." + DAY_START_MILLIS, spend.key());
        assertEquals(spend.key() + ":holds", spend.holdsKey());
        assertEquals("weir:{shop}::settled:pod-1.x", KeySpace.mark("shop", "pod-1.x"));
    }

    @Test
    void theTagIsTheTenantOrTheLimit() {
        assertEquals("weir:{all}:all:concurrent", key(claim("all", Fixture.slots(3), "shop")));
        Match oneTenant =
                new Match(
                        List.of(),
                        List.of(),
                        List.of(new Glob("a b")),
                        List.of(),
                        List.of(),
                        Match.ALL.labels());
        List<Meter> slots = List.of(Fixture.slots(1));
        Limit rule = new Limit("x", oneTenant, List.of(), slots, Policy.DEFAULT);
        Claim claim = new Claim(rule, Fixture.slots(1), "a b", List.of(), 1);
        assertEquals("weir:{a%20b}:x:concurrent", key(claim));
    }

    @Test
    void spendSurvivesAChangedAmountAndARateDoesNot() {
        assertEquals(
                key(claim("l", Fixture.spend(5, Period.DAY), "t", "t")),
                key(claim("l", Fixture.spend(6, Period.DAY), "t", "t")));
        assertNotEquals(
                key(claim("l", Fixture.rate(Unit.TOKENS, 5), "t", "t")),
                key(claim("l", Fixture.rate(Unit.TOKENS, 6), "t", "t")));
    }

    /**
     * Every text of up to three of these characters, as tenant and as scope: no two share a key.
     */
    @Test
    void noNameBreaksOutOfItsPlace() {
        String alphabet = ":{}%A/";
        List<String> names = new ArrayList<>(List.of(""));
        for (int from = 0; names.size() < 1 + 6 + 36 + 216; from++) {
            for (int c = 0; c < alphabet.length(); c++) {
                names.add(names.get(from) + alphabet.charAt(c));
            }
        }
        Set<String> keys = new HashSet<>();
        for (String name : names) {
            String key = key(claim("l", Fixture.slots(1), name, name));
            assertTrue(keys.add(key), key);
            assertEquals(key.indexOf('}'), key.lastIndexOf('}'), key);
            assertEquals(4, key.chars().filter(c -> c == ':').count(), key);
        }
    }

    @Test
    void aLongScopeBecomesItsHash() {
        String at64 = "x".repeat(64);
        assertTrue(key(claim("l", Fixture.slots(1), "t", at64)).endsWith(at64));
        String key = key(claim("l", Fixture.slots(1), "t", at64 + "y"));
        assertTrue(key.contains(":sha256-") && key.length() < 120, key);
        assertNotEquals(key, key(claim("l", Fixture.slots(1), "t", at64 + "z")));
    }
}
