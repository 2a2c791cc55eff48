package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Dimension;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Standing;
import weir.limit.Window;
import weir.redis.TestRedis;

/** Thresholds of 50 and 80 percent, of budgets of 100 nano-dollars a day for each tenant. */
final class SoftThresholdsTest {
    private final AtomicLong micros = new AtomicLong(Bench.START_MICROS);
    private final ConcurrentLinkedQueue<Crossing> told = new ConcurrentLinkedQueue<>();
    private long limitNanoUsd = 100;
    private int reservations;

    private Claim claim(Bench bench, String tenant, long nanoUsd) {
        Policy d = Policy.DEFAULT;
        Policy soft =
                new Policy(
                        d.waitMillis(),
                        List.of(50, 80),
                        d.whenLedgerIsDown(),
                        d.shadow(),
                        d.unpriced(),
                        d.flatNanoUsd(),
                        d.unseenInput(),
                        d.onExhausted());
        Meter meter = new Meter.Spend(limitNanoUsd, new Window(Window.Period.DAY, ZoneOffset.UTC));
        List<Dimension> per = List.of(new Dimension(Dimension.Source.TENANT, ""));
        Limit limit = new Limit(bench.run + "daily", Match.ALL, per, List.of(meter), soft);
        return new Claim(limit, meter, tenant, List.of(tenant), nanoUsd);
    }

    private SoftThresholds watched(Bench bench, Ledger ledger) {
        return new SoftThresholds(ledger, bench.scheduler(), new SoftThresholds.Told(), told::add);
    }

    private void spend(Bench bench, SoftThresholds ledger, String tenant, long nanoUsd) {
        Reservation reservation =
                new Reservation(
                        "r" + reservations++, List.of(claim(bench, tenant, nanoUsd)), 60_000);
        Bench.get(
                bench.start(
                        0,
                        l ->
                                ledger.reserve(reservation)
                                        .compose(decision ->
                                                ledger.settle(
                                                        new Settlement(
                                                                (Decision.Granted) decision,
                                                                costs(nanoUsd))))));
    }

    private List<String> news() {
        return told.stream()
                .map(c -> c.tenant() + " " + c.percent() + " at " + c.standing().used())
                .toList();
    }

    private void awaitNews(int number) {
        Waiting.until(number + " told", () -> told.size() >= number);
        assertEquals(number, told.size(), "told: " + news());
    }

    /** While what is held reaches past a threshold, every settlement could have crossed it. */
    @Test
    void manySettlementsAreFollowedByFewReadings() {
        try (Bench bench = Bench.inProcess(micros)) {
            AtomicInteger reads = new AtomicInteger();
            SoftThresholds ledger =
                    watched(bench, new Counting(bench.ledger(0), new AtomicBoolean(), reads));
            Reservation held = new Reservation("held", List.of(claim(bench, "shop", 52)), 60_000);
            Decision.Granted open =
                    (Decision.Granted) Bench.get(bench.start(0, l -> ledger.reserve(held)));
            for (int i = 0; i < 40; i++) {
                spend(bench, ledger, "shop", 1);
            }
            assertTrue(reads.get() >= 1 && reads.get() < 10, reads + " readings");
            Bench.get(bench.start(0, l -> ledger.settle(new Settlement(open, costs(20)))));
            awaitNews(1);
        }
    }

    @Test
    void eachThresholdIsToldOnceAWindow() {
        try (Bench bench = Bench.inProcess(micros)) {
            SoftThresholds ledger = watched(bench, bench.ledger(0));
            spend(bench, ledger, "shop", 49);
            assertEquals(List.of(), news());
            spend(bench, ledger, "shop", 1);
            awaitNews(1);
            assertEquals(List.of("shop 50 at 50"), news(), "of the settlement that crosses it");
            spend(bench, ledger, "shop", 20);
            spend(bench, ledger, "other", 85);
            awaitNews(3);
            spend(bench, ledger, "shop", 30);
            awaitNews(4);
            List<String> all =
                    List.of("shop 50 at 50", "other 50 at 85", "other 80 at 85", "shop 80 at 100");
            assertEquals(all, news());
            bench.pass(Duration.ofDays(1));
            spend(bench, ledger, "shop", 60);
            awaitNews(5);
            assertEquals("shop 50 at 60", news().getLast());
        }
    }

