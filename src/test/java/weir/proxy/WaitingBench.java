package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import weir.key.Caller;
import weir.ledger.Decision;
import weir.ledger.InProcessLedger;
import weir.ledger.Reservation;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Standing;
import weir.limit.Subject;
import weir.limit.Unit;

/** A waiting room before a real ledger, under a clock that the test moves. */
final class WaitingBench {
    private static final long SECOND_MICROS = 1_000_000;

    /** A clock with alarms: time passes only here. */
    static final class Clock implements Alarm {
        private record Ring(long atMicros, long order, Runnable ring) {}

        private final Queue<Ring> rings =
                new PriorityQueue<>((a, b) ->
                        a.atMicros() == b.atMicros()
                                ? Long.compare(a.order(), b.order())
                                : Long.compare(a.atMicros(), b.atMicros()));
        private long nowMicros = 1_800_000_000_000_000L;
        private long order;

        @Override
        public Runnable set(long millis, Runnable ring) {
            Ring one = new Ring(nowMicros + millis * 1_000, order++, ring);
            rings.add(one);
            return () -> rings.remove(one);
        }

        void pass(long millis) {
            long end = nowMicros + millis * 1_000;
            while (!rings.isEmpty() && rings.element().atMicros() <= end) {
                Ring next = rings.remove();
                nowMicros = next.atMicros();
                next.ring().run();
            }
            nowMicros = end;
        }
    }

    final Clock clock = new Clock();
    final InProcessLedger ledger = new InProcessLedger(() -> clock.nowMicros);
    private final List<Long> changes = new ArrayList<>();
    final WaitingRoom room =
            new WaitingRoom(ledger, clock, () -> clock.nowMicros * 1_000, changes::add);
    final List<String> told = new ArrayList<>();
    final Map<String, Decision.Granted> grants = new HashMap<>();
    private final Map<String, Decision.Refused> refusals = new HashMap<>();

    static Limit limit(String name, long waitMillis, Meter... meters) {
        Policy d = Policy.DEFAULT;
        Policy policy =
                new Policy(
                        waitMillis,
                        List.of(),
                        d.whenLedgerIsDown(),
                        false,
                        d.unpriced(),
                        0,
                        d.unseenInput(),
                        d.onExhausted());
        return new Limit(name, Match.ALL, List.of(), List.of(meters), policy);
    }

    static Limit perKey(Limit limit) {
        List<Dimension> key = List.of(new Dimension(Dimension.Source.KEY, ""));
        return new Limit(limit.name(), limit.match(), key, limit.meters(), limit.policy());
    }

    /** So many a second, all at once at first. */
    static Meter rate(Unit unit, long perSecond) {
        return new Meter.Rate(unit, new Bucket(perSecond, SECOND_MICROS, perSecond));
    }

    Visitor call(String id, String key, long tokens, Limit... limits) {
        return call(id, new Caller(key, "t", Map.of(), List.of(), List.of(), 1), tokens, limits);
    }

    Visitor call(String id, Caller caller, long tokens, Limit... limits) {
        String key = caller.key();
        Subject subject = new Subject("p", "m", List.of("m"), "t", key, "c", Map.of(), h -> "");
        List<Claim> claims = Claim.of(List.of(limits), subject, new Amounts(1, tokens, 0, 0));
        Visitor visitor = room.admit(new Reservation(id, claims, 60_000), caller);
        visitor.decision()
                .onSuccess(decision -> {
                    switch (decision) {
                        case Decision.Granted yes -> grants.put(id, yes);
                        case Decision.Refused no -> refusals.put(id, no);
                    }
                    told.add(decision instanceof Decision.Granted ? id : "no " + id);
                });
        return visitor;
    }

    Decision.Granted grant(String id) {
        return Objects.requireNonNull(grants.get(id), id);
    }

    Standing refusal(String id) {
        return Objects.requireNonNull(refusals.get(id), id).standings().getFirst();
    }

    void end(String id) {
        end(id, 0);
    }

    void end(String id, long tokens) {
        Decision.Granted grant = grant(id);
        ledger.settle(new Settlement(grant, new Amounts(1, tokens, 0, 0)));
        room.freed(grant.standings());
    }

    List<String> toldOnly() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    void assertNobodyWaits() {
        assertEquals(0, room.waiting());
        assertEquals(0, room.lines(), "a line is forgotten with its last visitor");
        assertEquals(0, changes.stream().mapToLong(Long::longValue).sum());
        assertEquals(0, clock.rings.size(), "no alarm is left behind");
    }
}
