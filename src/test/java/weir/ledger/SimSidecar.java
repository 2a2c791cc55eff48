package weir.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.ledger.Reservation.Stretch;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;

/** One sidecar with its own clocks, its load, and what can happen to it. */
final class SimSidecar implements Scheduler {
    private static final long TTL_MILLIS = 600_000;
    private static final long MAX_SKEW_MICROS = 120_000_000;

    private final SimTime time;
    private final Random random;
    private final SimTruth truth;
    private final Load load;
    private final String name;
    private final long skewMicros;
    private final Map<String, Decision.Granted> open = new HashMap<>();
    final SimLink link;
    final Ledger ledger;
    private long pausedUntilMicros;
    private boolean dead;
    private boolean leaving;
    private long asked;
    long admitted;
    long refused;
    long failed;

    /**
     * What its callers do.
     *
     * @param meanMicros between two requests
     * @param busyMicros the longest that a request takes
     * @param onMicros for so long they ask, and as long again they do not; 0 for always
     */
    record Load(
            Function<Amounts, List<Claim>> claims,
            long meanMicros,
            long busyMicros,
            long onMicros,
            long maxNanoUsd) {}

    SimSidecar(SimWorld world, Load load, SimLink link, LeasedLedger.@Nullable Tally leased) {
        this.time = world.time;
        this.random = world.random;
        this.truth = world.truth;
        this.load = load;
        this.name = "s" + world.sidecars.size();
        this.link = link;
        this.skewMicros = random.nextLong(2 * MAX_SKEW_MICROS) - MAX_SKEW_MICROS;
        link.inbox = this::whenAwake;
        link.outbox = this::unlessPaused;
        link.served = grant -> truth.admitted(grant, this);
        link.givenBack = grant -> truth.ended(grant, Amounts.NOTHING);
        this.ledger =
                leased == null
                        ? link
                        : new LeasedLedger(link, this, name, SimLink.DEADLINE_MILLIS, leased);
    }

    /** Asks until this moment. */
    void start(long untilMicros) {
        long gap = 1 + random.nextLong(2 * load.meanMicros());
        own(
                gap,
                () -> {
                    if (!leaving && time.micros() < untilMicros) {
                        if (load.onMicros() == 0 || time.micros() / load.onMicros() % 2 == 0) {
                            request();
                        }
                        start(untilMicros);
                    }
                });
    }

    private void request() {
        long most = 1 + random.nextLong(load.maxNanoUsd());
        Amounts amounts = new Amounts(1, 10 + random.nextInt(90), random.nextInt(400), most);
        Stretch stretch =
                random.nextInt(3) == 0 ? new Stretch(1 + most / 4, 1 + most / 20) : Stretch.NONE;
        String id = name + "-" + asked++;
        List<Claim> claims = load.claims().apply(amounts);
        reserve(new Reservation(id, claims, TTL_MILLIS, stretch, Reservation.NOW), amounts);
    }

    private void reserve(Reservation wish, Amounts amounts) {
        ledger.reserve(wish)
                .onSuccess(d -> {
                    if (dead) {
                        return;
                    }
                    switch (d) {
                        case Decision.Granted grant -> admitted(grant, amounts);
                        case Decision.Refused no -> refused++;
                    }
                })
                .onFailure(e -> {
                    failed++;
                    if (!(e instanceof LedgerUnavailableException)) {
                        throw new AssertionError(e);
                    }
                });
    }

    private void admitted(Decision.Granted grant, Amounts asked) {
        admitted++;
        truth.admitted(grant, this);
        open.put(grant.reservation().id(), grant);
        long lasts = 1_000 + random.nextLong(load.busyMicros());
        own(lasts, () -> end(grant, actual(asked, money(grant))));
        boolean first = grant.reservation().admittedMillis() == Reservation.NOW;
        if (first && random.nextInt(5) == 0) {
            own(lasts / 2, () -> extend(grant));
        }
    }

    /** A stream that goes on takes more money, in the window in which it was admitted. */
    private void extend(Decision.Granted grant) {
        Amounts more = new Amounts(0, 0, 0, 1 + random.nextLong(load.maxNanoUsd()));
        List<Claim> claims =
                load.claims().apply(more).stream()
                        .filter(c -> c.meter() instanceof Meter.Spend)
                        .toList();
        if (!claims.isEmpty()) {
            String id = grant.reservation().id() + "-more";
            reserve(new Reservation(id, claims, TTL_MILLIS, Stretch.NONE, grant.atMillis()), more);
        }
    }

    private static long money(Decision.Granted grant) {
        return grant.standings().stream()
                .map(Standing::claim)
                .filter(c -> c.meter() instanceof Meter.Spend)
                .mapToLong(Claim::amount)
                .max()
                .orElse(0);
    }

    private Amounts actual(Amounts asked, long nanoUsd) {
        if (random.nextInt(20) == 0) {
            return Amounts.NOTHING;
        }
        return new Amounts(
                asked.requests(),
                asked.inputTokens(),
                random.nextLong(asked.outputTokens() + 1),
                random.nextInt(10) == 0 ? nanoUsd : random.nextLong(nanoUsd / 2 + 1));
    }

    private void end(Decision.Granted grant, Amounts actual) {
        open.remove(grant.reservation().id());
        truth.ended(grant, actual);
        ledger.settle(new Settlement(grant, actual));
    }

    /** Its process is killed; what its requests had reserved, they have used. */
    void crash() {
        dead = true;
        for (Decision.Granted grant : open.values()) {
            truth.ended(grant, new Amounts(1, 0, 0, money(grant)));
        }
        open.clear();
    }

    /** Nothing runs for so long, as when a machine is suspended. */
    void pause(long forMicros) {
        pausedUntilMicros = time.micros() + forMicros;
    }

    /** Takes no more requests, lets those in flight end, closes. */
    void leave() {
        leaving = true;
        closeWhenDone();
    }

    private void closeWhenDone() {
        own(
                100_000,
                () -> {
                    if (open.isEmpty()) {
                        ledger.close();
                    } else {
                        closeWhenDone();
                    }
                });
    }

    boolean isDead() {
        return dead;
    }

    int open() {
        return open.size();
    }

    /** Whether the ledger of this counter was never silent for the life of a lease since then. */
    boolean isConnectedSince(Claim counter, long sinceMicros) {
        return link.isConnectedSince(counter, sinceMicros);
    }

    private void own(long delayMicros, Runnable task) {
        time.after(delayMicros, () -> whenAwake(task));
    }

    private void whenAwake(Runnable task) {
        unlessPaused(() -> {
            if (!dead) {
                task.run();
            }
        });
    }

    private void unlessPaused(Runnable task) {
        if (!dead && time.micros() < pausedUntilMicros) {
            time.at(pausedUntilMicros, () -> unlessPaused(task));
        } else {
            task.run();
        }
    }

    @Override
    public void after(long millis, Runnable task) {
        own(millis * 1_000, task);
    }

    @Override
    public long monotonicMicros() {
        return time.micros() - skewMicros * 7;
    }

    @Override
    public long epochMicros() {
        return time.micros() + skewMicros;
    }
}
