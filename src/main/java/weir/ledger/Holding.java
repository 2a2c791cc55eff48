package weir.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.limit.Meter;
import weir.limit.Standing;

/**
 * One counter as one holder of a lease has it. No clock, no I/O: times are arguments, in
 * microseconds of a clock that only goes forward.
 *
 * <p>What the ledger has granted is in one of three places: {@code used} (gone), {@code busy} (held
 * by requests) or {@code free}. Money and slots that a request did not need go back to {@code
 * free}: the sum stays what the ledger granted. Tokens of a rate do not: a bucket refills meanwhile
 * and has a brim, so only the ledger can say what a returned token is worth. It learns of it as a
 * {@code used} that fell.
 */
final class Holding {
    /** Amounts in reports stay below 2^52. */
    static final long MOST = (1L << 52) - 1;

    /**
     * A lease is taken to end so much before it does, for two clocks that do not run alike: 0.3 %,
     * some thirty times what a bad quartz is off.
     */
    private static final long MARGIN_MICROS = 100_000;

    /** A window's record is kept so long after its end that no clock is still in it. */
    private static final long AFTER_WINDOW_MILLIS = 60_000;

    static final long NEVER = Long.MIN_VALUE / 2;

    /** Before the ledger forgets a holder, with an hour to spare. */
    private static final long STALE_MICROS = Lifetimes.MAX_TTL_MILLIS * 1_000;

    final Agenda agenda = new Agenda();
    final Shortage shortage = new Shortage();
    private final Demand demand = new Demand();
    private Place place;
    private long free;
    private long busy;
    private long used;
    private int open;
    private int generation;
    private boolean ending;
    private long heardMicros = NEVER;
    private Answered.Stand sent = new Answered.Stand(NEVER, 0, 0);
    private long freedSinceSent;
    private @Nullable Answered known;
    private long endMicros = NEVER;

    Holding(Place place) {
        this.place = place;
    }

    /** The counter; its meter may have changed since the holding began. */
    Place place() {
        return place;
    }

    void place(Place newer) {
        place = newer;
    }

    /** How often the ledger has forgotten it: each time it is a new holder. */
    int generation() {
        return generation;
    }

    boolean isMoney() {
        return place.claim().isMoney();
    }

    private boolean isRate() {
        return place.claim().meter() instanceof Meter.Rate;
    }

    /** Whether it has a lease that has not ended. */
    boolean isAlive(Moment now) {
        return now.micros() < endMicros;
    }

    /** Whether the ledger has said how the counter stands. */
    boolean isKnown() {
        return known != null;
    }

    /** What may be handed out now; negative in debt. */
    long free(Moment now) {
        return isAlive(now) ? free : Math.min(0, free);
    }

    /** Whether grants are out that a lease protects, or that may still be corrected. */
    boolean isOpen() {
        return busy > 0 || open > 0;
    }

    /** What there should be to spare, as far as the ledger grants it. */
    long target(Moment now) {
        long granted = ending || known == null ? 0 : known.lease().spareAtMost();
        long wanted = Math.min(demand.wanted(now), granted);
        return wanted < demand.largest() ? 0 : wanted;
    }

    /** How the counter stands; only once {@link #isKnown}. */
    Outlook outlook() {
        Answered last = Objects.requireNonNull(known);
        Standing said = last.lease().standing();
        long usedSince =
                switch (place.claim().meter()) {
                    case Meter.Rate rate -> last.spare() - free;
                    case Meter.Concurrency slots -> busy - last.stand().busy();
                    case Meter.Spend spend -> used - last.stand().used();
                };
        return new Outlook(
                said,
                said.used() + usedSince,
                said.reserved() + (isMoney() ? busy - last.stand().busy() : 0),
                last.others(),
                free);
    }

    /** Hands out an amount; more than is free only where the claim must not be refused. */
    void take(long amount, Moment now) {
        if (amount == 0) {
            return;
        }
        demand.take(amount, now);
        release(-amount);
        if (isRate()) {
            used += amount;
        } else {
            busy += amount;
        }
        agenda.taken(now.micros());
    }

    /** A grant is open that this holding will hear of again. */
    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    /** Ends what {@link #take} took: so much of it was really used. */
    void settle(Use use, Moment now) {
        switch (place.claim().meter()) {
            case Meter.Rate rate -> {
                used -= use.unused();
                release(Math.min(0, use.unused()));
            }
            case Meter.Concurrency slots -> {
                busy -= use.granted();
                release(use.granted());
            }
            case Meter.Spend spend -> {
                busy -= use.granted();
                used += use.actual();
                release(use.unused());
            }
        }
        agenda.settled(now.micros());
    }

