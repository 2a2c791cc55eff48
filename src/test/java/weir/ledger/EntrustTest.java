package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.TestCluster;
import weir.redis.TestRedis;

/** What one sidecar has reserved another one settles, once, wherever it was held. */
final class EntrustTest {
    private Bench bench = Bench.inProcess(new AtomicLong(Bench.START_MICROS));
    private Fixture limits = new Fixture(bench.run);

    enum Store {
        EXACT {
            @Override
            Bench open(AtomicLong micros) {
                return Bench.redis(micros, TestRedis.shared());
            }
        },
        LEASED {
            @Override
            Bench open(AtomicLong micros) {
                return Bench.leased(micros, TestRedis.shared());
            }
        },
        CLUSTER {
            @Override
            Bench open(AtomicLong micros) {
                return ClusterBench.open(micros, TestCluster.shared());
            }

            @Override
            Fixture fixture(String run) {
                return Fixture.scattered(run);
            }
        };

        abstract Bench open(AtomicLong micros);

        Fixture fixture(String run) {
            return new Fixture(run);
        }
    }

    private void open(Store store) {
        bench.close();
        bench = store.open(new AtomicLong(Bench.START_MICROS));
        limits = store.fixture(bench.run);
        limits.limit("rate", rate(Unit.TOKENS, 1_000)).limit("slots", slots(5));
        limits.limit("day", spend(1_000, Period.DAY)).limit("month", spend(3_000, Period.MONTH));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Decision.Granted granted(String id) {
        return bench.granted(id, limits.claims(new Amounts(1, 300, 0, 400)));
    }

    private Entrusted entrust(Decision.Granted grant) {
        return Bench.get(
                bench.start(
                        0,
                        l -> {
                            var there = l.entrust(grant);
                            return Bench.flush(l).compose(v -> there);
                        }));
    }

    /** By another sidecar than the one that reserved. */
    private void settle(Entrusted entrusted, long nanoUsd) {
        Bench.get(bench.start(1, l -> l.settle(entrusted, nanoUsd)));
    }

    private List<List<Long>> money() {
        return money(0);
    }

    /** Spent, held and left of the day's budget and of the month's, as one sidecar reads them. */
    private List<List<Long>> money(int by) {
        List<Claim> claims = limits.claims(costs(0));
        return Bench.get(bench.start(by, l -> l.read(claims))).stream()
                .map(Reading::standing)
                .filter(s -> s.claim().isMoney())
                .map(s -> List.of(s.used(), s.reserved(), s.left()))
                .toList();
    }

    private static List<List<Long>> money(long spent, long held) {
        return List.of(
                List.of(spent, held, 1_000 - spent - held),
                List.of(spent, held, 3_000 - spent - held));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void itIsHeldUntilAnotherSidecarSettlesIt(Store store) {
        open(store);
        Decision.Granted grant = granted("a");
        Entrusted entrusted = entrust(grant);
        assertEquals(money(0, 400), money());
        settle(entrusted, 150);
        assertEquals(money(150, 0), money());
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theRestIsSettledByWhoReservedIt(Store store) {
        open(store);
        Decision.Granted grant = granted("a");
        Entrusted entrusted = entrust(grant);
        bench.settle(grant.withoutMoney(), new Amounts(1, 100, 0, 150));
        assertEquals(money(0, 400), money());
        List<Standing> now = bench.read(limits.claims(costs(0)));
        assertEquals(100, now.get(0).used());
        assertEquals(0, now.get(1).used());
        settle(entrusted, 2_000);
        assertEquals(List.of(2_000L, 0L, 0L), money().getFirst());
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatNobodySettlesIsChargedAndCanStillBeCorrected(Store store) {
        open(store);
        Entrusted entrusted = entrust(granted("a"));
        bench.pass(Duration.ofMinutes(2));
        assertEquals(money(400, 0), money());
        settle(entrusted, 150);
        assertEquals(money(150, 0), money());
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aSettlementThatComesTooLateChangesNothing(Store store) {
        open(store);
        Entrusted entrusted = entrust(granted("a"));
        bench.pass(Duration.ofMinutes(61));
        settle(entrusted, 150);
        assertEquals(money(400, 0), money());
    }

    /** As where Redis has lost that the work was over. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void ofTwoSettlementsTheLastOneCounts(Store store) {
        open(store);
        Decision.Granted grant = granted("a");
        Entrusted entrusted = entrust(grant);
        settle(entrusted, 150);
        Bench.get(bench.start(2, l -> l.hold(entrusted)));
        assertEquals(money(150, 0), money());
        settle(entrusted, 170);
        assertEquals(money(170, 0), money());
        bench.pass(Duration.ofMinutes(2));
        assertEquals(money(170, 0), money());
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void itOutlivesWhoReservedIt(Store store) {
        open(store);
        Entrusted entrusted = entrust(granted("a"));
        bench.crash(0);
        assertEquals(money(0, 400), money(1));
        settle(entrusted, 150);
        assertEquals(money(150, 0), money(1));
    }

    @Test
    void whereNobodyElseCountsNothingCanBeEntrusted() {
        limits.limit("day", spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(costs(400)));
        assertThrows(LedgerUnavailableException.class, () -> entrust(grant));
    }
}