    @Test
    void aRaisedBudgetIsHeardOfAgain() {
        try (Bench bench = Bench.inProcess(micros)) {
            SoftThresholds ledger = watched(bench, bench.ledger(0));
            spend(bench, ledger, "shop", 80);
            awaitNews(2);
            limitNanoUsd = 200;
            spend(bench, ledger, "shop", 19);
            assertEquals(2, told.size(), "99 of 200 cross nothing: " + news());
            spend(bench, ledger, "shop", 1);
            awaitNews(3);
            assertEquals("shop 50 at 100", news().getLast());
        }
    }

    /** Three sidecars see the same crossing at once, over and over. */
    @Test
    void oneSidecarOfAllTells() {
        try (Bench bench = Bench.redis(micros, TestRedis.shared())) {
            List<SoftThresholds> sidecars = new ArrayList<>();
            for (int i = 0; i < Bench.LEDGERS; i++) {
                sidecars.add(watched(bench, bench.ledger(i)));
            }
            spend(bench, sidecars.getFirst(), "shop", 90);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < sidecars.size(); i++) {
                    SoftThresholds sidecar = sidecars.get(i);
                    Claim counter = claim(bench, "shop", 0);
                    Bench.get(bench.start(i, l -> sidecar.read(List.of(counter))));
                }
            }
            assertEquals(List.of("shop 50 at 90", "shop 80 at 90"), news());
        }
    }

    /** It was not heard, so it asks again, and is told the same again. */
    @Test
    void whoDidNotHearTheAnswerAsksAgain() {
        AtomicBoolean deaf = new AtomicBoolean(true);
        try (Bench bench = Bench.redis(micros, TestRedis.shared())) {
            SoftThresholds ledger =
                    watched(bench, new Counting(bench.ledger(0), deaf, new AtomicInteger()));
            spend(bench, ledger, "shop", 60);
            List<Claim> counter = List.of(claim(bench, "shop", 0));
            Bench.get(bench.start(0, l -> ledger.read(counter)));
            assertEquals(List.of(), news());
            deaf.set(false);
            Waiting.until(
                    "told",
                    () -> {
                        Bench.get(bench.start(0, l -> ledger.read(counter)));
                        return !told.isEmpty();
                    });
            assertEquals(List.of("shop 50 at 60"), news());
        }
    }

    private static final class Counting extends ForwardingLedger {
        private final AtomicBoolean deaf;
        private final AtomicInteger reads;

        Counting(Ledger to, AtomicBoolean deaf, AtomicInteger reads) {
            super(to);
            this.deaf = deaf;
            this.reads = reads;
        }

        @Override
        public Future<Boolean> announce(Crossing crossing) {
            return super.announce(crossing)
                    .compose(mine ->
                            deaf.get()
                                    ? Future.failedFuture("not heard")
                                    : Future.succeededFuture(mine));
        }

        @Override
        public Future<List<Reading>> read(List<Claim> counters) {
            reads.incrementAndGet();
            return super.read(counters);
        }
    }

    @Test
    void theKeyIsBesideItsBudgetAndExpires() {
        try (Bench bench = Bench.redis(micros, TestRedis.shared())) {
            SoftThresholds ledger = watched(bench, bench.ledger(0));
            spend(bench, ledger, "shop", 60);
            Waiting.until("told", () -> !told.isEmpty());
            Crossing crossing = told.element();
            String key = KeySpace.crossing(crossing);
            assertTrue(key.endsWith(":soft:50.100") && key.startsWith("weir:{shop}:"), key);
            Standing standing = crossing.standing();
            assertTrue(key.startsWith(KeySpace.place(standing).key()), key);
            long left = Long.parseLong(TestRedis.shared().command("PTTL", key));
            long window = crossing.endMillis() - micros.get() / 1_000;
            assertTrue(left > window && left <= window + 3 * 86_400_000L, "expires in " + left);
        }
    }
}