    /** Corrects a grant of money that was charged in full. */
    void correct(Use use, Moment now) {
        used -= use.unused();
        release(use.unused());
        agenda.settled(now.micros());
    }

    /** What a grant was for, and what became of it. */
    record Use(long granted, long actual) {
        /** Negative where more was used. */
        long unused() {
            return granted - actual;
        }
    }

    private void release(long amount) {
        free += amount;
        freedSinceSent += amount;
    }

    /**
     * How it stands, to be sent now. What is not asked for is no longer handed out from here on:
     * the ledger may have taken it back already.
     */
    LeaseReport report(long sequence, Need need, Moment now) {
        boolean last = need.waiting() == 0 && mayEnd(now);
        long wanted = need.queued() + (last ? 0 : target(now));
        long spare = Math.min(MOST, Math.max(need.need(), wanted));
        free = Math.min(free, spare);
        freedSinceSent = 0;
        sent = new Answered.Stand(now.micros(), used, busy);
        agenda.sent(now.micros());
        return new LeaseReport(
                place.claim(),
                place.span().startMillis(),
                sequence,
                Math.clamp(used, -MOST, MOST),
                Math.min(busy, MOST),
                spare,
                need.need(),
                need.least(),
                last);
    }

    /** The answer to the last report. */
    void apply(Lease lease) {
        heardMicros = sent.micros();
        known = new Answered(lease, sent);
        free = known.spare() + freedSinceSent - (isRate() ? 0 : known.excess());
        long lives = Lease.MILLIS * 1_000 - MARGIN_MICROS;
        if (isMoney()) {
            lives = Math.min(lives, (place.span().endMillis() - lease.atMillis()) * 1_000);
        }
        endMicros = wasOutside() ? NEVER : sent.micros() + lives;
        agenda.answered();
        shortage.heard(known);
    }

    /** Whether the ledger's time was outside the window when it last answered. */
    boolean wasOutside() {
        return isMoney() && known != null && !place.span().contains(known.lease().atMillis());
    }

    /** Whether the ledger need not hear of this counter again: nothing is held, or will be. */
    private boolean mayEnd(Moment now) {
        if (ending) {
            return busy <= 0;
        }
        if (isOpen()) {
            return false;
        }
        return isMoney() ? isPast(now, AFTER_WINDOW_MILLIS) : demand.isIdle(now);
    }

    /** Whether its window has ended so long ago, or nothing was ever spent in it. */
    private boolean isPast(Moment now, long byMillis) {
        if (known == null) {
            return used == 0 && demand.isIdle(now);
        }
        long ledgerMillis =
                known.lease().atMillis() + (now.micros() - known.stand().micros()) / 1_000;
        return ledgerMillis - byMillis >= place.span().endMillis();
    }

    /**
     * Whether it can be dropped without a word: the ledger knows all and holds nothing for it, or
     * has forgotten it.
     */
    boolean isOver(Moment now) {
        if (!mayEnd(now)) {
            return false;
        }
        boolean forgotten = isMoney() ? isPast(now, Lifetimes.AFTER_WINDOW_MILLIS) : !isAlive(now);
        return forgotten || (agenda.isClean() && free <= 0);
    }

    /** Gives everything back that requests do not hold, and asks for no more. */
    void end(Moment now) {
        ending = true;
        agenda.hurry(now.micros());
    }

    /** When to report next without being asked, in microseconds; now or earlier for at once. */
    long dueMicros(Moment now) {
        boolean alive = isAlive(now);
        return agenda.dueMicros(
                new Agenda.State(
                        alive || isMoney() ? free : 0,
                        alive ? target(now) : 0,
                        isOpen() || (alive && free != 0),
                        isMoney()));
    }

    /**
     * To be told before a report: where the ledger has not answered for so long that it may have
     * forgotten this holder, it becomes a new one, and what was acknowledged is past.
     */
    void beginAnewIfForgotten(Moment now) {
        if (heardMicros == NEVER) {
            heardMicros = now.micros();
        }
        if (now.micros() - heardMicros < STALE_MICROS) {
            return;
        }
        heardMicros = now.micros();
        generation++;
        used -= known == null ? 0 : known.stand().used();
        known = null;
        free = 0;
        endMicros = NEVER;
        sent = new Answered.Stand(sent.micros(), used, busy);
    }
}
