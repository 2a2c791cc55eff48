package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.ledger.Reservation.Stretch;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.TestRedis;

/**
 * Lua and Java walk the same way: at every step of a random walk both ledgers give the same answer
 * to the last digit, under one clock.
 */
final class AgreementTest {
    private static final int STEPS = 10_000;

    /**
     * Requests that nobody settles pile up as they do where sidecars die; more than that teaches
     * nothing.
     */
    private static final int MAX_OPEN = 60;

    private record Twin(Decision.Granted java, Decision.Granted lua) {}

    private final Random random = Seed.random("AgreementTest");
    private final AtomicLong micros = new AtomicLong(Bench.START_MICROS);
    private final List<Twin> grants = new ArrayList<>();

    /** Of grants: time often stands still just at one, where an answer changes. */
    private final List<Long> deadlinesMicros = new ArrayList<>();

    /** Of each holder on each counter. */
    private final Map<String, Long> sequences = new HashMap<>();

    private final Map<String, Long> used = new HashMap<>();
    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void luaAndJavaAgreeStepByStep() {
        try (Bench java = Bench.inProcess(micros);
                Bench lua = Bench.redis(micros, TestRedis.shared())) {
            Fixture limits = limits(lua.run);
            for (int step = 0; step < STEPS; step++) {
                step(step, limits, java, lua);
            }
        }
        System.err.println("AgreementTest: " + seen);
        Stream<String> verdicts = Stream.of(Verdict.values()).map(Verdict::name);
        Stream.concat(
                        Stream.of("Granted", "Refused", "stretched", "lease FITS", "lease SHORT"),
                        verdicts)
                .forEach(what ->
                        assertTrue(
                                seen.getOrDefault(what, 0) > 10,
                                "the walk saw too little: " + seen));
    }

