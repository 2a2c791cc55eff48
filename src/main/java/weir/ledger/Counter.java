package weir.ledger;

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

    Verdict verdict(Claim claim);

    /** Takes a claim that fits, or that is in shadow mode; never one for nothing. */
    void take(Claim claim, String id, long deadlineMillis);

    Standing standing(Place place, Verdict verdict);

    /** Corrects what {@link #take} took. */
    void settle(Standing granted, String id, long actual);

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

    /** A token bucket. Its key holds its law, so the law never changes under it. */
    final class Rate implements Counter {
        private final Meter.Rate meter;
        private Bucket.State state;

        Rate(Meter.Rate meter, long nowMicros) {
            this.meter = meter;
            this.state = meter.bucket().full(nowMicros);
        }

        @Override
        public void tell(long nowMicros) {
            state = meter.bucket().refill(state, nowMicros);
        }

        @Override
        public void expire() {
            // A bucket holds nothing that could be overdue.
        }

        @Override
        public Verdict verdict(Claim claim) {
            return meter.verdict(state, claim.amount());
        }

        /** A limit in shadow mode that is short gives what it has and makes no debt. */
        @Override
        public void take(Claim claim, String id, long deadlineMillis) {
            state =
                    verdict(claim) == Verdict.FITS
                            ? meter.bucket().take(state, claim.amount())
                            : new Bucket.State(Math.min(state.levelUnits(), 0), state.atMicros());
        }

        @Override
        public Standing standing(Place place, Verdict verdict) {
            return Standings.rate(place.claim(), meter, state, verdict);
        }

        @Override
        public void settle(Standing granted, String id, long actual) {
            if (granted.verdict() == Verdict.FITS) {
                state = meter.bucket().take(state, actual - granted.claim().amount());
            }
        }

        @Override
        public boolean isIdle() {
            return meter.bucket().microsToFull(state) == 0;
        }
    }

    /** Requests in flight, each with the time by which it must have ended. */
    final class Slots implements Counter {
        private final Deadlines inFlight = new Deadlines();
        private long nowMillis;

        @Override
        public void tell(long nowMicros) {
            nowMillis = nowMicros / 1_000;
        }

        @Override
        public void expire() {
            boolean more = true;
            while (more) {
                more = inFlight.pollOverdue(nowMillis) != null;
            }
        }

        @Override
        public Verdict verdict(Claim claim) {
            return ((Meter.Concurrency) claim.meter()).verdict(inFlight.size(), claim.amount());
        }

        @Override
        public void take(Claim claim, String id, long deadlineMillis) {
            inFlight.put(id, deadlineMillis);
        }

        @Override
        public Standing standing(Place place, Verdict verdict) {
            Claim claim = place.claim();
            Meter.Concurrency meter = (Meter.Concurrency) claim.meter();
            return Standings.concurrency(claim, meter, inFlight.size(), verdict);
        }

        @Override
        public void settle(Standing granted, String id, long actual) {
            inFlight.remove(id);
        }

        @Override
        public boolean isIdle() {
            expire();
            return inFlight.size() == 0;
        }
    }
}
