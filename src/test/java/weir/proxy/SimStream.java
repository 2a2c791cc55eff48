package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.AsyncResult;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import weir.ledger.Decision;
import weir.ledger.Ledger;
import weir.ledger.LedgerUnavailableException;
import weir.ledger.Reservation;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.provider.Peek;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * One streamed call without its wire: the plan, hold, slices and charge of {@link Journey} and
 * {@link Tee}, a model that makes tokens, and a caller who comes again after a moment where others
 * hold the rest.
 */
final class SimStream implements Slices.Events {
    private static final long TTL_MILLIS = 600_000;
    private static final long RETRY_MILLIS = 50;

    /** Below the guard, as {@link Slices} supposes. */
    private static final int MOST_TOKENS_AT_ONCE = 10;

    private static final int MOST_BYTES_A_TOKEN = 6;
    private static final int MOST_MILLIS_BETWEEN = 100;

    private final StreamSimulation world;
    private final Ledger ledger;
    private final String id;
    private final Peek peek;
    private Demand demand;
    private long tokens;
    private @Nullable Hold hold;
    private @Nullable Slices slices;
    private long held;
    private long made;
    private long bytes;

    /** Bytes of each chunk that the sidecar has not read. */
    private final Queue<Long> onTheWay = new ArrayDeque<>();

    private int tries;
    private boolean paused;
    private boolean over;

    /**
     * A call that nobody has decided.
     *
     * @param tokens what the model would answer, if it were let
     */
    SimStream(StreamSimulation world, Ledger ledger, String id, Peek peek, long tokens) {
        this.world = world;
        this.ledger = ledger;
        this.id = id;
        this.peek = peek;
        this.tokens = tokens;
        this.demand = world.demand(peek);
    }

    void begin() {
        Reservation wish =
                new Reservation(
                        id + "." + tries++,
                        demand.claims(),
                        TTL_MILLIS,
                        demand.plan().stretch(),
                        Reservation.NOW);
        ledger.reserve(wish).onComplete(answer -> guarded(() -> decided(answer)));
    }

    private void decided(AsyncResult<Decision> answer) {
        if (answer.failed()) {
            failed(answer.cause());
            world.after(RETRY_MILLIS, this::begin);
            return;
        }
        switch (answer.result()) {
            case Decision.Granted granted -> admitted(granted);
            case Decision.Refused no -> {
                Refusal.Limited refusal = Refusal.Limited.of(no.standings());
                if (refusal.reason() == Reason.BUDGET_RESERVED) {
                    world.after(RETRY_MILLIS, this::begin);
                } else {
                    world.refused++;
                }
            }
        }
    }

    private void admitted(Decision.Granted granted) {
        Hold mine = new Hold(ledger, granted);
        hold = mine;
        held = mine.nanoUsd();
        world.admitted(held);
        demand = demand.admitted(mine);
        tokens = Math.min(tokens, demand.clampedTo().orElse(demand.most().outputTokens()));
        if (demand.plan() instanceof Plan.Slices plan) {
            slices = new Slices(mine, plan.tariff(), world, this);
        }
        world.pays(cost(0));
        more();
    }

    private void more() {
        world.after(1 + world.random.nextInt(MOST_MILLIS_BETWEEN), () -> guarded(this::make));
    }

    private void make() {
        if (over) {
            return;
        }
        long now = Math.min(tokens - made, 1 + world.random.nextInt(MOST_TOKENS_AT_ONCE));
        bill(now);
        onTheWay.add(now * (1 + world.random.nextInt(MOST_BYTES_A_TOKEN)));
        read();
        if (made < tokens) {
            more();
        }
    }

    private void read() {
        while (!over && !paused && !onTheWay.isEmpty()) {
            bytes += onTheWay.remove();
            if (onTheWay.isEmpty() && made == tokens) {
                world.whole++;
                List<UsageLine> lines =
                        List.of(new UsageLine(peek.model(), usage(made), List.of()));
                end(new UsageReport(lines, true, bytes));
            } else if (slices != null) {
                slices.passed(bytes);
            }
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        world.after(1, () -> guarded(this::read));
    }

    /** The provider has made so many tokens more, and wants its money. */
    private void bill(long more) {
        long before = cost(made);
        made += more;
        world.pays(cost(made) - before);
        assertTrue(cost(made) <= held, () -> id + " made more than its " + held);
    }

    private Usage usage(long outputTokens) {
        return Usage.ofTokens(StreamSimulation.INPUT_TOKENS, outputTokens);
    }

    private long cost(long outputTokens) {
        return world.price.costNanoUsd(usage(outputTokens), List.of());
    }

    /** Cut off; what the provider makes before it notices is billed as well. */
    @Override
    public void usedUp(String limit) {
        bill(Math.min(tokens - made, world.random.nextLong(Plan.GUARD_TOKENS + 1)));
        world.cut++;
        end(new UsageReport(List.of(), false, Charge.seen(bytes, demand, peek, true)));
    }

    private void end(UsageReport report) {
        over = true;
        if (slices != null) {
            slices.end();
        }
        Charge charge = Charge.of(report, demand, peek, world.shelf, Instant.EPOCH);
        long nanoUsd = charge.amounts().nanoUsd();
        assertTrue(
                cost(made) <= nanoUsd && nanoUsd <= held, () -> id + " of " + held + ": " + charge);
        if (hold != null) {
            world.ended(held, nanoUsd);
            hold.settle(charge.amounts());
        }
    }

    @Override
    public void told(List<Standing> standings) {}

    @Override
    public void granted(long nanoUsd) {
        world.holds(nanoUsd - held);
        held = nanoUsd;
        demand = demand.granted(nanoUsd);
    }

    @Override
    public void failed(Throwable cause) {
        if (!(cause instanceof LedgerUnavailableException)) {
            throw new AssertionError(id, cause);
        }
    }

    @Override
    public void guarded(Runnable step) {
        step.run();
        world.check();
    }
}