    private void saw(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    private static Fixture limits(String run) {
        return new Fixture(run)
                .limit("a", bucket(Unit.REQUESTS, 600, 60_000_000, 30), Fixture.slots(7))
                .limit("b", bucket(Unit.INPUT_TOKENS, 7, 13, 100_000))
                .limit("h", bucket(Unit.REQUESTS, 5, 1, 7))
                .limit("c", bucket(Unit.OUTPUT_TOKENS, 200_000, 60_000_000, 1_000_000))
                .limit("d", Fixture.spend(1_000_000, Period.HOUR))
                .limit("e", Fixture.spend(Meter.Spend.MAX_NANO_USD, Period.TOTAL))
                .shadow("f", bucket(Unit.TOKENS, 999_983, 1_000_000, 50_000), Fixture.slots(3))
                .shadow("g", Fixture.spend(300_000, Period.DAY));
    }

    private static Meter bucket(Unit unit, long tokens, long periodMicros, long capacity) {
        return new Meter.Rate(unit, new Bucket(tokens, periodMicros, capacity));
    }

    private void step(int step, Fixture limits, Bench java, Bench lua) {
        int dice = random.nextInt(100);
        if (dice < 35) {
            reserve(step, limits, java, lua);
        } else if (dice < 55 && !grants.isEmpty()) {
            settle(java, lua);
        } else if (dice < 80) {
            sync(step, limits, java, lua);
        } else if (dice < 85) {
            List<Claim> claims = limits.claims(tenant(step), Amounts.NOTHING);
            assertEquals(java.readings(claims), lua.readings(claims), "read at step " + step);
        } else if (dice < 95 && !deadlinesMicros.isEmpty()) {
            long deadline = deadlinesMicros.remove(random.nextInt(deadlinesMicros.size()));
            micros.accumulateAndGet(deadline + random.nextInt(3) - 1, Math::max);
        } else {
            micros.addAndGet(someTimeMicros());
        }
    }

    private void reserve(int step, Fixture limits, Bench java, Bench lua) {
        List<Claim> claims = someOf(limits.claims(tenant(step), someAmounts()));
        Reservation reservation = reservation(step, claims);
        Decision byJava = java.reserve(reservation);
        Decision byLua = lua.reserve(reservation);
        assertEquals(byJava, byLua, "reserve at step " + step);
        saw(byJava.getClass().getSimpleName());
        byJava.standings().forEach(s -> saw(s.verdict().toString()));
        if (byJava.standings().stream().anyMatch(s -> smaller(s, claims))) {
            saw("stretched");
        }
        if (byJava instanceof Decision.Granted j && byLua instanceof Decision.Granted l) {
            grants.add(new Twin(j, l));
            deadlinesMicros.add(micros.get() / 1_000 * 1_000 + 1_000 * reservation.ttlMillis());
            if (grants.size() > MAX_OPEN) {
                grants.remove(random.nextInt(grants.size()));
            }
        }
    }

    /** One in two can do with less money; one in ten was admitted some time ago. */
    private Reservation reservation(int step, List<Claim> claims) {
        Stretch stretch = Stretch.NONE;
        if (random.nextInt(2) == 0) {
            long least = 1 + random.nextLong(5_000);
            stretch = new Stretch(least + random.nextLong(20_000), least);
        }
        boolean extension = random.nextInt(10) == 0;
        long admitted = extension ? someMillisAgo() : Reservation.NOW;
        return new Reservation("r" + step, claims, 1 + random.nextInt(300_000), stretch, admitted);
    }

    private long someMillisAgo() {
        return micros.get() / 1_000 - random.nextInt(4_000_000);
    }

    private static boolean smaller(Standing granted, List<Claim> claims) {
        return claims.stream()
                .anyMatch(c ->
                        c.limit().equals(granted.claim().limit())
                                && c.meter().equals(granted.claim().meter())
                                && c.amount() > granted.claim().amount());
    }

    /** Four sidecars report; one report in ten is an old one. */
    private void sync(int step, Fixture limits, Bench java, Bench lua) {
        String holder = "h" + random.nextInt(4);
        long at = random.nextInt(8) == 0 ? someMillisAgo() : micros.get() / 1_000;
        List<LeaseReport> reports =
                someOf(limits.claims(tenant(step), Amounts.NOTHING)).stream()
                        .map(c -> report(holder, c, at))
                        .toList();
        List<Lease> byJava = java.sync(holder, reports);
        assertEquals(byJava, lua.sync(holder, reports), "sync at step " + step);
        byJava.forEach(l -> saw("lease " + l.standing().verdict()));
        deadlinesMicros.add(micros.get() / 1_000 * 1_000 + 1_000 * Lease.MILLIS);
    }

    private LeaseReport report(String holder, Claim counter, long windowMillis) {
        String who = holder + " " + KeySpace.place(counter, windowMillis).key();
        long usual = counter.meter() instanceof Meter.Concurrency ? 5 : 20_000;
        if (random.nextInt(10) > 0) {
            sequences.merge(who, 1L, Long::sum);
            long more = some((int) usual) % Meter.Spend.MAX_NANO_USD / 64;
            used.merge(who, random.nextInt(6) == 0 ? -more / 4 : more, Long::sum);
        }
        boolean rate = counter.meter() instanceof Meter.Rate;
        boolean last = random.nextInt(8) == 0;
        long spare = last || random.nextInt(4) == 0 ? 0 : random.nextLong(4 * usual);
        long need = spare > 0 && random.nextBoolean() ? 1 + random.nextLong(spare) : 0;
        return new LeaseReport(
                counter,
                windowMillis,
                sequences.getOrDefault(who, 0L),
                Math.max(0, used.getOrDefault(who, 0L)),
                last || rate ? 0 : random.nextLong(usual),
                spare,
                need,
                need > 0 ? 1 + random.nextLong(need) : 0,
                last);
    }

    /** One in ten is kept, to be settled a second time. */
    private void settle(Bench java, Bench lua) {
        int which = random.nextInt(grants.size());
        Twin twin = random.nextInt(10) == 0 ? grants.get(which) : grants.remove(which);
        Amounts actual = random.nextInt(4) == 0 ? Amounts.NOTHING : someAmounts();
        java.settle(twin.java(), actual);
        lua.settle(twin.lua(), actual);
    }

    /** New ones from time to time: what an absurd settlement has driven into debt stays there. */
    private String tenant(int step) {
        return "t" + step / 200 + random.nextInt(2);
    }

    private List<Claim> someOf(List<Claim> claims) {
        return claims.stream().filter(c -> random.nextInt(3) > 0).toList();
    }

    private Amounts someAmounts() {
        return new Amounts(
                random.nextInt(20) == 0 ? 0 : 1, some(60_000), some(200_000), some(200_000));
    }

    private long some(int usual) {
        return switch (random.nextInt(40)) {
            case 0, 1 -> 0;
            case 2 -> random.nextInt(4) > 0 ? 1 : random.nextLong(Long.MAX_VALUE);
            case 3 -> random.nextInt(4) > 0 ? 2 : random.nextLong(Meter.Spend.MAX_NANO_USD);
            case 4, 5, 6 -> random.nextInt(10 * usual);
            default -> random.nextInt(usual / 4);
        };
    }

    private long someTimeMicros() {
        return switch (random.nextInt(14)) {
            case 0 -> random.nextLong(Duration.ofHours(20).toNanos() / 1_000);
            case 1, 2 -> random.nextLong(Duration.ofMinutes(90).toNanos() / 1_000);
            case 3, 4, 5 -> random.nextInt(60_000_000);
            case 6, 7, 8 -> random.nextInt(1_000_000);
            case 9 -> random.nextInt(1_000);
            default -> random.nextInt(3);
        };
    }
}
