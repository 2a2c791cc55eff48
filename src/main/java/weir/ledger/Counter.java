package weir.ledger;

import weir.ledger.Reservation.Stretch;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/** One counter of the in-process ledger; not safe for concurrent use. */
sealed interface Counter permits Counter.Rate, Counter.Slots, SpendCounter {
    /** Tells the time; every other method expects that. */
    void tell(long nowMicros);

    /** Ends what is overdue; verdicts and standings expect that. */
    void expire();

    Verdict verdict(Claim claim, Stretch stretch);

    /** How much of a claim that fits, or that is in shadow mode, would be granted. */
    default long grants(Claim claim, Stretch stretch) {
        return claim.amount();
    }

    /** Somebody was refused: holders of leases, if there are any, are asked for what they have. */
    void recall();

    /** Takes a claim that fits, or that is in shadow mode; never one for nothing. */
    void take(Claim claim, String id, long deadlineMillis);

    Standing standing(Place place, Verdict verdict);

    /** Corrects what {@link #take} took. */
    void settle(Standing granted, String id, long actual);

    /** Brings a holder's lease in line with its report. */
    Lease sync(Place place, String holder, LeaseReport report);

    /** Whether nothing would be lost if the counter were made anew. */
    boolean isIdle();

    static Counter create(Place place, long nowMicros) {
        Counter counter =
                switch (place.claim().meter()) {
                    case Meter.Rate rate -> new Rate(rate, nowMicros);
                    case Meter.Concurrency slots -> new Slots();
                    case Meter.Spend spend -> new SpendCounter(place.span());
                };
        counter.tell(nowMicros);
        return counter;
    }

    /**
     * A token bucket. Its key holds its law, so the law never changes under it. What is leased has
     * left the bucket and still takes up room in it: level and leases together never exceed the
     * capacity, so that no interval sees more than the capacity and what refilled in it.
     */
    final class Rate implements Counter {
        private final Meter.Rate meter;
        private final Bucket bucket;
        private final Leases leases = new Leases();
        private final Deadlines ends = new Deadlines();
        private Bucket.State state;

        Rate(Meter.Rate meter, long nowMicros) {
            this.meter = meter;
            this.bucket = meter.bucket();
            this.state = bucket.full(nowMicros);
        }

        @Override
        public void tell(long nowMicros) {
            state = bucket.refill(state, nowMicros);
            cap();
        }

        private void cap() {
            long most = bucket.capacityUnits() - leases.out() * bucket.unitsPerToken();
            if (state.levelUnits() > most) {
                state = new Bucket.State(most, state.atMicros());
            }
        }

        /** A lease that ends without a word is gone: its tokens refill by themselves. */
        @Override
        public void expire() {
            for (int i = 0; i < Lifetimes.OVERDUE_AT_ONCE; i++) {
                String holder = ends.pollOverdue(nowMillis());
                if (holder == null) {
                    return;
                }
                leases.forget(holder);
            }
        }

        private long nowMillis() {
            return state.atMicros() / 1_000;
        }

        @Override
        public Verdict verdict(Claim claim, Stretch stretch) {
            return meter.verdict(state, claim.amount());
        }

        @Override
        public void recall() {
            leases.recall(nowMillis());
        }

        /** A limit in shadow mode that is short gives what it has and makes no debt. */
        @Override
        public void take(Claim claim, String id, long deadlineMillis) {
            state =
                    meter.verdict(state, claim.amount()) == Verdict.FITS
                            ? bucket.take(state, claim.amount())
                            : new Bucket.State(Math.min(state.levelUnits(), 0), state.atMicros());
        }

        @Override
        public Standing standing(Place place, Verdict verdict) {
            return Standings.rate(place.claim(), meter, state, leases.out(), verdict);
        }

        @Override
        public void settle(Standing granted, String id, long actual) {
            if (granted.verdict() == Verdict.FITS) {
                state = bucket.take(state, actual - granted.claim().amount());
                cap();
            }
        }

