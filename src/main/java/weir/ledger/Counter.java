package weir.ledger;

import java.util.List;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/** One counter of the in-process ledger; not safe for concurrent use. */
sealed interface Counter permits RateCounter, SlotCounter, SpendCounter {
    /** Brings the counter to the present; every other method expects that. */
    void tell(long nowMicros);

    /** Ends what is overdue; verdicts and standings expect that. */
    void expire();

    Verdict verdict(Claim claim, Stretch stretch);

    /** How much of a claim that fits, or that is in shadow mode, would be granted. */
    default long grants(Claim claim, Stretch stretch) {
        return claim.amount();
    }

    /** Somebody was refused, who waits: holders of leases are asked for what they can spare. */
    void recall();

    /** Takes a claim that fits, or that is in shadow mode; never one for nothing. */
    void take(Claim claim, String id, long deadlineMillis);

    Standing standing(Place place, Verdict verdict);

    /** Corrects what {@link #take} took. */
    void settle(Standing granted, String id, long actual);

    /** Brings a holder's lease in line with its report. */
    Lease sync(Place place, String holder, LeaseReport report);

    /** The leases that are not empty. */
    List<Reading.Holder> holders();

    /** Whether nothing would be lost if the counter were made anew. */
    boolean isIdle();

    /** Whether what holders give back could help who was told this. */
    static boolean recalls(Verdict verdict) {
        return verdict == Verdict.SHORT || verdict == Verdict.RESERVED;
    }

    static Counter create(Place place, long nowMicros) {
        Counter counter =
                switch (place.claim().meter()) {
                    case Meter.Rate rate -> new RateCounter(rate, nowMicros);
                    case Meter.Concurrency slots -> new SlotCounter();
                    case Meter.Spend spend -> new SpendCounter(place.span());
                };
        counter.tell(nowMicros);
        return counter;
    }
}