        /**
         * What a holder has used beyond its lease is owed by the bucket. A holder that is not known
         * (any more) begins anew: what it had is gone already.
         */
        @Override
        public Lease sync(Place place, String holder, LeaseReport report) {
            Leases.Held held = leases.of(holder);
            if (leases.knows(holder) && report.sequence() <= held.sequence()) {
                return lease(place, held, 0, Verdict.FITS);
            }
            long more = leases.knows(holder) ? report.used() - held.used() : 0;
            long kept = held.amount() - more;
            leases.forget(holder);
            if (kept < 0) {
                state = bucket.take(state, -kept);
                kept = 0;
            }
            long room = kept + bucket.leftTokens(state);
            int holders = leases.holders() + 1;
            Slicing slice = Slicing.of(report, room, holders, leases.supply(nowMillis()), false);
            long amount = slice.amount(report, kept);
            leases.put(holder, new Leases.Held(report.sequence(), amount, 0, report.used(), 0));
            state = bucket.take(state, amount - kept);
            cap();
            end(holder, report);
            if (!slice.covers(report) && leases.out() > amount) {
                recall();
            }
            return lease(place, leases.of(holder), slice.spareAtMost(), verdict(report, slice));
        }

        private void end(String holder, LeaseReport report) {
            if (report.last()) {
                leases.forget(holder);
                ends.remove(holder);
            } else {
                ends.put(holder, nowMillis() + Lease.MILLIS);
            }
        }

        private Verdict verdict(LeaseReport report, Slicing slice) {
            if (slice.covers(report)) {
                return Verdict.FITS;
            }
            return report.need() > bucket.capacityTokens() ? Verdict.TOO_LARGE : Verdict.SHORT;
        }

        private Lease lease(Place place, Leases.Held held, long spareAtMost, Verdict verdict) {
            return new Lease(
                    held.amount(),
                    spareAtMost,
                    leases.holders(),
                    nowMillis(),
                    standing(place, verdict));
        }

        @Override
        public boolean isIdle() {
            return bucket.microsToFull(state) == 0 && leases.isEmpty();
        }
    }

    /** Requests in flight, each with the time by which it must have ended. */
    final class Slots implements Counter {
        private final Deadlines inFlight = new Deadlines();
        private final Leases leases = new Leases();
        private final Deadlines ends = new Deadlines();
        private long nowMillis;

        @Override
        public void tell(long nowMicros) {
            nowMillis = nowMicros / 1_000;
        }

        /** A lease that ends without a word leaves its slots to others: nobody holds them open. */
        @Override
        public void expire() {
            boolean more = true;
            while (more) {
                String holder = ends.pollOverdue(nowMillis);
                if (holder != null) {
                    leases.forget(holder);
                }
                more = inFlight.pollOverdue(nowMillis) != null || holder != null;
            }
        }

        private long taken() {
            return inFlight.size() + leases.out();
        }

        @Override
        public Verdict verdict(Claim claim, Stretch stretch) {
            return ((Meter.Concurrency) claim.meter()).verdict(taken(), claim.amount());
        }

        @Override
        public void recall() {
            leases.recall(nowMillis);
        }

        @Override
        public void take(Claim claim, String id, long deadlineMillis) {
            inFlight.put(id, deadlineMillis);
        }

        @Override
        public Standing standing(Place place, Verdict verdict) {
            Claim claim = place.claim();
            long empty = leases.out() - leases.busy();
            return Standings.concurrency(claim, taken() - empty, verdict, empty);
        }

        @Override
        public void settle(Standing granted, String id, long actual) {
            inFlight.remove(id);
        }

        @Override
        public Lease sync(Place place, String holder, LeaseReport report) {
            Leases.Held held = leases.of(holder);
            if (leases.knows(holder) && report.sequence() <= held.sequence()) {
                return lease(place, held, 0, Verdict.FITS);
            }
            leases.forget(holder);
            long max = ((Meter.Concurrency) place.claim().meter()).max();
            long room = max - taken() - report.busy();
            int holders = leases.holders() + 1;
            Slicing slice = Slicing.of(report, room, holders, leases.supply(nowMillis), false);
            long amount = slice.amount(report, held.amount());
            leases.put(holder, new Leases.Held(report.sequence(), amount, report.busy(), 0, 0));
            if (report.last()) {
                leases.forget(holder);
                ends.remove(holder);
            } else {
                ends.put(holder, nowMillis + Lease.MILLIS);
            }
            if (!slice.covers(report) && leases.out() > amount) {
                recall();
            }
            Verdict verdict = slice.covers(report) ? Verdict.FITS : Verdict.SHORT;
            return lease(place, leases.of(holder), slice.spareAtMost(), verdict);
        }

        private Lease lease(Place place, Leases.Held held, long spareAtMost, Verdict verdict) {
            return new Lease(
                    held.amount(),
                    spareAtMost,
                    leases.holders(),
                    nowMillis,
                    standing(place, verdict));
        }

        @Override
        public boolean isIdle() {
            expire();
            return inFlight.size() == 0 && leases.isEmpty();
        }
    }
}
